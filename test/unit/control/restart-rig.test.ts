// `restart`: a new generation on the same host and address, with the same lease, for those who may act on the rig.

import { describe, expect, it } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { shareRig } from '../../../src/control/share-rig.ts';
import { stopRig } from '../../../src/control/stop-rig.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import { minute } from '../../../src/rig/duration.ts';
import { launchJob } from '../../../src/rig/job.ts';
import type { Sighting } from '../../../src/rig/report.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, aReport, ben, noon, olga } from '../../support/a-rig.ts';
import { aPatience } from '../../support/policies.ts';
import { aRegistration } from '../../support/registries.ts';

const which = { name: 'demo' };
const policy = { tags: undefined, deadline: 10 * minute };
const died: Sighting = {
  kind: 'failed',
  reason: { kind: 'died', exitCode: 137, outOfMemory: true },
  tail: ['last words'],
};

/** One of anna's, up and running on 5.1. */
const withRig = async () => {
  const desk = await openDesk({ name: 'h1' }, { name: 'h2' });
  const launched = await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', tag: '5.1' }));
  if (launched.kind !== 'launched') throw new Error(launched.kind);
  const { host } = launched.rig;
  let generation = 1;
  const report = async (saw: Sighting) =>
    recordReport(desk.ports, aReport(saw, { rig: 'rig1', host, generation, at: desk.clock.now }), aPatience);
  const restart = async (tag?: string, by = anna) => {
    const outcome = await restartRig(desk.ports, policy, which, tag, by);
    if (outcome.kind === 'restarting') generation = outcome.rig.generation;
    return outcome;
  };
  await report({ kind: 'ready' });
  desk.clock.now += minute;
  desk.sent.length = 0;
  await desk.news('rig1');
  return { ...desk, host, report, restart };
};

