// The story of licences: each is one living rig's at most, whatever hosts know it; taken with all else, and given back with it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import { adoptionAudit } from '../../src/rig/audit.ts';
import type { ClaimOutcome } from '../../src/rig/claim.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import {
  aClaim,
  anUnplacedRig,
  aRegistration,
  type ClaimChange,
  endAdoption,
  registryKinds,
} from '../support/registries.ts';

const [one, two, three] = ['000000000001', '000000000002', '000000000003'] as const;
const anna = { id: 'UANNA', name: 'anna' };
const stopping: RigState = { kind: 'stopping', since: 6_000, reason: { kind: 'asked', by: anna } };
const stopped: RigState = { kind: 'stopped', since: 7_000, reason: { kind: 'asked', by: anna } };
const failed: RigState = { kind: 'failed', since: 7_000, reason: { kind: 'too-late' } };
const crash = { reason: { kind: 'removed' }, tail: [] } as const;
const crashed: RigState = { kind: 'crashed', since: 6_000, crash, until: 9_000 };

/** What a claim gave, or why it gave nothing. */
const said = (outcome: ClaimOutcome): string | undefined =>
  outcome.kind === 'claimed' ? outcome.rig.licenceId : outcome.kind;

const aRunning = (id: string, change: Partial<Rig> = {}): Rig => ({
  ...anUnplacedRig(id),
  address: '10.0.0.11',
  state: { kind: 'running', since: 6_000 },
  ...change,
});

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (...hosts: readonly Parameters<typeof aRegistration>[0][]) => {
    const registry = await kind.open();
    for (const [index, host] of hosts.entries()) {
      const addresses = [`10.0.${index}.10`, `10.0.${index}.11`, `10.0.${index}.12`];
      const registration = aRegistration({ name: `h${index + 1}`, addresses, licensed: true, ...host });
      await registry.presence.take(registration, `s${index}`);
    }
    return registry;
  };
  const claim = async ({ rigs }: Registry, id: string, host = 'h1', change: ClaimChange = {}) =>
    said(await rigs.claim(aClaim(id, { ...change, rig: { host, ...change.rig } })));
  const save = async ({ rigs }: Registry, id: string, state: RigState, more: object = {}) => {
    const stored = await rigs.get(id);
    if (!stored) throw new Error(`no rig ${id}`);
    const { rig, version } = stored;
    return rigs.save({ rig: { ...rig, state }, version, told: [], release: false, ...more });
  };
  const end = (registry: Registry, id: string, state: RigState = stopped) =>
    save(registry, id, state, { release: true });
  /** Pool sizes and what is free of each, in some order. */
  const pools = async ({ licences }: Registry): Promise<readonly string[]> =>
    [...(await licences.pools()).values()].map(({ size, free }) => `${free} of ${size}`).toSorted();
  const adopt = ({ rigs }: Registry, rig: Rig, expected?: number) =>
    rigs.adopt({
      rig,
      version: (expected ?? 0) + 1,
      expected,
      card: undefined,
      told: [],
      audit: adoptionAudit(rig, 7_000),
    });

  test('a rig claims one of its host’s, and all that read it know', async () => {
    const registry = await open({ licences: [two, one] });
    expect(await claim(registry, 'a')).toBe(one);
    expect(await claim(registry, 'b')).toBe(two);
    const { rigs, records, surveys } = registry;
    expect((await rigs.get('a'))?.rig.licenceId).toBe(one);
    expect((await rigs.named('b'))?.rig.licenceId).toBe(two);
    for (const list of [await rigs.living(), await rigs.ownedBy('UANNA'), await rigs.endingBefore(9e15)])
      expect(list.map(({ id, licenceId }) => `${id} ${licenceId}`)).toEqual([`a ${one}`, `b ${two}`]);
    expect((await rigs.onHost('h1')).map(({ rig }) => rig.licenceId)).toEqual([one, two]);
    expect(await pools(registry)).toEqual(['0 of 2']);
    // As its host keeps it on its own disk, and says it in a survey.
    const [kept] = await records.ofHost('h1');
    if (kept === undefined) throw new Error('there is no record');
    expect(await records.of(kept.rig)).toEqual(kept);
    const note = { rig: kept.rig, generation: 1, ended: undefined, kept };
    await surveys.put({ v: 1, host: 'h1', started: 8_000, containers: [], notes: [note] });
    const read = (await surveys.of('h1'))?.notes[0]?.kept?.rig;
    expect(read).toMatchObject({ id: kept.rig, licenceId: kept.rig === 'a' ? one : two });
  });

  test('a host without any gives none, and its rigs say none', async () => {
    const registry = await open({ licences: [] });
    expect(await claim(registry, 'a')).toBeUndefined();
    expect((await registry.rigs.get('a'))?.rig).toEqual({ ...anUnplacedRig('a'), address: '10.0.0.10' });
    expect(await registry.hosts.list()).toMatchObject([{ pool: undefined }]);
    expect(await pools(registry)).toEqual([]);
  });

  test('none is free: refused, and nothing is changed', async () => {
    const registry = await open({ licences: [one] });
    await claim(registry, 'a');
    const look = async () => [await registry.rigs.living(), await registry.hosts.list()];
    const before = await look();
    expect(await registry.rigs.claim(aClaim('b'))).toEqual({ kind: 'no-licence' });
    expect(await look()).toEqual(before);
    expect(await registry.rigs.get('b')).toBeUndefined();
    expect(await registry.fence.claim('b')).toBeUndefined();
    expect(await registry.outbox.waiting()).toEqual(['a']);
  });

  test('no address is free: no licence is taken', async () => {
    const registry = await open({ licences: [one, two], addresses: ['10.0.0.10'] });
    await claim(registry, 'a');
    expect(await claim(registry, 'b')).toBe('no-address');
    expect(await pools(registry)).toEqual(['1 of 2']);
  });

  test('of several reasons the slots are said before it, the address after it', async () => {
    const registry = await open({ licences: [one], addresses: ['10.0.0.10'] });
    await claim(registry, 'a');
    expect(await claim(registry, 'b', 'h1', { slots: 1 })).toBe('host-full');
    expect(await claim(registry, 'b')).toBe('no-licence');
  });

  test('one that several hosts know is one licence, in whatever pools', async () => {
    const registry = await open(
      { licences: [one, two] },
      { licences: [two, one] },
      { licences: [two, three], lan: 'lab' },
    );
    const [first, second, third] = await registry.hosts.list();
    expect(first?.pool).toBe(second?.pool);
    expect(third?.pool).not.toBe(first?.pool);
    const network = { lan: 'lab', mode: 'ipvlan', subnet: '10.0.0.0/24' } as const;
    expect(await claim(registry, 'a', 'h3', { rig: { network } })).toBe(two);
    expect(await claim(registry, 'b', 'h2')).toBe(one);
    expect(await claim(registry, 'c', 'h1')).toBe('no-licence');
    expect(await claim(registry, 'd', 'h3', { rig: { network } })).toBe(three);
    expect(await pools(registry)).toEqual(['0 of 2', '0 of 2']);
    await end(registry, 'a');
    expect(await claim(registry, 'e', 'h1')).toBe(two);
  });

  test('200 at once on 20 licences of two hosts: 20 rigs with one each, 180 refused', async () => {
    const licences = Array.from({ length: 20 }, (_, index) => String(index).padStart(12, '0'));
    const addresses = (host: number) =>
      Array.from({ length: 200 }, (_, index) => `10.${host}.0.${index + 1}`);
    const registry = await open(
      { licences, addresses: addresses(1) },
      { licences: licences.slice(5), addresses: addresses(2) },
    );
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => claim(registry, `r${index}`, `h${1 + (index % 2)}`)),
    );
    const given = outcomes.filter((outcome) => outcome !== 'no-licence');
    expect(given.toSorted()).toEqual(licences);
    expect(await registry.rigs.living()).toHaveLength(20);
  });

  describe('it is given back', () => {
    test('with all else, once, and the one that was given back longest ago goes out first', async () => {
      const registry = await open({ licences: [one, two, three], slots: 9 });
      for (const id of ['a', 'b', 'c']) await claim(registry, id);
      await end(registry, 'c');
      await end(registry, 'a', failed);
      expect(await pools(registry)).toEqual(['2 of 3']);
      expect(await claim(registry, 'd')).toBe(three);
      expect(await claim(registry, 'e')).toBe(one);
      // The first one's release, once more, takes nothing from the heir.
      await end(registry, 'a');
      expect(await claim(registry, 'f')).toBe('no-licence');
    });

    test('neither by a stop that is decided, nor by a crash, nor by a restart, nor by an address that is in use', async () => {
      const registry = await open({ licences: [one] });
      await claim(registry, 'a');
      for (const state of [crashed, { kind: 'placed', since: 8_000 } as const, stopping]) {
        await save(registry, 'a', state);
        expect((await registry.rigs.get('a'))?.rig.licenceId).toBe(one);
        expect(await claim(registry, 'b')).toBe('no-licence');
      }
      const stored = await registry.rigs.get('a');
      if (!stored) throw new Error('it is gone');
      const { address: _, ...rig } = { ...stored.rig, generation: 2 };
      const setAside = { why: 'in-use', at: 8_000, host: 'h1', rig: 'a' } as const;
      const swapped = await registry.rigs.swap({ rig, version: stored.version, told: [], setAside });
      expect(swapped).toMatchObject({ kind: 'swapped', rig: { address: '10.0.0.11', licenceId: one } });
      expect((await registry.rigs.get('a'))?.rig.licenceId).toBe(one);
      expect(await claim(registry, 'b')).toBe('no-licence');
      await end(registry, 'a');
      expect(await claim(registry, 'b')).toBe(one);
    });

    test('only what was claimed counts: a save cannot say another one', async () => {
      const registry = await open({ licences: [one, two] });
      await claim(registry, 'a');
      const stored = await registry.rigs.get('a');
      if (!stored) throw new Error('it is gone');
      await registry.rigs.save({
        rig: { ...stored.rig, licenceId: two },
        version: 1,
        told: [],
        release: false,
      });
      expect((await registry.rigs.get('a'))?.rig.licenceId).toBe(one);
      expect(await claim(registry, 'b')).toBe(two);
    });
  });

  describe('a host', () => {
    test('that says other ones later leaves those that rigs have with them', async () => {
      const registry = await open({ licences: [one, two] });
      await claim(registry, 'a');
      const again = aRegistration({ licences: [one, three] });
      await registry.presence.take(again, 's0');
      expect(await pools(registry)).toEqual(['1 of 2']);
      expect(await claim(registry, 'b')).toBe(three);
      expect(await claim(registry, 'c')).toBe('no-licence');
      await registry.presence.take(aRegistration({ licences: [] }), 's0');
      expect(await pools(registry)).toEqual([]);
      expect(await claim(registry, 'd')).toBeUndefined();
      expect((await registry.rigs.get('a'))?.rig.licenceId).toBe(one);
    });

    test('that is forgotten takes its pool along, unless another host is of it', async () => {
      const registry = await kind.open({ presence: 50 });
      for (const name of ['h1', 'h2'])
        await registry.presence.take(aRegistration({ name, licences: [one] }), name);
      await registry.presence.take(aRegistration({ name: 'h3', licences: [two] }), 'h3');
      expect(await pools(registry)).toEqual(['1 of 1', '1 of 1']);
      for (const name of ['h1', 'h2', 'h3']) await registry.presence.giveBack(name, name);
      expect(await registry.hosts.forget('h3')).toBe('forgotten');
      expect(await registry.hosts.forget('h2')).toBe('forgotten');
      expect(await pools(registry)).toEqual(['1 of 1']);
      expect(await registry.hosts.forget('h1')).toBe('forgotten');
      expect(await pools(registry)).toEqual([]);
    });

    test('shows its pool, to whoever looks often, too', async () => {
      const registry = await open({ licences: [one] }, {});
      const seen = async () => [...(await registry.hosts.list()), ...(await registry.hosts.current())];
      const [first, second, ...often] = await seen();
      expect([first?.pool, second?.pool]).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), undefined]);
      expect(often).toMatchObject([{ pool: first?.pool }, { pool: undefined }]);
      await registry.presence.take(aRegistration({ licences: [two] }), 's0');
      expect((await registry.hosts.current())[0]?.pool).not.toBe(first?.pool);
    });
  });

  test('who has them: those first that are soonest to give theirs back', async () => {
    const addresses = ['.1', '.2', '.3', '.4'];
    const licences = [one, two, three, '000000000004'];
    const registry = await open({ licences, addresses }, { licences: [one] });
    const lease = (end: number | undefined) => ({ end, cap: undefined, rev: 1 });
    await claim(registry, 'endless', 'h1', { rig: { lease: lease(undefined), created: 1 } });
    await claim(registry, 'late', 'h1', { rig: { lease: lease(90_000), created: 2 } });
    await claim(registry, 'soon', 'h1', { rig: { lease: lease(80_000), created: 3 } });
    await claim(registry, 'over', 'h1', { rig: { lease: lease(99_000), created: 4 } });
    await save(registry, 'over', crashed);
    const [{ pool } = {}, { pool: other } = {}] = await registry.hosts.list();
    if (pool === undefined || other === undefined) throw new Error('there are no pools');
    const holders = async (of: readonly string[], most: number) => {
      const { size, taken, rigs } = await registry.licences.holders(of, most);
      return [size, taken, ...rigs.map(({ id }) => id)];
    };
    expect(await holders([pool], 9)).toEqual([4, 4, 'over', 'soon', 'late', 'endless']);
    expect(await holders([pool, other], 2)).toEqual([4, 4, 'over', 'soon']);
    expect(await holders([other], 9)).toEqual([1, 1, 'endless']);
    expect(await holders(['none'], 9)).toEqual([0, 0]);
    expect((await registry.licences.holders([other], 1)).rigs[0]).toEqual(
      (await registry.rigs.get('endless'))?.rig,
    );
    await end(registry, 'soon');
    expect(await holders([pool], 9)).toEqual([4, 3, 'over', 'late', 'endless']);
  });

  describe('a lost registry', () => {
    test('takes a rig in with its licence, which is nobody else’s then', async () => {
      const registry = await open({ licences: [one] });
      expect(await adopt(registry, aRunning('a', { licenceId: one }))).toEqual({ kind: 'adopted' });
      expect((await registry.rigs.get('a'))?.rig.licenceId).toBe(one);
      expect(await claim(registry, 'b')).toBe('no-licence');
      await end(registry, 'a');
      expect(await claim(registry, 'b')).toBe(one);
    });

    test('takes none from another rig, and changes nothing', async () => {
      const registry = await open({ licences: [one] });
      await claim(registry, 'x');
      const rig = aRunning('a', { licenceId: one });
      expect(await adopt(registry, rig)).toEqual({ kind: 'licence-held', holder: 'x' });
      expect(await registry.rigs.get('a')).toBeUndefined();
      expect(await registry.hosts.list()).toMatchObject([{ freeSlots: 99, freeAddresses: 2 }]);
      // One that is over holds none.
      expect(await adopt(registry, { ...rig, state: failed })).toEqual({ kind: 'adopted' });
      await end(registry, 'x');
      expect(await claim(registry, 'y')).toBe(one);
    });

    test('that had a rig with another one gives that back', async () => {
      const registry = await open({ licences: [one, two] });
      await adopt(registry, aRunning('a', { licenceId: one }));
      expect(await adopt(registry, aRunning('a', { licenceId: two }), 1)).toEqual({ kind: 'adopted' });
      expect(await claim(registry, 'b')).toBe(one);
      expect(await claim(registry, 'c')).toBe('no-licence');
    });

    test('gives no licence out while any LAN is in adoption, and an address where there is no choice', async () => {
      const registry = await open({ licences: [one] }, {});
      const { epochs } = registry;
      await epochs.look({ seen: { id: 'lost', seq: 9, at: 1 }, host: { name: 'h3', lan: 'lab' } });
      expect([...(await epochs.adopting()).keys()]).toEqual(['lab']);
      expect(await claim(registry, 'a')).toBe('licences-unknown');
      expect(await claim(registry, 'b', 'h2')).toBeUndefined();
      expect(await pools(registry)).toEqual(['1 of 1']);
      await endAdoption(epochs, 'lab', []);
      expect(await claim(registry, 'a')).toBe(one);
    });
  });
});
