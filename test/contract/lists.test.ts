// The lists of rigs: by whom and where, those about which something is open, and pages of all.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eachBatch } from '../../src/control/each-batch.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { hour } from '../../src/rig/duration.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import { anna, ben } from '../support/a-rig.ts';
import { aClaim, aRegistration, type ClaimChange, registryKinds } from '../support/registries.ts';

const running: RigState = { kind: 'running', since: 1 };
const stopping: RigState = { kind: 'stopping', since: 1, reason: { kind: 'expired' } };
const crashed: RigState = {
  kind: 'crashed',
  since: 1,
  until: 2,
  crash: { reason: { kind: 'removed' }, tail: [] },
};
const ended: RigState = { ...stopping, kind: 'stopped' };

const ids = (rigs: readonly Rig[]): readonly string[] => rigs.map(({ id }) => id);

describe.each(registryKinds())('lists %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (): Promise<Registry> => {
    const registry = await kind.open();
    for (const [index, name] of ['h1', 'H2'].entries()) {
      const addresses = Array.from({ length: 250 }, (__, place) => `10.0.${index}.${place}`);
      await registry.presence.take(aRegistration({ name, addresses, slots: 250 }), 's1');
    }
    return registry;
  };
  const take = async ({ rigs }: Registry, id: string, facts: ClaimChange['rig'] = {}): Promise<void> => {
    expect((await rigs.claim(aClaim(id, { rig: facts }))).kind).toBe('claimed');
  };
  const change = async ({ rigs }: Registry, id: string, facts: Partial<Rig>): Promise<void> => {
    const stored = await rigs.get(id);
    if (!stored) throw new Error(`no rig ${id}`);
    const rig = { ...stored.rig, ...facts };
    const release = rig.state.kind === 'stopped';
    expect(await rigs.save({ rig, version: stored.version, told: [], release })).toBe('saved');
  };

  const onHost = async ({ rigs }: Registry, host: string) => (await rigs.onHost(host)).map(({ rig }) => rig);

  test('unsettled are those that wait for a host, oldest first', async () => {
    const registry = await open();
    const unsettled = async () => ids(await registry.rigs.unsettled());
    await take(registry, 'b', { created: 2 });
    await take(registry, 'a', { created: 1 });
    await take(registry, 'up', { created: 0, state: running });
    expect(await unsettled()).toEqual(['a', 'b']);
    await change(registry, 'a', { state: { kind: 'starting', since: 1, phase: { kind: 'booting' } } });
    expect(await unsettled()).toEqual(['a', 'b']);
    await change(registry, 'up', { state: crashed });
    await change(registry, 'a', { state: stopping });
    expect(await unsettled()).toEqual(['up', 'a', 'b']);
    await change(registry, 'up', { state: { kind: 'placed', since: 2 }, generation: 2 });
    expect(await unsettled()).toEqual(['up', 'a', 'b']);
    await change(registry, 'a', { state: ended });
    await change(registry, 'b', { state: running });
    expect(await registry.rigs.unsettled()).toMatchObject([{ id: 'up', generation: 2 }]);
    // A save that comes late brings none back.
    await change(registry, 'a', { state: stopping });
    expect(await unsettled()).toEqual(['up']);
  });

  test('endless and idling follow the lease', async () => {
    const registry = await open();
    const lists = async () => [ids(await registry.rigs.endless()), ids(await registry.rigs.idling())];
    const lease = { end: 9 * hour, cap: undefined, rev: 1 };
    await take(registry, 'a', { state: running, lease });
    await take(registry, 'b', { state: running, lease: { ...lease, end: undefined } });
    expect(await lists()).toEqual([['b'], []]);
    await change(registry, 'a', { lease: { ...lease, idleStop: 5 * hour } });
    await change(registry, 'b', { state: crashed });
    expect(await lists()).toEqual([['b'], ['a']]);
    await change(registry, 'a', { state: stopping });
    await change(registry, 'b', { state: stopping });
    expect(await lists()).toEqual([[], []]);
  });

  test('those shared with a person, whoever owns them now', async () => {
    const registry = await open();
    const shared = async (who: string) => ids(await registry.rigs.sharedWith(who));
    const cleo = { id: 'UCLEO', name: 'cleo' };
    await take(registry, 'a', { shared: [ben] });
    await take(registry, 'b');
    expect(await shared(ben.id)).toEqual(['a']);
    await change(registry, 'b', { shared: [cleo, ben] });
    expect([await shared(ben.id), await shared(cleo.id)]).toEqual([['a', 'b'], ['b']]);
    await change(registry, 'b', { owner: ben, shared: [cleo] });
    expect([await shared(ben.id), await shared(cleo.id)]).toEqual([['a'], ['b']]);
    await change(registry, 'a', { state: ended });
    expect(await shared(ben.id)).toEqual([]);
    expect(await shared('U(*) nobody')).toEqual([]);
  });

  test('those on a host, in whatever case, oldest first', async () => {
    const registry = await open();
    await take(registry, 'b', { created: 2, host: 'H2' });
    await take(registry, 'a', { created: 2, host: 'H2' });
    await take(registry, 'c', { created: 1, host: 'H2' });
    await take(registry, 'd');
    expect(ids(await onHost(registry, 'h2'))).toEqual(['c', 'a', 'b']);
    await change(registry, 'c', { state: ended });
    expect(ids(await onHost(registry, 'H2'))).toEqual(['a', 'b']);
    expect(ids(await onHost(registry, 'h9'))).toEqual([]);
  });

  test('a page has a person’s own first, and every rig is on one page', async () => {
    const registry = await open();
    // Every third is anna's; some are of the same moment.
    for (let index = 0; index < 30; index += 1) {
      const owner = index % 3 === 0 ? anna : ben;
      await take(registry, `r${String(index).padStart(2, '0')}`, { created: Math.floor(index / 2), owner });
    }
    const living = await registry.rigs.living();
    for (const first of [anna.id, ben.id, 'UNOBODY']) {
      const wanted = [
        ...living.filter(({ owner }) => owner.id === first),
        ...living.filter(({ owner }) => owner.id !== first),
      ];
      for (const count of [1, 7, 10, 30]) {
        const seen: Rig[] = [];
        for (let offset = 0; offset < 30; offset += count) {
          const page = await registry.rigs.page({ first, offset, count });
          expect(page.total).toBe(30);
          expect(page.rigs).toHaveLength(Math.min(count, 30 - offset));
          seen.push(...page.rigs);
        }
        expect(seen).toEqual(wanted);
      }
      expect(await registry.rigs.page({ first, offset: 30, count: 10 })).toEqual({ rigs: [], total: 30 });
    }
    expect(await registry.rigs.newest()).toMatchObject({ id: 'r29' });
  });

  test('of none there is no page and no newest', async () => {
    const { rigs } = await open();
    expect(await rigs.page({ first: anna.id, offset: 0, count: 20 })).toEqual({ rigs: [], total: 0 });
    expect(await rigs.newest()).toBeUndefined();
    expect(await rigs.batch(undefined)).toEqual({ rigs: [], next: undefined });
  });

  test('a walk through all passes none over, though others end under it', async () => {
    const registry = await open();
    const names = Array.from({ length: 430 }, (__, index) => `r${String(index).padStart(3, '0')}`);
    await Promise.all(
      names.map((id, index) =>
        take(registry, id, { created: index, host: index % 2 === 0 ? 'h1' : 'H2', state: running }),
      ),
    );
    const seen = new Set<string>();
    let pages = 0;
    for await (const page of eachBatch(registry.rigs)) {
      for (const { id } of page) seen.add(id);
      // Young ones that were read, and old ones that were not.
      const going = pages === 0 ? ['r429', 'r428', 'r000', 'r100'] : [];
      for (const id of going) await change(registry, id, { state: ended });
      pages += 1;
    }
    const staying = names.filter((id) => !['r429', 'r428', 'r000', 'r100'].includes(id));
    expect(staying.filter((id) => !seen.has(id))).toEqual([]);
    expect(await registry.rigs.mendIndices()).toBe(0);
  });
});