describe('a restart', () => {
  it('is made with the key that its host has by then', async () => {
    const desk = await withRig();
    await desk.registry.presence.take(
      aRegistration({ name: desk.host, keyId: '0badc0de' }),
      `session-${desk.host}`,
    );
    await desk.restart();
    expect((await desk.rigOf('rig1')).keyId).toBe('0badc0de');
    expect(desk.sent.at(-1)?.job).toMatchObject({ kind: 'launch', keyId: '0badc0de' });
  });

  it('keeps host, address, lease and tag, closes nothing, and asks the host for the next generation', async () => {
    const desk = await withRig();
    const before = await desk.rigOf('rig1');
    const outcome = await desk.restart();
    const after = await desk.rigOf('rig1');
    expect(outcome).toEqual({ kind: 'restarting', rig: after });
    const { host, address, lease, tag, network } = before;
    expect(after).toMatchObject({ host, address, lease, tag, network, generation: 2 });
    expect(after.state).toEqual({ kind: 'placed', since: noon + minute });
    expect(await desk.registry.fence.claim('rig1')).toMatchObject({ generation: 2, stopping: false });
    expect(desk.sent).toEqual([{ host, job: launchJob(after, noon + 11 * minute) }]);
    expect(await desk.news('rig1')).toEqual(['card']);
  });

  it('that was delivered twice is done once, also when it is up again meanwhile', async () => {
    const desk = await withRig();
    const delivered = () => restartRig(desk.ports, policy, which, undefined, anna, 't1');
    expect(await delivered()).toMatchObject({ kind: 'restarting', rig: { generation: 2 } });
    expect(await delivered()).toMatchObject({ kind: 'restarting', rig: { generation: 2 } });
    await recordReport(
      desk.ports,
      aReport({ kind: 'ready' }, { rig: 'rig1', host: desk.host, generation: 2, at: desk.clock.now }),
      aPatience,
    );
    expect(await delivered()).toMatchObject({ kind: 'restarting', rig: { generation: 2 } });
    expect((await desk.rigOf('rig1')).generation).toBe(2);
    expect(desk.sent).toHaveLength(1);
  });

  it('with a tag changes the build', async () => {
    const desk = await withRig();
    expect(await desk.restart('5.2')).toMatchObject({ rig: { tag: '5.2' } });
    expect(desk.sent).toMatchObject([{ job: { tag: '5.2', generation: 2 } }]);
  });

  it('with a tag that nobody may ask for changes nothing', async () => {
    const desk = await withRig();
    const tags = ['5.1', '5.2'];
    expect(await restartRig(desk.ports, { ...policy, tags }, which, '6', anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'unknown-tag', tag: '6', known: tags },
    });
    expect(desk.sent).toEqual([]);
  });

  it('is for those it is shared with and for admins too, and for nobody else', async () => {
    const desk = await withRig();
    expect(await desk.restart(undefined, ben)).toMatchObject({ refusal: { kind: 'not-owner' } });
    await shareRig(desk.ports, which, [ben], anna);
    expect(await desk.restart(undefined, ben)).toMatchObject({ rig: { restarted: { by: { id: ben.id } } } });
    await desk.report({ kind: 'ready' });
    expect(await desk.restart(undefined, olga)).toMatchObject({ rig: { generation: 3 } });
  });

  it('of one that boots says so, and of one that is being stopped', async () => {
    const desk = await withRig();
    await desk.restart();
    expect(await desk.restart()).toMatchObject({
      refusal: { kind: 'not-running', rig: { state: { kind: 'placed' } } },
    });
    await stopRig(desk.ports, which, anna);
    expect(await desk.restart()).toMatchObject({ refusal: { kind: 'already-stopping' } });
  });

  it('by many clicks at once is one', async () => {
    const desk = await withRig();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => desk.restart()));
    expect(outcomes.filter(({ kind }) => kind === 'restarting')).toHaveLength(1);
    expect(desk.sent).toHaveLength(1);
  });

  it('on a host that is away is refused: what runs there runs on', async () => {
    const desk = await withRig();
    await desk.registry.presence.giveBack(desk.host, `session-${desk.host}`);
    expect(await desk.restart()).toEqual({
      kind: 'refused',
      refusal: { kind: 'host-away', name: 'demo', host: desk.host },
    });
    expect(await desk.rigOf('rig1')).toMatchObject({ generation: 1, state: { kind: 'running' } });
  });

  it('whose job cannot be sent is decided all the same, and the person hears that the queue is down', async () => {
    const desk = await withRig();
    desk.queue.isDown = true;
    await expect(desk.restart()).rejects.toThrow(QueueDown);
    expect(await desk.rigOf('rig1')).toMatchObject({ generation: 2 });
  });

  it('makes what is still reported of the generation before an echo', async () => {
    const desk = await withRig();
    await desk.restart();
    for (const saw of [died, { kind: 'gone' }, { kind: 'ready' }] as const) {
      await recordReport(desk.ports, aReport(saw, { rig: 'rig1', generation: 1 }), aPatience);
    }
    expect(await desk.rigOf('rig1')).toMatchObject({ generation: 2, state: { kind: 'placed' } });
  });
});

describe('a restart after a crash', () => {
  it('opens the claim again that the crash had closed, and answers its message', async () => {
    const desk = await withRig();
    await desk.report(died);
    expect(await desk.registry.fence.claim('rig1')).toMatchObject({ generation: 1, stopping: true });
    expect(await desk.news('rig1')).toEqual(['card', 'crashed']);
    expect(await desk.restart()).toMatchObject({ kind: 'restarting', rig: { tag: '5.1' } });
    expect(await desk.registry.fence.claim('rig1')).toMatchObject({ generation: 2, stopping: false });
    expect(await desk.news('rig1')).toEqual(['card', 'answered']);
  });

  it('of a build that never ran goes back to the one that did, unless another is asked for', async () => {
    const desk = await withRig();
    await desk.restart('5.2-broken');
    await desk.report({ kind: 'failed', reason: { kind: 'no-image', reference: 'x', detail: '' }, tail: [] });
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'crashed' }, tag: '5.2-broken' });
    expect(await desk.restart('5.3')).toMatchObject({ rig: { tag: '5.3' } });
    await desk.report(died);
    expect(await desk.restart()).toMatchObject({ rig: { tag: '5.1', generation: 4 } });
    await desk.report({ kind: 'ready' });
    expect(await desk.restart('5.2')).toMatchObject({ rig: { tag: '5.2' } });
    await desk.report({ kind: 'ready' });
    expect(await desk.restart()).toMatchObject({ rig: { tag: '5.2' } });
  });
});
