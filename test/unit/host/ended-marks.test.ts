// Why a rig ended is noted before its container goes, said once more by whoever finds the note, and thrown away when the registry
// knows.

import { describe, expect, it } from 'vitest';
import type { ChangePorts } from '../../../src/control/change-rig.ts';
import { createReconciler } from '../../../src/control/reconcile.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import { resumeJobs } from '../../../src/control/resume-jobs.ts';
import { takeSurvey } from '../../../src/host/survey.ts';
import type { RigFiles } from '../../../src/ports/rig-files.ts';
import { minute, second } from '../../../src/rig/duration.ts';
import type { Job } from '../../../src/rig/job.ts';
import { type HostChange, openHost, queueDown } from '../../support/a-host.ts';

const hold = 10 * minute;

/** A host and the bot's side of it: what is reported arrives, surveys are taken in, and what that sends is run. */
const openBoth = async (change?: HostChange) => {
  const host = await openHost(change);
  const { registry, log, parts, clock } = host;
  await registry.epochs.look({ seen: undefined });
  const jobs: Job[] = [];
  const ports: ChangePorts = {
    rigs: registry.rigs,
    jobs: {
      send: async (_, job) => void jobs.push(job),
      withdraw: async () => false,
      forgetHost: async () => undefined,
      wakeTeller: async () => undefined,
    },
    clock: registry.clock,
  };
  const { hosts, surveys, epochs, breaker, notices, addresses } = registry;
  const { pass } = createReconciler(
    { ...ports, hosts, surveys, epochs, breaker, notices, addresses, log },
    { grace: 2 * minute, fresh: 90 * second, adoption: minute, hold },
  );
  return {
    host,
    stateOf: async (id: string) => (await registry.rigs.get(id))?.rig.state,
    arrive: async (): Promise<void> => {
      for (const report of host.reports.all.splice(0))
        await recordReport({ ...ports, hosts, log }, report, { hold, deadline: minute });
    },
    giveUp: () => resumeJobs({ ...ports, epochs, log }, minute),
    survey: async (): Promise<readonly string[]> => {
      clock.now += 30 * second;
      await registry.presence.keep('h1', 'session');
      const mirror = { all: async () => undefined };
      await takeSurvey({ ...parts, surveys, mirror }, 'h1', host.isBusy);
      await pass();
      const sent = jobs.splice(0);
      for (const job of sent) await host.run(job);
      return sent.map(({ kind }) => kind);
    },
  };
};

const endedOf = ({ files }: Awaited<ReturnType<typeof openHost>>, rig: string) =>
  files.get(rig)?.ended?.reason;

describe('the note of a launch that failed', () => {
  it('is there before its container goes, without secrets', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const password = host.secrets.password(rig.id, 1);
    host.docker.refuseNext('start', `no: PASSWORD=${password}`);
    const seen: unknown[] = [];
    host.docker.before('remove', () => void seen.push(endedOf(host, rig.id)));
    await host.launch(rig);
    expect(seen).toEqual([{ kind: 'engine', detail: 'no: PASSWORD=(secret)' }]);
  });

  it('makes a job that is run again say the same again, and start nothing', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig, { tag: 'none' });
    // By now there would be an image.
    host.docker.publish('example/wcs:none');
    const before = host.docker.calls.length;
    await host.launch(rig, { tag: 'none' });
    expect(host.docker.calls.slice(before).filter((call) => /^(pull|create|start) /.test(call))).toEqual([]);
    expect(host.reports.all.slice(-2).map(({ saw }) => saw)).toMatchObject([
      { kind: 'failed', reason: { kind: 'no-image' } },
      { kind: 'failed', reason: { kind: 'no-image' } },
    ]);
  });

  it('lets the next generation start', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig, { tag: 'none' });
    await host.launch(await host.restart(rig));
    expect(host.reports.kinds().at(-1)).toBe('ready');
    expect(endedOf(host, rig.id)).toBeUndefined();
  });

  it('goes at the next survey once the registry knows', async () => {
    const { host, arrive, survey, stateOf } = await openBoth();
    const rig = await host.claim();
    await host.launch(rig, { tag: 'none' });
    expect(endedOf(host, rig.id)).toMatchObject({ kind: 'no-image' });
    await arrive();
    expect(await stateOf(rig.id)).toMatchObject({ kind: 'failed' });
    expect(await survey()).toEqual(['stop']);
    expect(host.files.size).toBe(0);
    expect(await survey()).toEqual([]);
  });

  it('tells the registry, if the worker was killed before it could', async () => {
    const { host, survey, stateOf } = await openBoth();
    const rig = await host.claim();
    host.reports.before('failed', queueDown);
    await expect(host.launch(rig, { tag: 'none' })).rejects.toThrow('Redis does not answer');
    await survey();
    expect(await stateOf(rig.id)).toMatchObject({ kind: 'failed', reason: { kind: 'no-image' } });
    await survey();
    expect(host.files.size).toBe(0);
  });
});

describe('the note of a rig that died', () => {
  const withDead = async () => {
    const both = await openBoth();
    const rig = await both.host.claim();
    await both.host.launch(rig);
    await both.arrive();
    await both.host.look();
    both.host.docker.end(both.host.docker.containers()[0]?.id ?? '', 1);
    return { ...both, rig };
  };

  it('is there before its container goes, and stays while it waits for a restart', async () => {
    const { host, rig, arrive, survey, stateOf, giveUp } = await withDead();
    const seen: unknown[] = [];
    host.docker.before('remove', () => void seen.push(endedOf(host, rig.id)?.kind));
    await host.look();
    expect(seen).toEqual(['died']);
    await arrive();
    expect(await survey()).toEqual([]);
    expect(endedOf(host, rig.id)).toMatchObject({ kind: 'died' });
    host.clock.now += hold;
    await giveUp();
    expect(await stateOf(rig.id)).toMatchObject({ kind: 'failed' });
    await survey();
    expect(await survey()).toEqual([]);
    expect(host.files.size).toBe(0);
  });

  it('tells the registry, if the worker was killed before it could', async () => {
    const { host, rig, survey, stateOf } = await withDead();
    host.reports.before('failed', queueDown);
    await expect(host.look()).rejects.toThrow('Redis does not answer');
    await survey();
    expect(await stateOf(rig.id)).toMatchObject({ kind: 'crashed', crash: { reason: { kind: 'died' } } });
  });
});

describe('a disk that is full', () => {
  it('keeps no container that is to go', async () => {
    const disk = { isFull: false, files: new Map() };
    const rigFiles: RigFiles = {
      write: async (file) => {
        if (disk.isFull) throw new Error('ENOSPC: no space left on device');
        disk.files.set(file.rig, file);
      },
      read: async (rig) => disk.files.get(rig),
      all: async () => [...disk.files.values()],
      remove: async (rig) => void disk.files.delete(rig),
    };
    const host = await openHost({ ports: { rigFiles } });
    const rig = await host.claim();
    await host.launch(rig);
    disk.isFull = true;
    host.docker.end(host.docker.containers()[0]?.id ?? '', 1);
    await host.look();
    expect(host.docker.containers()).toEqual([]);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'failed', reason: { kind: 'died' } });
    expect(host.log.lines.join('\n')).toContain('why it ended cannot be noted');
  });
});
