// A registry takes in what a host has: all of it, once, and never over what another rig has.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import { adoptionAudit } from '../../src/rig/audit.ts';
import { hour } from '../../src/rig/duration.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { aClaim, anUnplacedRig, aRegistration, registryKinds } from '../support/registries.ts';

const aRunning = (id: string, change: Partial<Rig> = {}): Rig => ({
  ...anUnplacedRig(id),
  address: '10.0.0.11',
  state: { kind: 'running', since: 6_000 },
  ...change,
});

describe.each(registryKinds())('adoption %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (): Promise<Registry> => {
    const registry = await kind.open();
    await registry.epochs.look({ seen: undefined });
    await registry.presence.take(aRegistration(), 's1');
    return registry;
  };
  const adopt = ({ rigs }: Registry, rig: Rig, facts: { version?: number; expected?: number } = {}) =>
    rigs.adopt({
      rig,
      version: facts.version ?? 8,
      expected: facts.expected,
      card: { channel: 'C1', ts: '1.2' },
      told: [{ id: `${rig.id}.8.0`, news: { kind: 'card', progress: false } }],
      audit: adoptionAudit(rig, 7_000),
    });

  test('makes it one like all others: found, counted, fenced, ending, told, and its address is nobody else’s', async () => {
    const registry = await open();
    const { rigs, hosts, fence, cards, outbox, records, epochs, audit } = registry;
    const rig = aRunning('a');
    const seq = epochs.known()?.seq ?? 0;
    expect(await adopt(registry, rig)).toEqual({ kind: 'adopted' });
    expect(await rigs.get('a')).toEqual({ rig, version: 8 });
    expect((await rigs.named('a'))?.rig.id).toBe('a');
    expect((await rigs.onHost('H1')).map(({ rig: { id } }) => id)).toEqual(['a']);
    expect((await rigs.ownedBy('UANNA')).map(({ id }) => id)).toEqual(['a']);
    expect((await rigs.endingBefore(5_001 + hour)).map(({ id }) => id)).toEqual(['a']);
    expect(await fence.claim('a')).toMatchObject({ generation: 1, address: '10.0.0.11', stopping: false });
    expect(await cards.get('a')).toEqual({ channel: 'C1', ts: '1.2' });
    expect(await outbox.waiting()).toEqual(['a']);
    expect(await hosts.list()).toMatchObject([{ freeAddresses: 2, freeSlots: 99 }]);
    expect(await records.changes('h1')).toBeGreaterThan(0);
    expect(epochs.known()?.seq).toBe(seq + 1);
    expect(await audit.ofRig('a', 9)).toMatchObject([{ what: 'take in', outcome: 'done' }]);
    // Nobody gets that address, and it is given back as any other.
    const others = ['b', 'c', 'd'];
    const outcomes = [];
    for (const id of others) outcomes.push(await rigs.claim(aClaim(id)));
    expect(
      outcomes.map((one) => ('rig' in one && typeof one.rig === 'object' ? one.rig.address : one.kind)),
    ).toEqual(['10.0.0.10', '10.0.0.12', 'no-address']);
    const state = { kind: 'failed', since: 9_000, reason: { kind: 'too-late' } } as const;
    await rigs.save({ rig: { ...rig, state }, version: 8, told: [], release: true });
    expect(await hosts.list()).toMatchObject([{ freeAddresses: 1 }]);
  });

  test('puts it into the lists in which it belongs, and takes one that is over out of them', async () => {
    const registry = await open();
    const { rigs, hosts } = registry;
    const lists = async () => [
      (await rigs.endless()).map(({ id }) => id),
      (await rigs.sharedWith('UBEN')).map(({ id }) => id),
      (await rigs.unsettled()).map(({ id }) => id),
      (await hosts.current()).map(({ freeSlots, freeAddresses }) => `${freeSlots} ${freeAddresses}`),
    ];
    expect((await lists()).at(-1)).toEqual(['100 3']);
    const rig = aRunning('a', {
      lease: { end: undefined, cap: undefined, rev: 3 },
      shared: [{ id: 'UBEN', name: 'ben' }],
    });
    await adopt(registry, rig);
    expect(await lists()).toEqual([['a'], ['a'], [], ['99 2']]);
    const stopping = { kind: 'stopping', since: 7_000, reason: { kind: 'expired' } } as const;
    await adopt(registry, { ...rig, state: stopping }, { version: 9, expected: 8 });
    expect(await lists()).toEqual([[], ['a'], ['a'], ['99 2']]);
    expect(await rigs.mendIndices()).toBe(0);
  });

  test('changes nothing the second time, nor where somebody saved in between', async () => {
    const registry = await open();
    await adopt(registry, aRunning('a'));
    expect(await adopt(registry, aRunning('a', { name: 'other' }))).toEqual({ kind: 'conflict' });
    expect(await adopt(registry, aRunning('a', { name: 'other' }), { expected: 7 })).toEqual({
      kind: 'conflict',
    });
    expect((await registry.rigs.get('a'))?.rig.name).toBe('a');
  });

  test('over an older state moves it: owner, name, generation and end', async () => {
    const registry = await open();
    await adopt(registry, aRunning('a'));
    const later = aRunning('a', {
      name: 'renamed',
      generation: 2,
      owner: { id: 'UBEN', name: 'ben' },
      lease: { end: 99_000_000, cap: undefined, rev: 4 },
    });
    expect(await adopt(registry, later, { version: 12, expected: 8 })).toEqual({ kind: 'adopted' });
    const { rigs, fence } = registry;
    expect(await rigs.get('a')).toEqual({ rig: later, version: 12 });
    expect(await rigs.ownedBy('UANNA')).toEqual([]);
    expect((await rigs.ownedBy('UBEN')).map(({ id }) => id)).toEqual(['a']);
    expect(await rigs.named('a')).toBeUndefined();
    expect(await rigs.endingBefore(10_000_000)).toEqual([]);
    expect(await fence.claim('a')).toMatchObject({ generation: 2 });
    expect(await registry.hosts.list()).toMatchObject([{ freeAddresses: 2, freeSlots: 99 }]);
  });

  test('takes neither a name nor an address from another', async () => {
    const registry = await open();
    await registry.rigs.claim(aClaim('x'));
    expect(await adopt(registry, aRunning('a', { name: 'x' }))).toEqual({ kind: 'name-taken', holder: 'x' });
    expect(await adopt(registry, aRunning('a', { address: '10.0.0.10' }))).toEqual({
      kind: 'address-held',
      holder: 'x',
    });
    expect(await registry.rigs.get('a')).toBeUndefined();
  });

  test('with another address gives the one before back', async () => {
    const registry = await open();
    await adopt(registry, aRunning('a'));
    const moved = aRunning('a', { address: '10.0.0.12' });
    expect(await adopt(registry, moved, { version: 9, expected: 8 })).toEqual({ kind: 'adopted' });
    expect(await registry.hosts.list()).toMatchObject([{ freeAddresses: 2 }]);
    const addresses = [];
    for (const id of ['b', 'c']) {
      const outcome = await registry.rigs.claim(aClaim(id));
      addresses.push(outcome.kind === 'claimed' ? outcome.rig.address : outcome.kind);
    }
    expect(addresses).toEqual(['10.0.0.10', '10.0.0.11']);
  });

  test('of one that is over holds nothing, and its owner is told', async () => {
    const registry = await open();
    const state = { kind: 'failed', since: 6_000, reason: { kind: 'superseded' } } as const;
    expect(await adopt(registry, aRunning('a', { state }))).toEqual({ kind: 'adopted' });
    expect(await registry.rigs.living()).toEqual([]);
    expect(await registry.hosts.list()).toMatchObject([{ freeAddresses: 3, freeSlots: 100 }]);
    expect(await registry.outbox.waiting()).toEqual(['a']);
    expect(await registry.fence.claim('a')).toBeUndefined();
  });
});
