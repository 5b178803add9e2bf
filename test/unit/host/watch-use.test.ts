// A pass over a host's rigs: what it says of each, what it leaves out, and that nothing that fails spoils the rest.

import { describe, expect, it } from 'vitest';
import { atMost } from '../../../src/host/at-most.ts';
import { createUseWatch } from '../../../src/host/watch-use.ts';
import { EngineRefused } from '../../../src/ports/faults.ts';
import type { UseSample } from '../../../src/rig/use-sample.ts';
import { openHost, queueDown } from '../../support/a-host.ts';
import { aRegistration } from '../../support/registries.ts';

const rate = 1_000;
const statistics = (streams: number) => new Map([['streams_webrtc_in', streams]]);

const withRigs = async (...ids: readonly string[]) => {
  const host = await openHost();
  const addresses = ids.map((_, index) => `10.0.0.${index + 10}`);
  await host.registry.presence.take(aRegistration({ addresses }), 'session');
  const containers = new Map<string, string>();
  for (const id of ids) {
    await host.launch(await host.claim(id));
    const [made] = await host.docker.engine('wcs').rigContainers(id);
    containers.set(id, made?.container ?? '');
  }
  const time = { elapsed: 0 };
  const busy = new Set<string>();
  const recorded: (readonly UseSample[])[] = [];
  const hooks = { record: (): void => undefined };
  const uses = {
    record: async (samples: readonly UseSample[]) => {
      hooks.record();
      recorded.push(samples);
      await host.registry.uses.record(samples);
    },
  };
  const ports = { engine: host.docker.engine('wcs'), uses, clock: host.registry.clock, log: host.log };
  const begin = () =>
    createUseWatch(
      ports,
      { networking: { kind: 'own-address', network: 'wcs-rigs' }, rate },
      (rig) => busy.has(rig),
      () => time.elapsed,
    );
  const watch = { current: begin() };
  return {
    ...host,
    busy,
    recorded,
    hooks,
    container: (id: string) => containers.get(id) ?? '',
    restartWorker: () => {
      watch.current = begin();
    },
    /** A second later. */
    look: async () => {
      time.elapsed += 1_000;
      host.clock.now += 1_000;
      await watch.current.look();
    },
    kinds: () => Object.fromEntries((recorded.at(-1) ?? []).map(({ rig, use }) => [rig, use.kind])),
  };
};

describe('a look at the use of rigs', () => {
  it('tells of all that run in one call, with generation and time', async () => {
    const { look, recorded, docker, container, registry, clock } = await withRigs('a', 'b', 'c');
    docker.showStatistics(container('b'), statistics(2));
    docker.showStatistics(container('c'), undefined);
    await look();
    const common = { generation: 1, at: clock.now };
    expect(recorded).toEqual([
      [
        { ...common, rig: 'a', use: { kind: 'idle' } },
        { ...common, rig: 'b', use: { kind: 'streams', count: 2 } },
        { ...common, rig: 'c', use: { kind: 'unknown' } },
      ],
    ]);
    expect(await registry.uses.of('b')).toMatchObject({ usedAt: clock.now });
  });

  it('counts traffic once it was over the rate between three looks, with or without statistics', async () => {
    const { look, kinds, docker, container, recorded } = await withRigs('a', 'b');
    docker.showStatistics(container('b'), undefined);
    const carry = (bytes: number) => {
      for (const id of ['a', 'b']) docker.carry(container(id), bytes);
    };
    await look();
    carry(5_000);
    await look();
    expect(kinds()).toEqual({ a: 'idle', b: 'unknown' });
    carry(4_000);
    await look();
    expect(kinds()).toEqual({ a: 'traffic', b: 'traffic' });
    expect(recorded.at(-1)?.[0]?.use).toEqual({ kind: 'traffic', bytesPerSecond: 4_000 });
    carry(900);
    await look();
    expect(kinds()).toEqual({ a: 'idle', b: 'unknown' });
  });

  it('knows after a restart of the worker only what statistics say', async () => {
    const { look, kinds, docker, container, restartWorker } = await withRigs('a', 'b');
    docker.showStatistics(container('b'), undefined);
    for (let passed = 0; passed < 3; passed += 1) {
      for (const id of ['a', 'b']) docker.carry(container(id), 9_000);
      await look();
    }
    expect(kinds()).toEqual({ a: 'traffic', b: 'traffic' });
    restartWorker();
    for (const id of ['a', 'b']) docker.carry(container(id), 9_000);
    await look();
    expect(kinds()).toEqual({ a: 'idle', b: 'unknown' });
  });

  it('leaves out rigs that boot, go or have ended; what is paused is unknown', async () => {
    const { look, kinds, docker, container, busy } = await withRigs('boots', 'ended', 'paused', 'up');
    busy.add('boots');
    docker.end(container('ended'), 1);
    docker.pause(container('paused'));
    await look();
    expect(kinds()).toEqual({ paused: 'unknown', up: 'idle' });
  });

  it('says nothing at all of a host without rigs', async () => {
    const { look, recorded } = await withRigs();
    await look();
    expect(recorded).toEqual([]);
  });

  it('keeps the faults of one rig from the others, and logs each once', async () => {
    const { look, kinds, docker, container, log } = await withRigs('a', 'b', 'c');
    docker.before('statistics', () => {
      if (docker.calls.at(-1) === `statistics ${container('b')}`) throw new EngineRefused('no such thing');
    });
    await look();
    await look();
    expect(kinds()).toEqual({ a: 'idle', b: 'unknown', c: 'idle' });
    const faults = log.lines.filter((line) => line.includes('the use of a rig cannot be seen'));
    expect(faults).toEqual([expect.stringContaining('no such thing')]);
  });

  it('goes on after the engine or Redis was away, with what it had seen before', async () => {
    const { look, kinds, docker, container, hooks } = await withRigs('a');
    const busyLook = (): Promise<void> => {
      docker.carry(container('a'), 9_000);
      return look();
    };
    await busyLook();
    docker.setDown(true);
    await expect(busyLook()).rejects.toThrow('does not answer');
    docker.setDown(false);
    hooks.record = queueDown;
    await expect(busyLook()).rejects.toThrow('Redis does not answer');
    hooks.record = () => undefined;
    await busyLook();
    expect(kinds()).toEqual({ a: 'traffic' });
  });

  it('has a few rigs at a time', async () => {
    const { look, docker, recorded } = await withRigs('a', 'b', 'c', 'd', 'e');
    const now = { open: 0, most: 0 };
    docker.before('statistics', async () => {
      now.open += 1;
      now.most = Math.max(now.most, now.open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now.open -= 1;
    });
    await look();
    expect(recorded.at(-1)).toHaveLength(5);
    expect(now.most).toBe(2);
  });
});

describe('a few at a time', () => {
  it('are as many as were allowed, in order, none twice', async () => {
    const now = { open: 0, most: 0 };
    const results = await atMost(3, [5, 1, 4, 2, 3, 0, 6], async (item) => {
      now.open += 1;
      now.most = Math.max(now.most, now.open);
      await new Promise((resolve) => setTimeout(resolve, item));
      now.open -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0, 60]);
    expect(now.most).toBe(3);
    expect(await atMost(3, [], async () => 1)).toEqual([]);
  });
});
