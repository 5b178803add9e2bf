// The story of claims: who gets an address, who is refused and why, and when it is given back.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import type { ClaimRequest } from '../../src/rig/claim.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import { aClaim, aRegistration, type ClaimChange, registryKinds } from '../support/registries.ts';

const anna = { id: 'UANNA', name: 'anna' };
const stopping: RigState = { kind: 'stopping', since: 6_000, reason: { kind: 'asked', by: anna } };
const stopped: RigState = { kind: 'stopped', since: 7_000, reason: { kind: 'asked', by: anna } };

const take = async (registry: Registry, request: ClaimRequest): Promise<Rig> => {
  const outcome = await registry.rigs.claim(request);
  if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
  return outcome.rig;
};

const change = async (registry: Registry, rig: Rig, state: RigState, release = false) => {
  const version = (await registry.rigs.get(rig.id))?.version ?? 0;
  return registry.rigs.save({ rig: { ...rig, state }, version, told: [], release });
};

const end = (registry: Registry, rig: Rig) => change(registry, rig, stopped, true);

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const withHost = async (registration = aRegistration()) => {
    const registry = await kind.open();
    await registry.presence.take(registration, 's1');
    return registry;
  };

  /** All that a claim may change, to see that a refused one changed nothing. */
  const look = async ({ rigs, hosts, outbox }: Registry) => ({
    rigs: await rigs.living(),
    hosts: await hosts.list(),
    waiting: await outbox.waiting(),
  });

  test('a claim stores the rig with its address, its claim and its news', async () => {
    const registry = await withHost();
    const request = aClaim('a1', {
      rig: {
        usual: 40,
        image: undefined,
        asked: { channel: 'C', command: '/wcs', quietly: true, cut: false, host: 'h1' },
      },
    });
    const rig = await take(registry, request);
    expect(rig).toEqual({ ...request.rig, address: '10.0.0.10' });
    expect(await registry.rigs.get('a1')).toEqual({ rig, version: 1 });
    expect(await registry.rigs.named('a1')).toEqual({ rig, version: 1 });
    expect(await registry.fence.claim('a1')).toEqual({
      generation: 1,
      host: 'h1',
      lan: 'office',
      address: '10.0.0.10',
      stopping: false,
    });
    expect(await registry.outbox.waiting()).toEqual(['a1']);
    expect(await registry.hosts.list()).toMatchObject([{ freeSlots: 99, freeAddresses: 2 }]);
  });

  test('what is not there is not found', async () => {
    const { rigs, fence, hosts, outbox } = await kind.open();
    expect(await rigs.get('none')).toBeUndefined();
    expect(await rigs.named('none')).toBeUndefined();
    expect(await rigs.living()).toEqual([]);
    expect(await rigs.ownedBy('UANNA')).toEqual([]);
    expect(await fence.claim('none')).toBeUndefined();
    expect(await hosts.list()).toEqual([]);
    expect(await outbox.waiting()).toEqual([]);
    expect(await rigs.claim(aClaim('a1'))).toEqual({ kind: 'no-address' });
  });

  test.each<[string, ClaimChange, object]>([
    ['a repeated delivery finds the first rig', { request: 'trigger-a1' }, { kind: 'repeated', rig: 'a1' }],
    [
      'a living name is taken',
      { rig: { name: 'a1', owner: { id: 'UBOB', name: 'bob' } } },
      { kind: 'name-taken', holder: 'a1' },
    ],
    ['a person has so many', { limits: { perUser: 1, fleet: undefined } }, { kind: 'user-quota' }],
    ['the fleet has so many', { limits: { perUser: 9, fleet: 1 } }, { kind: 'fleet-quota' }],
    ['the host has so many slots', { slots: 1 }, { kind: 'host-full' }],
    ['the range has so many addresses', {}, { kind: 'no-address' }],
    [
      'the host is on another LAN by now',
      { rig: { network: { lan: 'lab', mode: 'ipvlan', subnet: '10.0.0.0/24' } } },
      { kind: 'no-address' },
    ],
  ])('%s, and nothing is changed', async (_name, wanted, refusal) => {
    const registry = await withHost(aRegistration({ addresses: ['10.0.0.10'] }));
    await take(registry, aClaim('a1'));
    const before = await look(registry);
    const request = aClaim('b2', wanted);
    expect(await registry.rigs.claim(request)).toEqual(refusal);
    expect(await look(registry)).toEqual(before);
    expect(await registry.rigs.get('b2')).toBeUndefined();
    expect(await registry.fence.claim('b2')).toBeUndefined();
  });

  test('of several reasons the first in order is said: repeated, name, person, fleet, slots, address', async () => {
    const registry = await withHost(aRegistration({ addresses: ['10.0.0.10'] }));
    await take(registry, aClaim('a1'));
    const full = { limits: { perUser: 1, fleet: 1 }, slots: 1 };
    const other = { owner: { id: 'UBOB', name: 'bob' } };
    const kinds = [];
    for (const request of [
      aClaim('b2', { ...full, request: 'trigger-a1', rig: { name: 'a1' } }),
      aClaim('b2', { ...full, rig: { name: 'a1' } }),
      aClaim('b2', full),
      aClaim('b2', { ...full, rig: other }),
      aClaim('b2', { ...full, limits: { perUser: 1, fleet: 2 }, rig: other }),
      aClaim('b2', { limits: { perUser: 1, fleet: 2 }, slots: 2, rig: other }),
    ]) {
      kinds.push((await registry.rigs.claim(request)).kind);
    }
    expect(kinds).toEqual(['repeated', 'name-taken', 'user-quota', 'fleet-quota', 'host-full', 'no-address']);
  });

  test('an id that is known is a fault, whatever became of that rig', async () => {
    const registry = await withHost();
    await end(registry, await take(registry, aClaim('a1')));
    await expect(registry.rigs.claim(aClaim('a1', { request: 'another' }))).rejects.toThrow('a1 is known');
    expect(await registry.hosts.list()).toMatchObject([{ freeAddresses: 3 }]);
  });

  test('addresses go out in the order of the range, then the least recently released one first', async () => {
    const addresses = ['10.0.0.2', '10.0.0.10', '10.0.0.1'];
    const registry = await withHost(aRegistration({ addresses }));
    const [a, b] = [await take(registry, aClaim('a')), await take(registry, aClaim('b'))];
    expect([a.address, b.address]).toEqual(['10.0.0.2', '10.0.0.10']);
    await end(registry, b);
    await end(registry, a);
    const next = [];
    for (const id of ['c', 'd', 'e']) next.push((await take(registry, aClaim(id))).address);
    expect(next).toEqual(['10.0.0.1', '10.0.0.10', '10.0.0.2']);
  });

  test('the end of a rig gives back name, quota, slot and address, once', async () => {
    const registry = await withHost(aRegistration({ addresses: ['10.0.0.10'] }));
    const rig = await take(registry, aClaim('a1'));
    expect(await end(registry, rig)).toBe('saved');
    expect(await registry.rigs.living()).toEqual([]);
    expect(await registry.rigs.ownedBy('UANNA')).toEqual([]);
    expect(await registry.rigs.named('a1')).toBeUndefined();
    expect(await registry.fence.claim('a1')).toBeUndefined();
    expect(await registry.rigs.get('a1')).toEqual({ rig: { ...rig, state: stopped }, version: 2 });

    const limits = { perUser: 1, fleet: 1 };
    const heir = await take(registry, aClaim('b2', { rig: { name: 'a1' }, limits, slots: 1 }));
    expect(heir.address).toBe(rig.address);
    // The first one's release, once more, takes nothing from the heir.
    expect(await end(registry, rig)).toBe('saved');
    expect(await registry.rigs.named('a1')).toMatchObject({ rig: { id: 'b2' } });
    expect(await registry.hosts.list()).toMatchObject([{ freeSlots: 99, freeAddresses: 0 }]);
    expect(await registry.rigs.claim(aClaim('c3'))).toEqual({ kind: 'no-address' });
  });

  test('a repeated delivery finds the first rig even after its end', async () => {
    const registry = await withHost();
    await end(registry, await take(registry, aClaim('a1')));
    expect(await registry.rigs.claim(aClaim('b2', { request: 'trigger-a1' }))).toEqual({
      kind: 'repeated',
      rig: 'a1',
    });
  });

  test('a stop closes the fence with the same save', async () => {
    const registry = await withHost();
    const rig = await take(registry, aClaim('a1'));
    await change(registry, rig, {
      kind: 'starting',
      since: 5_500,
      phase: { kind: 'pulling', percent: undefined },
    });
    expect((await registry.rigs.get('a1'))?.rig.state).toMatchObject({ phase: { kind: 'pulling' } });
    expect(await registry.fence.claim('a1')).toMatchObject({ stopping: false });
    await change(registry, rig, stopping);
    expect(await registry.fence.claim('a1')).toMatchObject({ generation: 1, stopping: true });
  });

  test('whoever saves on an old version is told, and changes nothing', async () => {
    const registry = await withHost();
    const rig = await take(registry, aClaim('a1'));
    const running: Rig = { ...rig, state: { kind: 'running', since: 6_000 }, took: 12 };
    const told = [{ id: 'a1.2.0', news: { kind: 'ready', took: 12 } as const }];
    expect(await registry.rigs.save({ rig: running, version: 1, told, release: false })).toBe('saved');
    expect(
      await registry.rigs.save({ rig: { ...rig, state: stopped }, version: 1, told, release: true }),
    ).toBe('conflict');
    expect(await registry.rigs.get('a1')).toEqual({ rig: running, version: 2 });
    expect(await registry.hosts.list()).toMatchObject([{ freeAddresses: 2 }]);
    const lease = await registry.outbox.lease('a1', 1_000);
    expect((await lease?.entries())?.map(({ id }) => id)).toEqual(['a1.1.0', 'a1.2.0']);
  });

  test('of many saves of one version one succeeds', async () => {
    const registry = await withHost();
    const rig = await take(registry, aClaim('a1'));
    const saves = Array.from({ length: 20 }, () =>
      registry.rigs.save({ rig, version: 1, told: [], release: false }),
    );
    expect((await Promise.all(saves)).filter((one) => one === 'saved')).toHaveLength(1);
  });

  test('a rig that is not known is never brought back by a save', async () => {
    const registry = await withHost();
    const rig = { ...aClaim('ghost').rig, address: '10.0.0.10' };
    expect(await registry.rigs.save({ rig, version: 1, told: [], release: false })).toBe('conflict');
    expect(await registry.rigs.get('ghost')).toBeUndefined();
  });

  test('the living are listed oldest first, all or one person’s', async () => {
    const registry = await withHost();
    const bob = { id: 'UBOB', name: 'bob' };
    await take(registry, aClaim('young', { rig: { created: 9_000 } }));
    await take(registry, aClaim('old', { rig: { created: 1_000 } }));
    await take(registry, aClaim('bobs', { rig: { created: 5_000, owner: bob } }));
    expect((await registry.rigs.living()).map(({ id }) => id)).toEqual(['old', 'bobs', 'young']);
    expect((await registry.rigs.ownedBy('UANNA')).map(({ id }) => id)).toEqual(['old', 'young']);
  });

  test('200 claims at once on 50 addresses: 50 rigs with an address each, 150 refused', async () => {
    const addresses = Array.from({ length: 50 }, (_, index) => `10.0.0.${index + 10}`);
    const registry = await withHost(aRegistration({ addresses }));
    const claims = Array.from({ length: 200 }, (_, index) => registry.rigs.claim(aClaim(`r${index}`)));
    const outcomes = await Promise.all(claims);
    const given = outcomes.flatMap((outcome) => (outcome.kind === 'claimed' ? [outcome.rig.address] : []));
    expect(given.toSorted()).toEqual(addresses.toSorted());
    expect(outcomes.filter(({ kind }) => kind === 'no-address')).toHaveLength(150);
    expect(await registry.rigs.living()).toHaveLength(50);
  });

  test('one name, asked for by many at once, is given once', async () => {
    const registry = await withHost();
    const claims = Array.from({ length: 20 }, (_, index) =>
      registry.rigs.claim(aClaim(`r${index}`, { rig: { name: 'demo' } })),
    );
    const kinds = (await Promise.all(claims)).map((outcome) => outcome.kind);
    expect(kinds.filter((one) => one === 'claimed')).toHaveLength(1);
    expect(kinds.filter((one) => one === 'name-taken')).toHaveLength(19);
  });
});
