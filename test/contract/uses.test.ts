// What the registry remembers of the use of rigs: the newest look of the newest generation, and when it was last in use.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import type { Use } from '../../src/rig/use.ts';
import type { UseSample } from '../../src/rig/use-sample.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const streams: Use = { kind: 'streams', count: 2 };
const traffic: Use = { kind: 'traffic', bytesPerSecond: 40_000 };
const idle: Use = { kind: 'idle' };
const unknown: Use = { kind: 'unknown' };

const sample = (rig: string, at: number, use: Use, generation = 1): UseSample => ({
  rig,
  generation,
  at,
  use,
});

describe.each(registryKinds())('uses %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (...ids: readonly string[]): Promise<Registry> => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    for (const id of ids) {
      expect((await registry.rigs.claim(aClaim(id))).kind).toBe('claimed');
    }
    return registry;
  };
  const end = async ({ rigs }: Registry, id: string): Promise<void> => {
    const found = await rigs.get(id);
    if (!found) throw new Error(`no rig ${id}`);
    const state = { kind: 'failed', since: 9_000, reason: { kind: 'too-late' } } as const;
    await rigs.save({ rig: { ...found.rig, state }, version: found.version, told: [], release: true });
  };

  test('of a rig that nobody looked at, or that is not known, nothing is known', async () => {
    const { uses } = await open('a');
    await uses.record([]);
    await uses.record([sample('stranger', 100, streams)]);
    expect(await uses.of('a')).toBeUndefined();
    expect(await uses.of('stranger')).toBeUndefined();
    expect(await uses.ofRigs([])).toEqual(new Map());
    expect(await uses.ofRigs(['a', 'stranger'])).toEqual(new Map());
  });

  test('the last look, when it was last in use, and when its use was last known', async () => {
    const { uses } = await open('a');
    await uses.record([sample('a', 1_700_000_000_100.25, unknown)]);
    expect(await uses.of('a')).toEqual({
      generation: 1,
      at: 1_700_000_000_100.25,
      use: unknown,
      usedAt: undefined,
      knownAt: undefined,
    });
    await uses.record([sample('a', 1_700_000_000_200.5, idle)]);
    expect(await uses.of('a')).toMatchObject({ use: idle, usedAt: undefined, knownAt: 1_700_000_000_200.5 });
    await uses.record([sample('a', 1_700_000_000_300, streams)]);
    expect(await uses.of('a')).toMatchObject({
      use: streams,
      usedAt: 1_700_000_000_300,
      knownAt: 1_700_000_000_300,
    });
    await uses.record([sample('a', 1_700_000_000_400, unknown)]);
    expect(await uses.of('a')).toEqual({
      generation: 1,
      at: 1_700_000_000_400,
      use: unknown,
      usedAt: 1_700_000_000_300,
      knownAt: 1_700_000_000_300,
    });
    await uses.record([sample('a', 1_700_000_000_500, traffic)]);
    await uses.record([sample('a', 1_700_000_000_600, idle)]);
    expect(await uses.of('a')).toMatchObject({
      use: idle,
      usedAt: 1_700_000_000_500,
      knownAt: 1_700_000_000_600,
    });
  });

  test('an older look, or the same one again, changes nothing', async () => {
    const { uses } = await open('a');
    await uses.record([sample('a', 300, idle)]);
    const before = await uses.of('a');
    await uses.record([sample('a', 200, streams)]);
    await uses.record([sample('a', 300, streams)]);
    expect(await uses.of('a')).toEqual(before);
  });

  test('a newer generation starts anew, and an earlier one has no say any more', async () => {
    const { uses } = await open('a');
    await uses.record([sample('a', 300, streams, 1)]);
    await uses.record([sample('a', 250, unknown, 2)]);
    const fresh = { generation: 2, at: 250, use: unknown, usedAt: undefined, knownAt: undefined };
    expect(await uses.of('a')).toEqual(fresh);
    await uses.record([sample('a', 400, streams, 1)]);
    expect(await uses.of('a')).toEqual(fresh);
  });

  test('a save of the rig leaves it alone', async () => {
    const { uses, rigs } = await open('a');
    await uses.record([sample('a', 300, streams)]);
    const stored = await rigs.get('a');
    if (!stored) throw new Error('no rig');
    await rigs.save({ ...stored, told: [], release: false });
    expect(await uses.of('a')).toMatchObject({ use: streams, usedAt: 300 });
    expect(await rigs.get('a')).toEqual({ ...stored, version: stored.version + 1 });
  });

  test('all samples of a pass in one call; several rigs in one answer', async () => {
    const registry = await open('a', 'b', 'c');
    const { uses } = registry;
    await uses.record([sample('a', 100, idle), sample('stranger', 100, idle), sample('b', 100, streams)]);
    const seen = await uses.ofRigs(['stranger', 'c', 'b', 'a']);
    expect([...seen.keys()].toSorted()).toEqual(['a', 'b']);
    expect(seen.get('b')).toEqual(await uses.of('b'));
    expect([...(await uses.ofRigs(['a'])).keys()]).toEqual(['a']);

    // What was seen last can still be told.
    await end(registry, 'b');
    expect(await uses.of('b')).toMatchObject({ use: streams, usedAt: 100 });
  });
});
