// Stops and launches of one rig, whatever their order.

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { minute, second } from '../../../src/rig/duration.ts';
import { jobId, lookJob, removeJob, stopJob } from '../../../src/rig/job.ts';
import { openHost, queueDown } from '../../support/a-host.ts';
import { aRig } from '../../support/a-rig.ts';

const containers = ({ docker }: Awaited<ReturnType<typeof openHost>>) => docker.containers();

describe('a stop', () => {
  it('removes the container and its note, looks by id, and says gone', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    await host.stop(rig);
    expect(containers(host)).toEqual([]);
    expect(host.files.size).toBe(0);
    expect(host.reports.all.at(-1)).toMatchObject({ rig: rig.id, generation: 1, saw: { kind: 'gone' } });
  });

  it('of what is not there says gone as well, any number of times', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.stop(rig);
    await host.stop(rig);
    expect(host.reports.kinds()).toEqual(['gone', 'gone']);
  });

  it('ends a pull that nobody else waits for, and says gone once', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const begun = Promise.withResolvers<void>();
    host.docker.silenceRegistry(true);
    host.docker.before('pull', begun.resolve);
    const launch = host.launch(rig);
    await begun.promise;
    await host.change(rig, 'stopping');
    await host.stop(rig);
    await launch;
    expect(host.docker.calls.filter((call) => /^(create|start) /.test(call))).toEqual([]);
    expect(host.reports.kinds().filter((kind) => kind !== 'pulling')).toEqual(['gone']);
  });

  it.each(['create', 'start', 'listeningPorts', 'logTail'] as const)(
    'that comes during %s leaves no container, and its gone is the last word',
    async (method) => {
      const host = await openHost();
      const rig = await host.claim();
      if (method === 'logTail') host.docker.publish('example/wcs:latest', { exits: 1 });
      const begun = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      host.docker.before(method, () => {
        begun.resolve();
        return held.promise;
      });
      const launch = host.launch(rig).catch(() => undefined);
      await begun.promise;
      await host.change(rig, 'stopping');
      const stop = host.stop(rig);
      await turn();
      expect(host.reports.kinds()).not.toContain('gone');
      held.resolve();
      await Promise.all([stop, launch]);
      expect(containers(host)).toEqual([]);
      expect(host.files.size).toBe(0);
      expect(host.reports.kinds().at(-1)).toBe('gone');
    },
  );

  it('before the launch: the launch finds the claim closed and makes nothing', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.change(rig, 'stopping');
    await host.stop(rig);
    await host.launch(rig);
    expect(host.docker.calls.filter((call) => call.startsWith('create '))).toEqual([]);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'superseded' } });
  });

  it('while the engine is away: not gone, tried again until it is', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    host.docker.setDown(true);
    await expect(host.stop(rig)).rejects.toThrow('does not answer');
    expect(host.reports.kinds()).not.toContain('gone');
    host.docker.setDown(false);
    await host.stop(rig);
    expect(host.reports.kinds().at(-1)).toBe('gone');
    expect(containers(host)).toEqual([]);
  });

  it('that finds the container still there after its removal does not say gone', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    const [container] = containers(host);
    host.docker.refuseNext('remove', 'device or resource busy');
    await expect(host.stop(rig)).rejects.toThrow('device or resource busy');
    expect(containers(host)).toEqual([container]);
    expect(host.reports.kinds()).not.toContain('gone');
  });

  it('whose gone is lost with Redis is run again', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    host.reports.before('gone', queueDown);
    await expect(host.stop(rig)).rejects.toThrow('Redis does not answer');
    host.reports.before('gone', () => undefined);
    await host.stop(rig);
    expect(host.reports.kinds().at(-1)).toBe('gone');
  });

  it('of an earlier generation leaves a later one alone', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    await host.stop({ ...rig, generation: 0 });
    expect(containers(host)).toHaveLength(1);
    expect(host.files.get(rig.id)).toMatchObject({ generation: 1 });
  });

  it('leaves other rigs alone', async () => {
    const host = await openHost();
    const [one, other] = [await host.claim('one'), await host.claim('other')];
    await Promise.all([host.launch(one), host.launch(other)]);
    await host.stop(one);
    expect(containers(host).map(({ name }) => name)).toEqual(['wcs-other-g1']);
    expect([...host.files.keys()]).toEqual(['other']);
  });
});

describe('the end of the process', () => {
  it('leaves a booting rig as it is, and gives its job back', async () => {
    const host = await openHost({ settings: { ready: { ports: [1], timeout: 10_000, interval: 5 } } });
    const rig = await host.claim();
    const booting = Promise.withResolvers<void>();
    host.docker.before('listeningPorts', booting.resolve);
    const launch = host.launch(rig);
    await booting.promise;
    host.end();
    await expect(launch).rejects.toThrow();
    expect(containers(host)).toMatchObject([{ state: 'running' }]);
    expect(host.reports.kinds()).not.toContain('failed');
  });

  // It was thought dead: another worker has looked for the rig meanwhile, and found nothing yet.
  it('takes away what it made for a rig that ended meanwhile', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    host.docker.before('create', () => {
      begun.resolve();
      return held.promise;
    });
    const launch = host.launch(rig);
    await begun.promise;
    await host.change(rig, 'ended');
    host.end();
    held.resolve();
    await expect(launch).rejects.toThrow('this process ends');
    expect(containers(host)).toEqual([]);
    // Should the registry have been lost, its owner hears of it from this.
    expect(host.files.get(rig.id)?.ended).toMatchObject({ reason: { kind: 'superseded' } });
  });
});

describe('what a survey asks for', () => {
  it('is one removal, however often it is asked for in ten minutes, and each look is its own', () => {
    const rig = aRig({ generation: 3 });
    const which = { rig: rig.id, generation: 3 };
    const noon = Date.UTC(2026, 10, 23, 12);
    const ids = (idAt: (at: number) => string) =>
      new Set([0, 30, 60, 590, 600, 630].map((seconds) => idAt(noon + seconds * second))).size;
    expect(ids((at) => jobId(removeJob(which, at)))).toBe(2);
    expect(ids((at) => jobId(lookJob(rig, false, at)))).toBe(6);
    expect(jobId(removeJob(which, noon))).not.toBe(jobId(stopJob(rig)));
  });

  it('is dropped after its deadline, for by then it was asked for anew', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    const which = { rig: rig.id, generation: 1 };
    const asked = removeJob(which, host.clock.now);
    const look = lookJob({ ...rig, generation: 2 }, false, host.clock.now);
    host.docker.refuseNext('remove', 'device or resource busy');
    await expect(host.run(asked)).rejects.toThrow('device or resource busy');
    host.clock.now += 10 * minute + second;
    const before = host.reports.kinds();
    await host.run(asked);
    await host.run(look);
    expect(host.reports.kinds()).toEqual(before);
    expect(containers(host)).toHaveLength(1);
    expect(host.log.lines.filter((line) => line.includes('could not be done in time'))).toHaveLength(2);
    await host.run(removeJob(which, host.clock.now));
    expect(containers(host)).toEqual([]);
  });

  it('is not what a person asks for: a stop is never too late', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    host.clock.now += 100 * minute;
    await host.stop(rig);
    expect(containers(host)).toEqual([]);
  });
});
