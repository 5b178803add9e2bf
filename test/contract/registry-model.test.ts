// Random stories of claims, saves, gives, crashes, restarts, releases, registrations and adoptions: Redis answers as the fake
// does, no two living rigs ever have one address on a LAN or one licence anywhere, and each is one person's. A failure prints its
// seed; FC_SEED runs it again.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import { adoptionAudit } from '../../src/rig/audit.ts';
import { isLiving, type Rig, type RigState } from '../../src/rig/rig.ts';
import { createMemoryRegistry } from '../support/memory-registry.ts';
import { aClaim, anUnplacedRig, aRegistration } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const people = ['UANNA', 'UBOB'] as const;
const addresses = ['.1', '.2', '.3', '.4', '.5'];
const licences = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(12));
/** At first; the third host gives its rigs none. */
const licencesOf: Readonly<Record<string, readonly string[]>> = {
  h1: licences.slice(0, 3),
  h2: licences.slice(1, 4),
};

const states: readonly RigState[] = [
  { kind: 'starting', since: 1, phase: { kind: 'pulling', percent: undefined } },
  { kind: 'running', since: 2 },
  { kind: 'stopping', since: 3, reason: { kind: 'expired' } },
];
const crashed: RigState = {
  kind: 'crashed',
  since: 3,
  crash: { reason: { kind: 'removed' }, tail: [] },
  until: 9,
};
// Later than any release of the story, which would stand against it.
const setAside = { why: 'answered', at: 9e15, host: 'h1', mac: 'ea:03:20:43:76:99' } as const;
const running: RigState = { kind: 'running', since: 4 };
const failed: RigState = { kind: 'failed', since: 4, reason: { kind: 'superseded' } };

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      name: fc.constantFrom('ant', 'bee', 'cat', 'dog', 'elk', 'fox'),
      owner: fc.constantFrom(...people),
      host: fc.constantFrom(...hosts),
      lan: fc.constantFrom('office', 'office', 'office', 'lab'),
      perUser: fc.constantFrom(2, 9, 9),
      fleet: fc.constantFrom(undefined, undefined, 4),
      slots: fc.constantFrom(2, 9),
      request: fc.nat(200),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      rig: fc.nat(20),
      state: fc.constantFrom(...states),
      isStale: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      rig: fc.nat(20),
      to: fc.constantFrom(...people),
      perUser: fc.constantFrom(1, 2, 9, undefined),
      isStale: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'restart' as const), rig: fc.nat(20) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lease' as const),
      rig: fc.nat(20),
      end: fc.constantFrom(undefined, 100, 200, 300),
      idleStop: fc.constantFrom(undefined, 150, 250),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), rig: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('register' as const),
      host: fc.constantFrom(...hosts),
      lan: fc.constantFrom('office', 'office', 'lab'),
      addresses: fc.shuffledSubarray(addresses),
      slots: fc.integer({ min: 1, max: 5 }),
      shared: fc.constantFrom(true, true, false),
      licences: fc.shuffledSubarray(licences),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('set-aside' as const, 'lift' as const),
      lan: fc.constantFrom('office', 'office', 'lab'),
      address: fc.constantFrom(...addresses),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('swap' as const), rig: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('probe' as const),
      host: fc.constantFrom(...hosts),
      silent: fc.subarray(addresses),
    }),
  },
  // As of a registry that was lost: one that nobody knows, or one that is known already.
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('adopt' as const),
      rig: fc.option(fc.nat(20), { nil: undefined }),
      name: fc.constantFrom('ant', 'gnu'),
      address: fc.constantFrom(...addresses),
      licence: fc.constantFrom(undefined, ...licences),
      isOver: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('drain' as const), rig: fc.nat(20), count: fc.nat(3) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Change = Extract<Step, { kind: 'save' | 'give' | 'crash' | 'restart' | 'lease' | 'release' }>;

const changed = (rig: Rig, change: Change): Rig => {
  switch (change.kind) {
    case 'save':
      return { ...rig, state: change.state };
    case 'give':
      return { ...rig, owner: { id: change.to, name: change.to } };
    case 'crash':
      return { ...rig, state: crashed };
    case 'restart':
      return { ...rig, generation: rig.generation + 1, state: { kind: 'placed', since: 5 } };
    case 'lease':
      return {
        ...rig,
        lease: { end: change.end, cap: undefined, rev: rig.lease.rev + 1, idleStop: change.idleStop },
      };
    case 'release':
      return { ...rig, state: failed };
  }
};

