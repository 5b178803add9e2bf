// What a save moves beside the rig: whose it is, which generation may be started, and when it may stop.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import { hour } from '../../src/rig/duration.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const anna = { id: 'UANNA', name: 'anna' };
const bob = { id: 'UBOB', name: 'bob' };
const running: RigState = { kind: 'running', since: 6_000 };
const crashed: RigState = {
  kind: 'crashed',
  since: 7_000,
  crash: { reason: { kind: 'died', exitCode: 1, outOfMemory: true }, tail: ['last words'] },
  until: 8_000,
};
const stopped: RigState = { kind: 'stopped', since: 9_000, reason: { kind: 'expired' } };
const limits = { perUser: 2, fleet: undefined };

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (): Promise<Registry> => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    return registry;
  };
  const take = async ({ rigs }: Registry, id: string, owner = anna): Promise<Rig> => {
    const outcome = await rigs.claim(aClaim(id, { rig: { owner, state: running }, limits }));
    if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
    return outcome.rig;
  };
  const save = async (
    { rigs }: Registry,
    rig: Rig,
    change: { readonly release?: boolean; readonly perUser?: number } = {},
  ) => {
    const version = (await rigs.get(rig.id))?.version ?? 0;
    return rigs.save({ rig, version, told: [], release: false, ...change });
  };
  const owned = async ({ rigs }: Registry, who = anna) => (await rigs.ownedBy(who.id)).map(({ id }) => id);

  describe('a rig that is given', () => {
    test('is the new owner’s, counts for them alone, and is found as before', async () => {
      const registry = await open();
      const [one] = [await take(registry, 'one'), await take(registry, 'two')];
      expect(await save(registry, { ...one, owner: bob }, { perUser: 2 })).toBe('saved');
      expect(await owned(registry)).toEqual(['two']);
      expect(await owned(registry, bob)).toEqual(['one']);
      expect(await registry.rigs.named('one')).toMatchObject({ rig: { owner: bob } });
      // Anna has room for another again, bob for one only.
      await take(registry, 'three');
      expect(await registry.rigs.claim(aClaim('four', { limits }))).toEqual({ kind: 'user-quota' });
    });

    test('is not, where the new owner has as many as one may have, and nothing is changed', async () => {
      const registry = await open();
      const one = await take(registry, 'one');
      await take(registry, 'bobs', bob);
      const before = await registry.rigs.get('one');
      expect(await save(registry, { ...one, owner: bob }, { perUser: 1 })).toBe('user-quota');
      expect(await registry.rigs.get('one')).toEqual(before);
      expect([await owned(registry), await owned(registry, bob)]).toEqual([['one'], ['bobs']]);
      expect(await save(registry, { ...one, owner: bob }, { perUser: 2 })).toBe('saved');
    });

    test('stays whose it is in every other save, however many they have', async () => {
      const registry = await open();
      const one = await take(registry, 'one');
      expect(await save(registry, { ...one, shared: [bob] }, { perUser: 0 })).toBe('saved');
      expect(await owned(registry)).toEqual(['one']);
    });

    test('gives the right person their room back when it ends', async () => {
      const registry = await open();
      const one = await take(registry, 'one');
      await take(registry, 'two', bob);
      await save(registry, { ...one, owner: bob });
      expect(await save(registry, { ...one, owner: bob, state: stopped }, { release: true })).toBe('saved');
      expect([await owned(registry), await owned(registry, bob)]).toEqual([[], ['two']]);
      for (const id of ['three', 'four']) await take(registry, id);
    });

    test('and ends with the same save is nobody’s', async () => {
      const registry = await open();
      const one = await take(registry, 'one');
      await save(registry, { ...one, owner: bob, state: stopped }, { release: true });
      expect([await owned(registry), await owned(registry, bob)]).toEqual([[], []]);
      expect(await registry.rigs.living()).toEqual([]);
    });

    test('of those given to one person at once so many pass as they may have', async () => {
      const registry = await kind.open();
      const addresses = Array.from({ length: 20 }, (_, index) => `10.0.0.${index + 10}`);
      await registry.presence.take(aRegistration({ addresses }), 's1');
      const rigs: Rig[] = [];
      for (let index = 0; index < 10; index += 1) {
        rigs.push(await take(registry, `r${index}`, { id: `U${index}`, name: `u${index}` }));
      }
      const gives = rigs.map((rig) => save(registry, { ...rig, owner: bob }, { perUser: 3 }));
      expect((await Promise.all(gives)).filter((one) => one === 'saved')).toHaveLength(3);
      expect(await owned(registry, bob)).toHaveLength(3);
    });
  });

  describe('the fence', () => {
    test('is closed by a crash and opened by the next generation, on the same address', async () => {
      const registry = await open();
      const rig = await take(registry, 'one');
      const before = await registry.fence.claim('one');
      await save(registry, { ...rig, state: crashed });
      expect(await registry.fence.claim('one')).toEqual({ ...before, stopping: true });
      await save(registry, { ...rig, generation: 2, state: { kind: 'placed', since: 7_500 } });
      expect(await registry.fence.claim('one')).toEqual({ ...before, generation: 2, stopping: false });
      expect(await registry.rigs.get('one')).toMatchObject({ rig: { generation: 2, address: rig.address } });
    });

    test('stays closed whoever the crashed rig is shared with or given to', async () => {
      const registry = await open();
      const rig = await take(registry, 'one');
      await save(registry, { ...rig, state: crashed });
      await save(registry, { ...rig, state: crashed, owner: bob, shared: [anna] });
      expect(await registry.fence.claim('one')).toMatchObject({ stopping: true });
    });

    test('is gone with a rig that nobody restarted, and all that it held with it', async () => {
      const registry = await open();
      const rig = await take(registry, 'one');
      await save(registry, { ...rig, state: crashed });
      const state: RigState = { kind: 'failed', since: 9_000, reason: crashed.crash.reason };
      await save(registry, { ...rig, state }, { release: true });
      expect(await registry.fence.claim('one')).toBeUndefined();
      expect(await registry.hosts.list()).toMatchObject([{ freeSlots: 100, freeAddresses: 3 }]);
    });

    test('does not come back with what is still told of a rig that ended', async () => {
      const registry = await open();
      const rig = await take(registry, 'one');
      await save(registry, { ...rig, state: stopped }, { release: true });
      expect(await save(registry, { ...rig, state: stopped })).toBe('saved');
      expect(await registry.fence.claim('one')).toBeUndefined();
      expect(await registry.rigs.living()).toEqual([]);
      expect(await registry.rigs.endingBefore(Number.MAX_SAFE_INTEGER)).toEqual([]);
    });
  });

  describe('those that may stop before a moment', () => {
    const ending = async ({ rigs }: Registry, moment = Number.MAX_SAFE_INTEGER) =>
      (await rigs.endingBefore(moment)).map(({ id }) => id);

    test('are without those that have no end, from their claim on or from a save', async () => {
      const registry = await open();
      const endless = { end: undefined, cap: undefined, rev: 2 };
      await registry.rigs.claim(aClaim('born', { rig: { lease: endless } }));
      expect((await registry.rigs.get('born'))?.rig.lease).toEqual(endless);
      const rig = await take(registry, 'kept');
      expect(await ending(registry)).toEqual(['kept']);
      await save(registry, { ...rig, lease: endless });
      expect(await ending(registry)).toEqual([]);
      expect((await registry.rigs.get('kept'))?.rig.lease).toEqual(endless);
      await save(registry, rig);
      expect(await ending(registry)).toEqual(['kept']);
    });

    test('are without one that crashed, until it is started again', async () => {
      const registry = await open();
      const rig = await take(registry, 'one');
      await save(registry, { ...rig, state: crashed });
      expect(await ending(registry)).toEqual([]);
      await save(registry, { ...rig, generation: 2, state: { kind: 'placed', since: 7_500 } });
      expect(await ending(registry)).toEqual(['one']);
    });

    test('have one that nobody uses by the moment at which it stops for that', async () => {
      const registry = await open();
      const [one, two] = [await take(registry, 'one'), await take(registry, 'two')];
      const { end = 0 } = one.lease;
      await save(registry, { ...two, lease: { ...two.lease, idleStop: end - hour } });
      await save(registry, { ...one, lease: { ...one.lease, idleStop: end + hour } });
      expect(await ending(registry, end - hour)).toEqual([]);
      expect(await ending(registry, end - hour + 1)).toEqual(['two']);
      expect(await ending(registry, end + 1)).toEqual(['two', 'one']);
    });
  });
});
