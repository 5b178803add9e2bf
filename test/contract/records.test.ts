// What the registry holds of a rig, for its host's disk: read whole, counted, and later ones told from earlier ones.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '../../src/redis/records.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

describe.each(registryKinds())('records %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async () => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    return registry;
  };

  test('hold the rig with its address, and its card once there is one', async () => {
    const { rigs, records, cards } = await open();
    const outcome = await rigs.claim(aClaim('a'));
    const record = await records.of('a');
    expect(record).toMatchObject({ rig: 'a', generation: 1, version: 1, lease: { rev: 1 } });
    expect(readRecord(record?.text ?? '')).toMatchObject({
      rig: 'rig' in outcome ? outcome.rig : undefined,
      version: 1,
      card: undefined,
    });
    const place = { channel: 'C1', ts: '1.2', open: { channel: 'C1', ts: '1.3' } };
    await cards.put('a', place);
    expect(readRecord((await records.of('a'))?.text ?? '').card).toEqual(place);
    expect(await records.of('stranger')).toBeUndefined();
  });

  test('of a host are those of its living rigs, whatever the case of its name', async () => {
    const { rigs, records } = await open();
    await rigs.claim(aClaim('a'));
    await rigs.claim(aClaim('b'));
    const stored = await rigs.get('a');
    if (!stored) throw new Error('no rig a');
    const state = { kind: 'failed', since: 9_000, reason: { kind: 'too-late' } } as const;
    await rigs.save({ rig: { ...stored.rig, state }, version: stored.version, told: [], release: true });
    expect((await records.ofHost('H1')).map(({ rig }) => rig)).toEqual(['b']);
    expect(await records.ofHost('h2')).toEqual([]);
  });

  test('are counted with each claim and each save', async () => {
    const { rigs, records } = await open();
    expect(await records.changes('h1')).toBe(0);
    await rigs.claim(aClaim('a'));
    const claimed = await records.changes('h1');
    expect(claimed).toBeGreaterThan(0);
    const stored = await rigs.get('a');
    if (!stored) throw new Error('no rig a');
    const lease = { ...stored.rig.lease, end: 99_000_000, rev: 2 };
    const change = { rig: { ...stored.rig, lease }, version: stored.version, told: [], release: false };
    expect(await rigs.save(change)).toBe('saved');
    const saved = await records.changes('h1');
    expect(saved).toBeGreaterThan(claimed);
    expect(await rigs.save(change)).toBe('conflict');
    expect(await records.changes('h1')).toBe(saved);
    expect((await records.of('a'))?.lease).toMatchObject({ end: 99_000_000, rev: 2 });
  });
});

test('a text that is none of ours is refused', () => {
  expect(() => readRecord('{"version":1}')).toThrow('a rig file is wrong');
});