/** Does one step and says what it answered. `ids`: the rigs that there were so far, in order. */
const apply = async (
  registry: Registry,
  one: Step,
  ids: readonly string[],
  next: string,
): Promise<unknown> => {
  const { rigs, presence, outbox, addresses: all } = registry;
  switch (one.kind) {
    case 'claim': {
      const { name, owner, host, lan, perUser, fleet, slots, request } = one;
      const network = { lan, mode: 'ipvlan', subnet: '10.0.0.0/24' } as const;
      const rig = { name, owner: { id: owner, name: owner }, host, network, created: ids.length };
      return rigs.claim(aClaim(next, { rig, limits: { perUser, fleet }, slots, request: String(request) }));
    }
    case 'save':
    case 'give':
    case 'crash':
    case 'restart':
    case 'lease':
    case 'release': {
      const id = ids[one.rig % Math.max(1, ids.length)] ?? 'none';
      const found = await rigs.get(id);
      if (!found) return 'none';
      const isStale = (one.kind === 'save' || one.kind === 'give') && one.isStale;
      const version = found.version - (isStale ? 1 : 0);
      const told = [{ id: `${id}.${version}.0`, news: { kind: 'card', progress: false } as const }];
      const audit = { at: version, by: { kind: 'bot' }, what: `${one.kind} ${id}`, outcome: 'done' } as const;
      const perUser = one.kind === 'give' ? one.perUser : undefined;
      const rig = changed(found.rig, one);
      return rigs.save({ rig, version, told, release: one.kind === 'release', audit, perUser });
    }
    case 'register': {
      const { host: name, lan, addresses: range, slots, shared, licences: known } = one;
      const { kind } = await presence.take(
        aRegistration({ name, lan, addresses: range, slots, shared, licences: known }),
        's1',
      );
      // With which of several hosts it overlaps is nobody's promise.
      return kind;
    }
    case 'set-aside':
      return all.quarantine(one.lan, one.address, setAside);
    case 'lift':
      return all.release(one.lan, one.address);
    case 'probe':
      return all.silent('office', one.host, one.silent, Date.now() + 3_600_000);
    case 'swap': {
      const found = await rigs.get(ids[one.rig % Math.max(1, ids.length)] ?? 'none');
      if (!found) return 'none';
      const { address: _, ...rig } = { ...found.rig, generation: found.rig.generation + 1 };
      const told = [{ id: `${rig.id}.${found.version}.0`, news: { kind: 'card', progress: false } as const }];
      const audit = { at: found.version, by: { kind: 'bot' }, what: 'swap', outcome: 'done' } as const;
      return rigs.swap({
        rig,
        version: found.version,
        told,
        audit,
        setAside: { ...setAside, why: 'in-use' },
      });
    }
    case 'adopt': {
      const found = one.rig === undefined ? undefined : await rigs.get(ids[one.rig % ids.length] ?? 'none');
      // What is over is taken in only where nobody knew it, and nothing is that is known to be over.
      if (found && !isLiving(found.rig)) return 'none';
      const { name, address, licence } = one;
      const isOver = one.isOver && !found;
      const born = { ...anUnplacedRig(next, { name, created: ids.length }), address };
      const rig: Rig = { ...(found?.rig ?? born), licenceId: licence, state: isOver ? failed : running };
      const told = [{ id: `${rig.id}.0.0`, news: { kind: 'card', progress: false } as const }];
      const version = (found?.version ?? 0) + 1;
      const audit = adoptionAudit(rig, ids.length);
      return rigs.adopt({ rig, version, expected: found?.version, card: undefined, told, audit });
    }
    case 'drain': {
      const lease = await outbox.lease(ids[one.rig % Math.max(1, ids.length)] ?? 'none', 60_000);
      const entries = await lease?.entries();
      await lease?.done(one.count, undefined);
      await lease?.giveBack();
      return entries;
    }
  }
};

const look = async (
  { rigs, hosts: all, outbox, fence, audit, addresses: map, licences: pools }: Registry,
  ids: readonly string[],
) => ({
  ending: (await rigs.endingBefore(Number.MAX_SAFE_INTEGER)).map(({ id }) => id).toSorted(),
  audit: (await audit.page(undefined, 1000)).entries,
  living: await rigs.living(),
  map: await map.map(),
  mine: await Promise.all(people.map((user) => rigs.ownedBy(user))),
  lists: [await rigs.unsettled(), await rigs.endless(), await rigs.idling(), await rigs.newest()],
  pages: await Promise.all([0, 2].map((offset) => rigs.page({ first: people[0] ?? '', offset, count: 3 }))),
  // Each by its own clock.
  hosts: [...(await all.current()), ...(await all.list())].map((host) => ({
    ...host,
    seen: undefined,
  })),
  pools: [...(await pools.pools())].toSorted(),
  holders: await pools.holders([...(await pools.pools()).keys()], 3),
  waiting: (await outbox.waiting()).toSorted(),
  claims: await Promise.all(ids.map((id) => fence.claim(id))),
});

const expectDistinct = async ({ rigs }: Registry) => {
  const living = await rigs.living();
  const places = living.map(({ network, address }) => `${network.lan} ${address}`);
  expect(new Set(places).size).toBe(places.length);
  const own = living.flatMap(({ licenceId }) => licenceId ?? []);
  expect(new Set(own).size).toBe(own.length);
};

const expectOneOwnerEach = async ({ rigs }: Registry) => {
  const owned = await Promise.all(
    people.map(async (user) =>
      (await rigs.ownedBy(user)).map(({ id, owner }) => `${id} ${user} ${owner.id}`),
    ),
  );
  const living = (await rigs.living()).map(({ id, owner }) => `${id} ${owner.id} ${owner.id}`);
  expect(owned.flat().toSorted()).toEqual(living.toSorted());
};

let redis: PrivateRedis | undefined;
beforeAll(async () => {
  redis = await startPrivateRedis();
});
afterAll(async () => redis?.stop());

test('whatever happens in whatever order, Redis answers as the fake does', async () => {
  const address = addressOf(redis?.url ?? '');
  const story = async (steps: readonly Step[]) => {
    const real = await connectRegistry({ address, installation: randomUUID(), log: silent });
    const fake = createMemoryRegistry();
    const ids: string[] = [];
    try {
      for (const host of hosts) {
        const registration = aRegistration({ name: host, addresses, licences: licencesOf[host] });
        await real.presence.take(registration, 's1');
        await fake.presence.take(registration, 's1');
      }
      for (const one of steps) {
        const next = `r${ids.length}`;
        expect(await apply(real, one, ids, next)).toEqual(await apply(fake, one, ids, next));
        if (await real.rigs.get(next)) ids.push(next);
        await expectDistinct(real);
        await expectOneOwnerEach(real);
      }
      expect(await look(real, ids)).toEqual(await look(fake, ids));
    } finally {
      real.close();
    }
  };
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), story), {
    seed,
    numRuns: 200,
  });
});
