// What was decided and perhaps never sent is sent again, and nothing else.

import { describe, expect, it } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { resumeJobs } from '../../../src/control/resume-jobs.ts';
import { stopRig } from '../../../src/control/stop-rig.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import { jobId, launchJob } from '../../../src/rig/job.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, aReport, noon } from '../../support/a-rig.ts';
import { aHold, aPatience } from '../../support/policies.ts';

const withRig = async () => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
  const [first] = desk.sent.splice(0);
  return { ...desk, first, resume: () => resumeJobs(desk.ports, aPolicy().deadline) };
};

describe('resuming', () => {
  it('leaves a young decision to the bot that took it', async () => {
    const desk = await withRig();
    desk.clock.now = noon + 5 * second - 1;
    await desk.resume();
    expect(desk.sent).toEqual([]);
  });

  it('sends the launch of a placed rig again: the very same job, with the very same deadline', async () => {
    const desk = await withRig();
    desk.clock.now = noon + 5 * second;
    await desk.resume();
    expect(desk.sent).toEqual([desk.first]);
    expect(desk.sent[0]?.job).toEqual(launchJob(await desk.rigOf('rig1'), noon + 10 * minute));
  });

  it('sends the stop of a stopping rig again, and its launch no more', async () => {
    const desk = await withRig();
    await stopRig(desk.ports, { name: 'demo' }, anna);
    const [stop] = desk.sent.splice(0);
    desk.clock.now = noon + minute;
    await desk.resume();
    expect(desk.sent).toEqual([stop]);
    expect(desk.sent.map(({ job }) => jobId(job))).toEqual(['stop-rig1-1-1']);
  });

  it('has nothing to do with a rig that is running', async () => {
    const desk = await withRig();
    await desk.put('rig1', { kind: 'running', since: noon });
    desk.clock.now = noon + minute;
    await desk.resume();
    expect(desk.sent).toEqual([]);
  });

  it('sends the launch of one that is starting again, whose job another registry may have decided', async () => {
    const desk = await withRig();
    await desk.put('rig1', { kind: 'starting', since: noon + second, phase: { kind: 'booting' } });
    desk.clock.now = noon + hour;
    await desk.resume();
    // The queue ignores the one that it has; nothing is ever given up here, since a container may be there.
    expect(desk.sent.map(({ job }) => jobId(job))).toEqual(['launch-rig1-1-1']);
    expect((await desk.rigOf('rig1')).state.kind).toBe('starting');
  });

  it('looks first where it was placed under another registry, or taken in from its host', async () => {
    for (const isNewRegistry of [true, false]) {
      const desk = await withRig();
      if (isNewRegistry) {
        desk.clock.now = noon + second;
        await desk.registry.epochs.look({ seen: undefined });
      } else {
        await desk.put('rig1', { kind: 'placed', since: noon + second });
      }
      desk.clock.now = noon + 10 * minute + 6 * second;
      await desk.resume();
      expect((await desk.rigOf('rig1')).state.kind).toBe('stopping');
      expect(desk.sent.at(-1)?.job).toMatchObject({ kind: 'stop', rig: 'rig1' });
    }
  });

  it('gives up on a launch that no worker has begun by its deadline, says so, and gives all of it back', async () => {
    const desk = await withRig();
    desk.clock.now = noon + 10 * minute + 5 * second - 1;
    await desk.resume();
    expect((await desk.rigOf('rig1')).state.kind).toBe('placed');
    desk.clock.now += 1;
    await desk.resume();
    expect((await desk.rigOf('rig1')).state).toMatchObject({ kind: 'failed', reason: { kind: 'too-late' } });
    expect(
      await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', request: 'again' })),
    ).toMatchObject({
      kind: 'launched',
    });
  });

  it('looks first where the queue may have forgotten that the launch was done', async () => {
    const desk = await withRig();
    desk.clock.now = noon + 30 * minute;
    await desk.resume();
    expect((await desk.rigOf('rig1')).state.kind).toBe('stopping');
    expect(desk.sent.at(-1)).toMatchObject({ host: 'h1', job: { kind: 'stop', rig: 'rig1', generation: 1 } });
  });

  it('leaves a launch to the worker that has begun it, however late that is', async () => {
    const desk = await withRig();
    desk.queue.begun.push('launch-rig1-1-1');
    desk.clock.now = noon + 60 * minute;
    await desk.resume();
    expect((await desk.rigOf('rig1')).state.kind).toBe('placed');
  });

  it('has nothing to do with one that ended', async () => {
    const desk = await withRig();
    await desk.put('rig1', { kind: 'stopped', since: noon, reason: { kind: 'asked', by: anna } }, true);
    desk.clock.now = noon + minute;
    await desk.resume();
    expect(desk.sent).toEqual([]);
  });

  it('while the queue is down throws, so that the next pass tries again', async () => {
    const desk = await withRig();
    desk.clock.now = noon + minute;
    desk.queue.isDown = true;
    await expect(desk.resume()).rejects.toThrow('does not answer');
    desk.queue.isDown = false;
    await desk.resume();
    expect(desk.sent).toEqual([desk.first]);
  });

  describe('one that crashed', () => {
    const crash = {
      reason: { kind: 'died', exitCode: 1, outOfMemory: false },
      tail: ['last words'],
    } as const;
    const withCrash = async () => {
      const desk = await withRig();
      await desk.put('rig1', { kind: 'crashed', since: noon, crash, until: noon + 10 * minute });
      await desk.news('rig1');
      return desk;
    };

    it('is held as long as it was said, and then given up with all that it held', async () => {
      const desk = await withCrash();
      desk.clock.now = noon + 10 * minute - 1;
      await desk.resume();
      expect((await desk.rigOf('rig1')).state.kind).toBe('crashed');
      desk.clock.now += 1;
      await desk.resume();
      expect((await desk.rigOf('rig1')).state).toMatchObject({ kind: 'failed', reason: crash.reason });
      expect(await desk.news('rig1')).toEqual(['card', 'answered']);
      expect(await desk.registry.fence.claim('rig1')).toBeUndefined();
      expect(await desk.registry.hosts.list()).toMatchObject([{ freeSlots: 100, freeAddresses: 3 }]);
      // Its container is gone already: nobody has to look.
      expect(desk.sent).toEqual([]);
    });

    it('while no bot was there is held from when a bot heard of it', async () => {
      const desk = await withRig();
      await desk.put('rig1', { kind: 'running', since: noon });
      desk.clock.now = noon + 20 * minute;
      const saw = { kind: 'failed', reason: crash.reason, tail: [...crash.tail] } as const;
      await recordReport(desk.ports, aReport(saw, { rig: 'rig1', at: noon + minute }), aPatience);
      const until = desk.clock.now + aHold;
      expect((await desk.rigOf('rig1')).state).toMatchObject({
        kind: 'crashed',
        since: noon + minute,
        until,
      });
      await desk.resume();
      expect((await desk.rigOf('rig1')).state.kind).toBe('crashed');
    });

    it('and was restarted in time is not given up', async () => {
      const desk = await withCrash();
      desk.clock.now = noon + 10 * minute - 1;
      await restartRig(desk.ports, aPolicy(), { name: 'demo' }, undefined, anna);
      desk.clock.now += 1;
      await desk.resume();
      expect((await desk.rigOf('rig1')).state.kind).toBe('placed');
    });
  });

  describe('a restart that no worker came to', () => {
    it('lets go of nothing before its host has looked, and asks it to', async () => {
      const desk = await withRig();
      await desk.put('rig1', { kind: 'running', since: noon });
      await restartRig(desk.ports, aPolicy(), { name: 'demo' }, undefined, anna);
      const [sent] = desk.sent.splice(0);
      desk.clock.now = noon + minute;
      await desk.resume();
      expect(desk.sent.splice(0)).toEqual([sent]);
      desk.clock.now = noon + 10 * minute + 5 * second;
      await desk.resume();
      expect((await desk.rigOf('rig1')).state).toMatchObject({
        kind: 'stopping',
        reason: { kind: 'not-restarted' },
      });
      expect(await desk.registry.fence.claim('rig1')).toMatchObject({ generation: 2, stopping: true });
      expect(desk.sent.at(-1)?.job).toMatchObject({ kind: 'stop', generation: 2 });
      await recordReport(desk.ports, aReport({ kind: 'gone' }, { rig: 'rig1', generation: 2 }), aPatience);
      expect(await desk.registry.rigs.living()).toEqual([]);
    });
  });
});
