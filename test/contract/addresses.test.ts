// The story of addresses: ranges that must not overlap, addresses that are set aside, and those that a claim prefers.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import type { Quarantined } from '../../src/rig/quarantine.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import { createRandom } from '../model/random.ts';
import { aClaim, aRegistration, endAdoption, registryKinds } from '../support/registries.ts';

const office = 'office';
const mac = 'ea:03:20:43:76:99';

const claim = async (registry: Registry, id: string, host = 'h1'): Promise<string> => {
  const outcome = await registry.rigs.claim(aClaim(id, { rig: { host } }));
  return outcome.kind === 'claimed' ? outcome.rig.address : outcome.kind;
};

const stored = async ({ rigs }: Registry, id: string) => {
  const found = await rigs.get(id);
  if (!found) throw new Error(`no rig ${id}`);
  return found;
};

const failed: RigState = { kind: 'failed', since: 9_000, reason: { kind: 'too-late' } };

const end = async (registry: Registry, id: string, quarantine?: Quarantined) => {
  const { rig, version } = await stored(registry, id);
  const change = { rig: { ...rig, state: failed }, version, told: [], release: true, quarantine };
  expect(await registry.rigs.save(change)).toBe('saved');
};

const unplaced = (placed: Rig) => {
  const { address: _, ...rig } = placed;
  return rig;
};

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (...ranges: readonly string[][]) => {
    const registry = await kind.open();
    for (const [index, addresses] of ranges.entries()) {
      await registry.presence.take(aRegistration({ name: `h${index + 1}`, addresses }), `s${index + 1}`);
    }
    const answered = (change: Partial<Quarantined> = {}): Quarantined => ({
      why: 'answered',
      at: registry.clock.now(),
      host: 'h1',
      mac,
      ...change,
    });
    const free = async () =>
      Object.fromEntries(
        (await registry.hosts.list()).map(({ name, freeAddresses }) => [name, freeAddresses]),
      );
    return { registry, answered, free, ...registry };
  };

  describe('ranges of hosts on one LAN', () => {
    const own = (change: Parameters<typeof aRegistration>[0]) => aRegistration({ shared: false, ...change });

    test('must not overlap: the second host is refused, with the addresses, and changes nothing', async () => {
      const { presence, hosts } = await kind.open();
      await presence.take(own({ addresses: ['.1', '.2', '.3'] }), 's1');
      const second = own({ name: 'h2', addresses: ['.4', '.3', '.2'] });
      const overlap = { kind: 'overlap', host: 'h1', addresses: ['.3', '.2'] };
      expect(await presence.take(second, 's2')).toEqual(overlap);
      expect(await hosts.list()).toMatchObject([{ name: 'h1', freeAddresses: 3 }]);
      // Whoever comes next finds nothing of it.
      expect(await presence.take(own({ name: 'h3', addresses: ['.4'] }), 's3')).toEqual({ kind: 'taken' });
      expect(await presence.keep('h2', 's2')).toBe(false);
    });

    test('may overlap where both say so, and only then', async () => {
      const { presence } = await kind.open();
      await presence.take(own({ addresses: ['.1'] }), 's1');
      const second = own({ name: 'h2', addresses: ['.1'], shared: true });
      expect(await presence.take(second, 's2')).toMatchObject({ kind: 'overlap', host: 'h1' });
      await presence.take(own({ addresses: ['.1'], shared: true }), 's1');
      expect(await presence.take(second, 's2')).toEqual({ kind: 'taken' });
      // And not any more where one of them stops sharing.
      expect(await presence.take(own({ addresses: ['.1'] }), 's1')).toMatchObject({
        kind: 'overlap',
        host: 'h2',
      });
    });

    test('a host that registers again, in whatever case, overlaps nobody', async () => {
      const { presence } = await kind.open();
      await presence.take(own({ addresses: ['.1', '.2'] }), 's1');
      const again = own({ name: 'H1', addresses: ['.2', '.3'] });
      expect(await presence.take(again, 's1')).toEqual({ kind: 'taken' });
      expect(await presence.take(own({ name: 'h2', addresses: ['.1'] }), 's2')).toEqual({ kind: 'taken' });
    });

    test('on another LAN are other addresses, and a host that moved there leaves its range free', async () => {
      const { presence } = await kind.open();
      await presence.take(own({ addresses: ['.1'] }), 's1');
      const second = own({ name: 'h2', addresses: ['.1'] });
      expect(await presence.take({ ...second, lan: 'lab' }, 's2')).toEqual({ kind: 'taken' });
      expect(await presence.take(own({ addresses: ['.1'], lan: 'attic' }), 's1')).toEqual({ kind: 'taken' });
      expect(await presence.take(second, 's2')).toEqual({ kind: 'taken' });
    });

    test('two that register at the same moment: one of them gets in', async () => {
      const { presence } = await kind.open();
      const names = ['h1', 'h2', 'h3', 'h4'];
      const all = await Promise.all(
        names.map((name) => presence.take(own({ name, addresses: ['.1', '.2'] }), name)),
      );
      expect(all.map((one) => one.kind).toSorted()).toEqual(['overlap', 'overlap', 'overlap', 'taken']);
    });
  });

  describe('an address that is set aside', () => {
    test('is in no pool, whichever host registers, and no claim gets it', async () => {
      const { registry, addresses, presence, answered, free } = await open(['.1', '.2'], ['.1', '.3']);
      const entry = answered();
      expect(await addresses.quarantine(office, '.1', entry)).toBe('quarantined');
      expect(await addresses.quarantine(office, '.1', answered({ mac: 'other' }))).toBe('known');
      expect(await free()).toEqual({ h1: 1, h2: 1 });
      await presence.take(aRegistration({ name: 'h1', addresses: ['.1', '.2'] }), 's1');
      await presence.take(aRegistration({ name: 'h3', addresses: ['.1'] }), 's3');
      expect(await free()).toEqual({ h1: 1, h2: 1, h3: 0 });
      expect(await claim(registry, 'a')).toBe('.2');
      expect(await claim(registry, 'b')).toBe('no-address');
      expect([...(await addresses.quarantined())]).toEqual([[office, new Map([['.1', entry]])]]);
    });

    test('comes back as the last one, into every pool that it belongs to', async () => {
      const { registry, addresses, answered, free } = await open(['.1', '.2'], ['.1', '.3'], ['.4']);
      await addresses.quarantine(office, '.1', answered());
      expect(await addresses.release(office, '.1', 'in-use')).toBe('not-quarantined');
      expect(await addresses.release(office, '.1', 'answered')).toBe('released');
      expect(await addresses.release(office, '.1')).toBe('not-quarantined');
      expect(await free()).toEqual({ h1: 2, h2: 2, h3: 1 });
      expect([await claim(registry, 'a', 'h2'), await claim(registry, 'b', 'h2')]).toEqual(['.3', '.1']);
      expect(await addresses.quarantined()).toEqual(new Map());
    });

    test('is known, and can be given back, where the last host of its LAN was forgotten', async () => {
      const { registry, addresses, presence, hosts } = await open(['.1', '.2']);
      await claim(registry, 'a');
      const entry: Quarantined = { why: 'host-vanished', at: 5, host: 'h1', rig: 'a' };
      await end(registry, 'a', entry);
      await presence.giveBack('h1', 's1');
      await hosts.forget('h1');
      expect(await addresses.quarantined()).toEqual(new Map([[office, new Map([['.1', entry]])]]));
      expect(await addresses.release(office, '.1')).toBe('released');
      expect(await addresses.quarantined()).toEqual(new Map());
    });

    test('is the doctor’s for a moment: no claim gets it, and it goes back for that reason alone', async () => {
      const { registry, addresses, free } = await open(['.1', '.2']);
      const entry: Quarantined = { why: 'doctor', at: registry.clock.now(), host: 'h1' };
      expect(await addresses.quarantine(office, '.1', entry)).toBe('quarantined');
      expect(await addresses.quarantined()).toEqual(new Map([[office, new Map([['.1', entry]])]]));
      expect(await claim(registry, 'a')).toBe('.2');
      expect(await addresses.release(office, '.1', 'answered')).toBe('not-quarantined');
      expect(await addresses.release(office, '.1', 'doctor')).toBe('released');
      expect(await free()).toMatchObject({ h1: 1 });
    });

    test('is not one that a rig holds, or held until after somebody was seen there', async () => {
      const { registry, addresses, answered, free } = await open(['.1']);
      await claim(registry, 'a');
      const before = answered({ at: registry.clock.now() - 1_000 });
      expect(await addresses.quarantine(office, '.1', before)).toBe('held');
      await end(registry, 'a');
      expect(await addresses.quarantine(office, '.1', before)).toBe('released');
      expect(await free()).toEqual({ h1: 1 });
      const after = answered({ at: registry.clock.now() + 1_000 });
      expect(await addresses.quarantine(office, '.1', after)).toBe('quarantined');
    });

    test('is not put back by the end of the rig that had it', async () => {
      const { registry, addresses, free } = await open(['.1', '.2']);
      await claim(registry, 'a');
      const entry: Quarantined = { why: 'in-use', at: 5, host: 'h1', rig: 'a' };
      await end(registry, 'a', entry);
      expect(await free()).toEqual({ h1: 1 });
      expect((await addresses.map())[0]?.quarantined).toEqual(new Map([['.1', entry]]));
      expect(await addresses.release(office, '.1')).toBe('released');
      expect(await free()).toEqual({ h1: 2 });
    });
  });

  test('in an adoption nothing is set aside, and nothing probed: our own rigs would answer', async () => {
    const { registry, addresses, answered } = await open(['.1', '.2']);
    const { epochs } = registry;
    await addresses.quarantine(office, '.2', answered());
    await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h1', lan: office } });
    await epochs.look({ seen: undefined });
    expect(await addresses.quarantine(office, '.1', answered())).toBe('adopting');
    expect(await addresses.toProbe(office, 'h1', 9)).toEqual({ free: [], answered: [] });
    await endAdoption(epochs, office, ['h1']);
    expect(await addresses.toProbe(office, 'h1', 9)).toMatchObject({
      free: [{ address: '.1' }],
      answered: ['.2'],
    });
    expect(await addresses.quarantine(office, '.1', answered())).toBe('quarantined');
  });

  describe('a swap', () => {
    const setAside: Quarantined = { why: 'in-use', at: 7_000, host: 'h1', rig: 'a' };
    const next = ({ rig }: { readonly rig: Rig }) => ({
      ...unplaced(rig),
      generation: rig.generation + 1,
      swaps: 1,
    });
    const told = [{ id: 'a.2.0', news: { kind: 'card', progress: false } as const }];
    const audit = { at: 7_000, by: { kind: 'bot' }, what: 'swap', outcome: 'done' } as const;

    test('gives the rig the next address, opens its claim for the new generation, sets the old one aside', async () => {
      const { registry, rigs, fence, addresses, free } = await open(['.1', '.2', '.3'], ['.1', '.2']);
      await claim(registry, 'a');
      const found = await stored(registry, 'a');
      const outcome = await rigs.swap({ rig: next(found), version: 1, told, audit, setAside });
      expect(outcome).toEqual({ kind: 'swapped', rig: { ...next(found), address: '.2' } });
      expect(await stored(registry, 'a')).toEqual({ rig: { ...next(found), address: '.2' }, version: 2 });
      expect(await fence.claim('a')).toMatchObject({ generation: 2, address: '.2', stopping: false });
      expect(await free()).toEqual({ h1: 1, h2: 0 });
      const [map] = await addresses.map();
      expect(map?.held).toEqual(new Map([['.2', 'a']]));
      expect(map?.quarantined).toEqual(new Map([['.1', setAside]]));
      expect((await registry.audit.page(undefined, 10)).entries.at(-1)).toEqual(audit);
      // A report that comes twice finds another version.
      const again = await rigs.swap({ rig: next(found), version: 1, told, audit, setAside });
      expect(again).toEqual({ kind: 'conflict' });
      await end(registry, 'a');
      expect(await free()).toEqual({ h1: 2, h2: 1 });
    });

    test('without a free address changes nothing', async () => {
      const { registry, rigs, addresses } = await open(['.1']);
      await claim(registry, 'a');
      const found = await stored(registry, 'a');
      expect(await rigs.swap({ rig: next(found), version: 1, told, audit, setAside })).toEqual({
        kind: 'no-address',
      });
      expect(await stored(registry, 'a')).toEqual(found);
      expect(await addresses.quarantined()).toEqual(new Map());
    });

    test('in an adoption, or of a registry that is not the one that is known, waits', async () => {
      const { registry, rigs } = await open(['.1', '.2']);
      const { epochs } = registry;
      const { epoch } = await epochs.look({ seen: undefined });
      await claim(registry, 'a');
      const found = await stored(registry, 'a');
      const swap = () => rigs.swap({ rig: next(found), version: 1, told, audit, setAside });
      await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h1', lan: office } });
      expect(await swap()).toEqual({ kind: 'adopting' });
      await endAdoption(epochs, office, ['h1']);
      await epochs.look({ seen: epoch });
      expect(await stored(registry, 'a')).toEqual(found);
      expect((await swap()).kind).toBe('swapped');
    });

    test('of a rig that is gone is a conflict', async () => {
      const { rigs } = await open(['.1']);
      const rig = { ...aClaim('a').rig };
      expect(await rigs.swap({ rig, version: 1, told, audit, setAside })).toEqual({ kind: 'conflict' });
    });
  });

  describe('probes', () => {
    test('a claim takes one on which nobody answered a moment ago; among those the order stays', async () => {
      const { registry, addresses } = await open(['.1', '.2', '.3', '.4']);
      const now = registry.clock.now();
      await addresses.silent(office, 'h1', ['.3', '.4'], now + 60_000);
      await addresses.silent(office, 'h1', ['.2'], now - 1);
      const taken = [];
      for (const id of ['a', 'b', 'c', 'd']) taken.push(await claim(registry, id));
      expect(taken).toEqual(['.3', '.4', '.1', '.2']);
    });

    test('a host is told what to probe: the next free ones, and those where somebody answered', async () => {
      const { registry, addresses, answered } = await open(['.1', '.2', '.3', '.4', '.5'], ['.9']);
      const until = registry.clock.now() + 60_000;
      await addresses.silent(office, 'H1', ['.2'], until);
      await addresses.quarantine(office, '.1', answered());
      await addresses.quarantine(office, '.9', answered());
      await addresses.quarantine(office, '.5', answered({ why: 'host-vanished' }));
      expect(await addresses.toProbe(office, 'h1', 2)).toEqual({
        free: [
          { address: '.2', until },
          { address: '.3', until: 0 },
        ],
        answered: ['.1'],
      });
      expect(await addresses.toProbe('lab', 'h1', 2)).toEqual({ free: [], answered: [] });
    });

    test('what a host says it saw is all that it says', async () => {
      const { addresses } = await open(['.1']);
      const seen = [
        { address: '.1', answered: { mac, at: 5 } },
        { address: '.2', silent: { since: 6, probes: 2 } },
      ];
      const sighting = { v: 1, host: 'h1', lan: office, at: 7, seen } as const;
      await addresses.sight(sighting);
      expect(await addresses.sightings()).toEqual([sighting]);
      await addresses.sight({ ...sighting, host: 'H1', seen: seen.slice(1) });
      expect(await addresses.sightings()).toEqual([{ ...sighting, host: 'H1', seen: seen.slice(1) }]);
      await addresses.sight({ ...sighting, seen: [] });
      expect(await addresses.sightings()).toEqual([]);
    });
  });

  test('the map shows each LAN with its hosts, what is held and what is set aside', async () => {
    const { registry, addresses, presence, answered } = await open(['.1', '.2', '.3']);
    await presence.take(aRegistration({ name: 'h2', lan: 'lab', addresses: ['.1'], notes: ['odd'] }), 's2');
    await claim(registry, 'a');
    const entry = answered();
    await addresses.quarantine(office, '.2', entry);
    const range = aRegistration().range;
    expect(await addresses.map()).toEqual([
      {
        lan: 'lab',
        hosts: [{ name: 'h2', range, shared: true, notes: ['odd'], size: 1, free: 1 }],
        held: new Map(),
        quarantined: new Map(),
      },
      {
        lan: office,
        hosts: [{ name: 'h1', range, shared: true, notes: [], size: 3, free: 1 }],
        held: new Map([['.1', 'a']]),
        quarantined: new Map([['.2', entry]]),
      },
    ]);
  });

  const seed = Number(process.env.WCS_TEST_SEED ?? Date.now() % 100_000);
  test(`claims, swaps, ends, quarantines and probes at once: no address is ever two rigs' (WCS_TEST_SEED=${seed})`, async () => {
    const random = createRandom(seed);
    const range = Array.from({ length: 12 }, (_, index) => `.${index}`);
    const { registry, addresses, answered } = await open(range, range.slice(4), range.slice(8));
    const act = async (id: string): Promise<void> => {
      const [host = 'h1', address = '.0', dice] = [
        random.pick(['h1', 'h2', 'h3']),
        random.pick(range),
        random.next(),
      ];
      if (dice < 0.2) return void (await addresses.quarantine(office, address, answered({ at: 9e15 })));
      if (dice < 0.4) return void (await addresses.release(office, address));
      if (dice < 0.5) return addresses.silent(office, host, [address], registry.clock.now() + 60_000);
      if (!(await claim(registry, id, host)).startsWith('.') || dice < 0.6) return;
      const { rig, version } = await stored(registry, id);
      const setAside: Quarantined = { why: 'in-use', at: 1, host, rig: id };
      const wanted = { ...unplaced(rig), generation: 2 };
      await registry.rigs.swap({ rig: wanted, version, told: [], setAside });
      if (dice < 0.9) await end(registry, id);
    };
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => act(`r${round}-${index}`)));
      const living = await registry.rigs.living();
      const taken = living.map(({ address }) => address);
      expect(new Set(taken).size).toBe(taken.length);
      const [map] = await addresses.map();
      expect([...(map?.held ?? [])].toSorted()).toEqual(
        living.map(({ address, id }) => [address, id]).toSorted(),
      );
      // What is neither held nor set aside is free, and nothing is lost.
      const away = new Set([...(map?.held.keys() ?? []), ...(map?.quarantined.keys() ?? [])]);
      expect(map?.hosts.map(({ free }) => free)).toEqual(
        [range, range.slice(4), range.slice(8)].map((own) => own.filter((one) => !away.has(one)).length),
      );
    }
  });
});
