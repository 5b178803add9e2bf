// `logs`: who may ask, of which rigs there is something to say, and what its host is asked.

import { describe, expect, it } from 'vitest';
import { askLog } from '../../../src/control/ask-log.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import { shareRig } from '../../../src/control/share-rig.ts';
import { personOf } from '../../../src/rig/access.ts';
import { minute } from '../../../src/rig/duration.ts';
import { jobId } from '../../../src/rig/job.ts';
import type { RigState } from '../../../src/rig/rig.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, aReport, ben, noon, olga } from '../../support/a-rig.ts';
import { aPatience } from '../../support/policies.ts';

const running: RigState = { kind: 'running', since: noon };
const crash = { reason: { kind: 'removed' }, tail: [] } as const;

const withRig = async (state: RigState = running) => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
  await desk.put('rig1', state);
  await desk.news('rig1');
  desk.sent.length = 0;
  return { ...desk, ask: (by = anna) => askLog(desk.ports, { name: 'demo' }, 50, by) };
};

describe('a question for a log', () => {
  it('goes to its host, with who asked and for how long they wait; each is one of its own', async () => {
    const desk = await withRig();
    expect(await desk.ask()).toMatchObject({ kind: 'asked', rig: { id: 'rig1' } });
    await desk.ask();
    const [first, second] = desk.sent.map(({ job }) => job);
    expect(first).toMatchObject({
      kind: 'log',
      generation: 1,
      lines: 50,
      to: personOf(anna),
      deadline: noon + 2 * minute,
    });
    expect(first && second && jobId(first) === jobId(second)).toBe(false);
    expect(await desk.news('rig1')).toEqual([]);
  });

  it('is for those it is shared with and for admins too, and for nobody else', async () => {
    const desk = await withRig();
    expect(await desk.ask(ben)).toMatchObject({ refusal: { kind: 'not-owner' } });
    await shareRig(desk.ports, { name: 'demo' }, [ben], anna);
    expect((await desk.ask(ben)).kind).toBe('asked');
    expect((await desk.ask(olga)).kind).toBe('asked');
  });

  it.each<RigState>([
    { kind: 'placed', since: noon },
    { kind: 'crashed', since: noon, crash, until: noon + minute },
  ])('about one that is $kind has no answer', async (state) => {
    const desk = await withRig(state);
    expect(await desk.ask()).toMatchObject({ refusal: { kind: 'not-running' } });
    expect(desk.sent).toEqual([]);
  });

  it('about one on a host that is away has no answer now', async () => {
    const desk = await withRig();
    await desk.registry.presence.giveBack('h1', 'session-h1');
    expect(await desk.ask()).toEqual({
      kind: 'refused',
      refusal: { kind: 'host-away', name: 'demo', host: 'h1' },
    });
    expect(desk.sent).toEqual([]);
  });
});

describe('the answer', () => {
  it('is told to whoever asked, whatever became of the rig since', async () => {
    const desk = await withRig();
    await desk.put('rig1', { kind: 'stopped', since: noon, reason: { kind: 'expired' } }, true);
    const saw = { kind: 'log', to: personOf(ben), lines: ['a line'] } as const;
    await recordReport(desk.ports, aReport(saw, { rig: 'rig1', generation: 7 }), aPatience);
    expect(await desk.news('rig1')).toEqual(['log']);
    expect((await desk.rigOf('rig1')).state.kind).toBe('stopped');
  });
});
