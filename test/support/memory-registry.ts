// The registry in memory, with the same behaviour as the one in Redis: the contract suites hold both to it.

import type { Audit, Notices } from '../../src/ports/audit.ts';
import type { Breaker, Hosts, Presence } from '../../src/ports/hosts.ts';
import type { CardPlace, OutboxLease } from '../../src/ports/outbox.ts';
import type { Adoption, Homes, Rigs, StoredRig } from '../../src/ports/registry.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { isSharedWith } from '../../src/rig/access.ts';
import type { AuditEntry } from '../../src/rig/audit.ts';
import type { Tripped } from '../../src/rig/breaker.ts';
import type { ClaimOutcome, ClaimRequest, HeldClaim } from '../../src/rig/claim.ts';
import { type Duration, type Instant, second } from '../../src/rig/duration.ts';
import { type Draining, type Host, stateOfHost } from '../../src/rig/host.ts';
import { isEndless, isIdling, isUnsettled } from '../../src/rig/indices.ts';
import { earliestStop } from '../../src/rig/lease.ts';
import type { Told } from '../../src/rig/news.ts';
import { causeOf, type Notice } from '../../src/rig/notice.ts';
import type { Quarantined } from '../../src/rig/quarantine.ts';
import type { RigRecord } from '../../src/rig/record.ts';
import { type HostName, hasOpenLease, isLiving, type Rig, type RigId } from '../../src/rig/rig.ts';
import { isInUse, isKnown, type SeenUse } from '../../src/rig/use.ts';
import type { UseSample } from '../../src/rig/use-sample.ts';
import {
  type AddressStore,
  createAddresses,
  createAddressStore,
  freeOn,
  type HostEntry,
  nextAddress,
  noteRelease,
  overlapWith,
  place,
} from './memory-addresses.ts';

import { createMemoryBots, createMemoryReaches } from './memory-bots.ts';
import { createMemoryEpochs, type MemoryEpochs } from './memory-epochs.ts';
import {
  createLicenceStore,
  createLicences,
  giveBackLicence,
  type LicenceStore,
  nextLicence,
  poolOfHost,
} from './memory-licences.ts';
import { createMemorySurveys } from './memory-surveys.ts';

export type MemoryRegistryOptions = {
  readonly now?: (() => Instant) | undefined;
  readonly presence?: Duration | undefined;
  readonly auditKeep?: Duration | undefined;
};

type Store = AddressStore &
  LicenceStore & {
    readonly rigs: Map<RigId, StoredRig>;
    readonly living: Set<RigId>;
    readonly claims: Map<RigId, HeldClaim>;
    readonly requests: Map<string, RigId>;
    readonly draining: Map<string, Draining>;
    readonly seen: Map<string, Instant>;
    readonly breaker: Map<string, Tripped>;
    readonly watched: { at: Instant | undefined };
    readonly took: Map<string, Duration[]>;
    readonly news: Map<RigId, Told[]>;
    readonly cards: Map<RigId, CardPlace>;
    readonly leases: Map<RigId, { token: symbol; until: Instant }>;
    readonly sending: Map<RigId, Told['id']>;
    readonly auditKeep: Duration;
    /** With the moment at which it was written, and the how manyth it was. */
    readonly audit: { readonly number: number; readonly written: Instant; readonly entry: AuditEntry }[];
    readonly notices: Map<string, { notice: Notice; quiet: Duration; takenUntil: Instant }>;
    readonly noticesTold: Map<string, Instant>;
    readonly homes: Map<string, Instant>;
    readonly uses: Map<RigId, SeenUse>;
    /** Host → how many changes its rigs have seen. */
    readonly changes: Map<string, number>;
    readonly epochs: MemoryEpochs;
  };

const createStore = ({
  now = Date.now,
  presence = 15 * second,
  auditKeep = Number.POSITIVE_INFINITY,
}: MemoryRegistryOptions): Store => ({
  auditKeep,
  now,
  length: presence,
  rigs: new Map(),
  living: new Set(),
  claims: new Map(),
  requests: new Map(),
  hosts: new Map(),
  ...createAddressStore(),
  ...createLicenceStore(),
  draining: new Map(),
  seen: new Map(),
  breaker: new Map(),
  watched: { at: undefined },
  took: new Map(),
  news: new Map(),
  cards: new Map(),
  leases: new Map(),
  sending: new Map(),
  audit: [],
  notices: new Map(),
  noticesTold: new Map(),
  homes: new Map(),
  uses: new Map(),
  changes: new Map(),
  epochs: createMemoryEpochs(now),
});

const hostOf = (store: Store, name: HostName) => store.hosts.get(name.toLowerCase());

const byAge = (one: Rig, other: Rig): number => one.created - other.created || (one.id < other.id ? -1 : 1);

const livingRigs = (store: Store): Rig[] =>
  [...store.living].flatMap((id) => store.rigs.get(id)?.rig ?? []).sort(byAge);

const onHost = (store: Store, host: HostName) =>
  livingRigs(store).filter((rig) => rig.host.toLowerCase() === host.toLowerCase());

const tell = ({ news }: Store, id: RigId, told: readonly Told[]): void => {
  if (told.length > 0) news.set(id, [...(news.get(id) ?? []), ...structuredClone(told)]);
};

/** What is too old goes when something is written. */
const note = ({ audit, auditKeep, now }: Store, entry: AuditEntry): void => {
  const last = audit.at(-1);
  const oldest = now() - auditKeep;
  audit.splice(0, audit.length, ...audit.filter(({ written }) => written >= oldest));
  audit.push({ number: (last?.number ?? 0) + 1, written: now(), entry: structuredClone(entry) });
};

const countChange = ({ changes }: Store, host: HostName): void =>
  void changes.set(host.toLowerCase(), (changes.get(host.toLowerCase()) ?? 0) + 1);

const recordOf = ({ rigs, cards }: Store, id: RigId): RigRecord | undefined => {
  const stored = rigs.get(id);
  if (!stored) return undefined;
  const { rig, version } = stored;
  const { address, licenceId, ...body } = rig;
  const { end, cap, rev } = rig.lease;
  const card = cards.get(id);
  const text = {
    version,
    address,
    body: JSON.stringify(body),
    licence: licenceId ?? null,
    card: card ? JSON.stringify(card) : null,
  };
  return {
    rig: id,
    generation: rig.generation,
    version,
    lease: { end, cap, rev },
    text: JSON.stringify(text),
  };
};

const refuse = (store: Store, { rig, limits, slots, request }: ClaimRequest): ClaimOutcome | undefined => {
  const first = store.requests.get(request);
  if (first !== undefined) return { kind: 'repeated', rig: first };
  if (store.epochs.isAdopting(rig.network.lan)) return { kind: 'adopting' };
  const living = livingRigs(store);
  const holder = living.find(({ name }) => name === rig.name);
  if (holder) return { kind: 'name-taken', holder: holder.id };
  const mine = living.filter(({ owner }) => owner.id === rig.owner.id);
  if (mine.length >= limits.perUser) return { kind: 'user-quota' };
  if (limits.fleet !== undefined && living.length >= limits.fleet) return { kind: 'fleet-quota' };
  if (store.draining.has(rig.host.toLowerCase())) return { kind: 'host-draining' };
  if (onHost(store, rig.host).length >= slots) return { kind: 'host-full' };
  return undefined;
};

const claim = (store: Store, request: ClaimRequest): ClaimOutcome => {
  const no = refuse(store, request);
  if (no) return no;
  const { id, generation, host } = request.rig;
  if (store.rigs.has(id)) throw new Error(`rig ${id} is known already`);
  const { lan } = request.rig.network;
  const entry = hostOf(store, host);
  const hasPool = entry !== undefined && poolOfHost(entry.registration) !== undefined;
  if (hasPool && store.epochs.isAnyAdopting()) return { kind: 'licences-unknown' };
  const licence = hasPool ? nextLicence(store, entry.registration) : undefined;
  if (hasPool && licence === undefined) return { kind: 'no-licence' };
  const address = nextAddress(store, lan, entry);
  if (address === undefined) return { kind: 'no-address' };
  const own = licence === undefined ? {} : { licenceId: licence };
  const rig: Rig = structuredClone({ ...request.rig, address, ...own });
  store.held.set(place(lan, address), id);
  if (licence !== undefined) store.licencesHeld.set(licence, id);
  store.rigs.set(id, { rig, version: 1 });
  store.living.add(id);
  store.claims.set(id, { generation, host, lan, address, stopping: false });
  store.requests.set(request.request, id);
  countChange(store, host);
  store.epochs.rose();
  tell(store, id, request.told);
  note(store, request.audit);
  return { kind: 'claimed', rig };
};

const release = (
  store: Store,
  { id, network, address, licenceId }: Rig,
  setAside: Quarantined | undefined,
): void => {
  giveBackLicence(store, licenceId, id);
  const key = place(network.lan, address);
  if (store.held.get(key) === id) {
    store.held.delete(key);
    noteRelease(store, key);
    if (setAside) setAsideAt(store, key, setAside);
  }
  store.living.delete(id);
  store.claims.delete(id);
};

/** Only a claim and an adoption give one. */
const ownLicence = ({ licenceId }: Rig): Pick<Rig, 'licenceId'> => ({ licenceId });

/** What was set aside first counts. */
const setAsideAt = ({ quarantine }: Store, key: string, entry: Quarantined): void => {
  if (!quarantine.has(key)) quarantine.set(key, structuredClone(entry));
};

const swap = (store: Store, change: Parameters<Rigs['swap']>[0]): Awaited<ReturnType<Rigs['swap']>> => {
  const { id, host, network, generation } = change.rig;
  const before = store.rigs.get(id);
  if (before?.version !== change.version) return { kind: 'conflict' };
  if (store.epochs.isAdopting(network.lan)) return { kind: 'adopting' };
  const held = store.claims.get(id);
  const address = held && nextAddress(store, network.lan, hostOf(store, host));
  if (held === undefined || address === undefined) return { kind: 'no-address' };
  const old = place(network.lan, before.rig.address);
  if (store.held.get(old) === id) store.held.delete(old);
  store.held.set(place(network.lan, address), id);
  setAsideAt(store, old, change.setAside);
  const rig: Rig = structuredClone({ ...change.rig, address, ...ownLicence(before.rig) });
  store.rigs.set(id, { rig, version: change.version + 1 });
  store.claims.set(id, { ...held, generation, address, stopping: false });
  countChange(store, host);
  store.epochs.rose();
  if (change.audit) note(store, change.audit);
  tell(store, id, change.told);
  return { kind: 'swapped', rig };
};

const isQuotaFull = (store: Store, { rig, perUser }: Parameters<Rigs['save']>[0], before: Rig): boolean =>
  perUser !== undefined &&
  before.owner.id !== rig.owner.id &&
  store.living.has(rig.id) &&
  livingRigs(store).filter(({ owner }) => owner.id === rig.owner.id).length >= perUser;

const save = (store: Store, change: Parameters<Rigs['save']>[0]): 'saved' | 'conflict' | 'user-quota' => {
  const { id } = change.rig;
  const before = store.rigs.get(id);
  if (before?.version !== change.version) return 'conflict';
  if (isQuotaFull(store, change, before.rig)) return 'user-quota';
  const rig = structuredClone({ ...change.rig, address: before.rig.address, ...ownLicence(before.rig) });
  store.rigs.set(id, { rig, version: change.version + 1 });
  const held = store.claims.get(id);
  const stopping = rig.state.kind === 'stopping' || rig.state.kind === 'crashed';
  if (held) store.claims.set(id, { ...held, generation: rig.generation, stopping });
  countChange(store, rig.host);
  store.epochs.rose();
  if (change.audit) note(store, change.audit);
  tell(store, id, change.told);
  if (change.release) release(store, rig, change.quarantine);
  return 'saved';
};

const adopt = (store: Store, { rig, version, expected, card, told, audit }: Adopting): Adoption => {
  const { id, network, address, licenceId, generation, host } = rig;
  const before = store.rigs.get(id);
  if (before?.version !== expected) return { kind: 'conflict' };
  const isAlive = isLiving(rig);
  const namesake = livingRigs(store).find((other) => other.name === rig.name && other.id !== id);
  if (isAlive && namesake) return { kind: 'name-taken', holder: namesake.id };
  const key = place(network.lan, address);
  const holder = store.held.get(key);
  if (isAlive && holder !== undefined && holder !== id) return { kind: 'address-held', holder };
  const user = licenceId === undefined ? undefined : store.licencesHeld.get(licenceId);
  if (isAlive && user !== undefined && user !== id) return { kind: 'licence-held', holder: user };
  if (before && before.rig.licenceId !== licenceId) giveBackLicence(store, before.rig.licenceId, id);
  const old = before && place(network.lan, before.rig.address);
  if (old !== undefined && old !== key && store.held.get(old) === id) {
    store.held.delete(old);
    noteRelease(store, old);
  }
  store.rigs.set(id, { rig: structuredClone(rig), version });
  if (card) store.cards.set(id, structuredClone(card));
  if (isAlive) {
    const stopping = rig.state.kind === 'stopping' || rig.state.kind === 'crashed';
    store.living.add(id);
    store.held.set(key, id);
    if (licenceId !== undefined) store.licencesHeld.set(licenceId, id);
    store.claims.set(id, { generation, host, lan: network.lan, address, stopping });
  }
  countChange(store, host);
  store.epochs.rose();
  note(store, audit);
  tell(store, id, told);
  return { kind: 'adopted' };
};

type Adopting = Parameters<Rigs['adopt']>[0];

const isPresent = (store: Store, entry: HostEntry): boolean =>
  entry.lock !== undefined && entry.lock.until > store.now();

const listHosts = (store: Store): Host[] =>
  [...store.hosts.values()]
    .map((entry): Host => {
      const { name, lan, mode, subnet, slots, image, tags, keyId, engine, version, notes } =
        entry.registration;
      const { external, linkHost } = entry.registration;
      const draining = store.draining.get(name.toLowerCase());
      const rigs = onHost(store, name).length;
      return {
        name,
        state: stateOfHost(isPresent(store, entry), draining),
        draining,
        seen: store.seen.get(name.toLowerCase()),
        network: {
          ...{ lan, mode, subnet },
          ...(external === undefined ? {} : { external }),
          ...(linkHost === undefined ? {} : { linkHost }),
        },
        slots,
        freeSlots: Math.max(0, slots - rigs),
        rigs,
        freeAddresses: freeOn(store, lan, entry).length,
        pool: poolOfHost(entry.registration),
        tag: /:([^/:]+)$/.exec(image.replace(/@.*$/, ''))?.[1] ?? 'latest',
        tags,
        keyId,
        versions: { engine, worker: version },
        ...(notes.length === 0 ? {} : { notes }),
      };
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));

const createPresence = (store: Store): Presence => ({
  take: async (registration, session, asks = false) => {
    const entry = hostOf(store, registration.name);
    if (entry?.lock && isPresent(store, entry) && entry.lock.session !== session) {
      return { kind: 'held', session: entry.lock.session };
    }
    const overlap = overlapWith(store, registration);
    if (overlap) return { kind: 'overlap', ...overlap };
    const lock = { session, until: store.now() + store.length };
    if (asks) store.epochs.ask(registration.name, registration.lan);
    store.seen.set(registration.name.toLowerCase(), store.now());
    store.hosts.set(registration.name.toLowerCase(), { registration: structuredClone(registration), lock });
    return { kind: 'taken' };
  },
  keep: async (host, session) => {
    const entry = hostOf(store, host);
    if (entry?.lock?.session !== session || !isPresent(store, entry)) return false;
    entry.lock.until = store.now() + store.length;
    store.seen.set(host.toLowerCase(), store.now());
    return true;
  },
  giveBack: async (host, session) => {
    const entry = hostOf(store, host);
    if (entry?.lock?.session === session) entry.lock = undefined;
  },
});

const createMarks = (store: Store): Pick<Hosts, 'drain' | 'undrain' | 'forget'> => ({
  drain: async (host, mark) => {
    if (store.draining.has(host.toLowerCase())) return false;
    store.draining.set(host.toLowerCase(), structuredClone(mark));
    return true;
  },
  undrain: async (host) => store.draining.delete(host.toLowerCase()),
  forget: async (host) => {
    const entry = hostOf(store, host);
    if (!entry) return 'unknown';
    if (isPresent(store, entry)) return 'present';
    if (onHost(store, host).length > 0) return 'has-rigs';
    const { hosts, draining, seen, breaker, took, sightings } = store;
    for (const marks of [hosts, draining, seen, breaker, took, sightings]) marks.delete(host.toLowerCase());
    store.epochs.forget(host);
    return 'forgotten';
  },
});

const createBreaker = ({ breaker }: Store): Breaker => ({
  list: async () =>
    structuredClone([...breaker.values()].sort((one, other) => one.host.localeCompare(other.host, 'en'))),
  put: async (said) => {
    const allowed = breaker.get(said.host.toLowerCase())?.allowed;
    const kept: Tripped = { ...said, ...(allowed ? { allowed } : {}) };
    breaker.set(said.host.toLowerCase(), structuredClone(kept));
    return kept;
  },
  allow: async (host, by, at) => {
    const kept = breaker.get(host.toLowerCase());
    if (!kept) return 'nothing-waits';
    breaker.set(host.toLowerCase(), { ...kept, allowed: kept.allowed ?? { by, at } });
    return 'allowed';
  },
  clear: async (host) => void breaker.delete(host.toLowerCase()),
});

const createLease = (store: Store, rig: RigId, length: Duration): OutboxLease => {
  const token = Symbol(rig);
  const isMine = () => {
    const held = store.leases.get(rig);
    return held?.token === token && held.until > store.now();
  };
  const renew = () => store.leases.set(rig, { token, until: store.now() + length });
  renew();
  return {
    entries: async () =>
      (store.news.get(rig) ?? []).map((one) => ({
        ...structuredClone(one),
        uncertain: store.sending.get(rig) === one.id,
      })),
    sending: async (id) => {
      if (!isMine()) throw new Error(`the lease on the outbox of rig ${rig} was lost`);
      renew();
      store.sending.set(rig, id);
    },
    keep: async () => {
      if (!isMine()) return false;
      renew();
      return true;
    },
    done: async (count, card) => {
      if (!isMine()) return false;
      renew();
      const rest = (store.news.get(rig) ?? []).slice(count);
      if (rest.length > 0) store.news.set(rig, rest);
      else store.news.delete(rig);
      store.sending.delete(rig);
      if (card && store.rigs.has(rig)) store.cards.set(rig, structuredClone(card));
      return true;
    },
    giveBack: async () => {
      if (isMine()) store.leases.delete(rig);
    },
  };
};

const endOf = ({ lease }: Rig): Instant => earliestStop(lease) ?? Number.POSITIVE_INFINITY;

const middle = (took: readonly Duration[]): Duration | undefined => {
  const sorted = took.toSorted((one, other) => one - other);
  const [low = 0, high = 0] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return sorted.length < 3 ? undefined : Math.round((low + high) / 2);
};

const lastOf = (
  { audit, auditKeep, now }: Store,
  count: number,
  isAbout: (entry: AuditEntry) => boolean,
): readonly AuditEntry[] => {
  const young = audit.filter(({ entry }) => isAbout(entry) && entry.at >= now() - auditKeep);
  return structuredClone(young.slice(-Math.min(200, Math.max(1, count))).map(({ entry }) => entry));
};

const createAudit = (store: Store): Audit => ({
  append: async (entry) => note(store, entry),
  ofRig: async (name, count) => lastOf(store, count, ({ rig }) => rig?.name === name),
  ofHost: async (name, count) =>
    lastOf(store, count, ({ host, rig }) => rig === undefined && host?.toLowerCase() === name.toLowerCase()),
  page: async (after, count) => {
    const rows = store.audit.filter(({ number }) => number > Number(after ?? 0)).slice(0, count);
    const next = rows.length < count ? undefined : rows.at(-1)?.number;
    return {
      entries: structuredClone(rows.map(({ entry }) => entry)),
      next: next === undefined ? next : String(next),
    };
  },
});

const createNotices = ({ notices, noticesTold, now }: Store): Notices => ({
  put: async (notice, quiet) => {
    const cause = causeOf(notice);
    if ((noticesTold.get(cause) ?? 0) > now() || notices.has(cause)) return;
    notices.set(cause, { notice: structuredClone(notice), quiet, takenUntil: 0 });
  },
  take: async (length) => {
    const free = [...notices.values()].find(({ takenUntil }) => takenUntil <= now());
    if (free) free.takenUntil = now() + length;
    return structuredClone(free?.notice);
  },
  told: async (notice) => {
    const cause = causeOf(notice);
    const waiting = notices.get(cause);
    if (waiting) noticesTold.set(cause, now() + waiting.quiet);
    notices.delete(cause);
  },
});

const createHomes = ({ homes }: Store): Homes => ({
  opened: async (user, at) => void homes.set(user, at),
  isOpenSince: async (user, moment) => (homes.get(user) ?? Number.NEGATIVE_INFINITY) >= moment,
});

const recordUse = ({ rigs, uses }: Store, { rig, generation, at, use }: UseSample): void => {
  const seen = uses.get(rig);
  const isNews =
    seen === undefined || generation > seen.generation || (generation === seen.generation && at > seen.at);
  if (!rigs.has(rig) || !isNews) return;
  const before = seen?.generation === generation ? seen : undefined;
  const usedAt = isInUse(use) ? at : before?.usedAt;
  const knownAt = isKnown(use) ? at : before?.knownAt;
  uses.set(rig, { generation, at, use: structuredClone(use), usedAt, knownAt });
};

/** `now` and the length of a presence can be set, so that a unit test need not wait. */
export const createMemoryRegistry = (options: MemoryRegistryOptions = {}): Registry => {
  const store = createStore(options);
  return {
    rigs: {
      get: async (id) => structuredClone(store.rigs.get(id)),
      named: async (name) => {
        const found = livingRigs(store).find((rig) => rig.name === name);
        return found && structuredClone(store.rigs.get(found.id));
      },
      living: async () => structuredClone(livingRigs(store)),
      // One each, from the youngest on, so that every batch is looked for.
      batch: async (from) => {
        const living = livingRigs(store);
        const place = (from ?? living.length) - 1;
        const rigs = structuredClone(living.slice(Math.max(0, place), place + 1));
        return { rigs, next: place > 0 ? place : undefined };
      },
      page: async ({ first, offset, count }) => {
        const living = livingRigs(store);
        const [mine, others] = [true, false].map((own) =>
          living.filter(({ owner }) => (owner.id === first) === own),
        );
        const rigs = [...(mine ?? []), ...(others ?? [])].slice(offset, offset + count);
        return structuredClone({ rigs, total: living.length });
      },
      newest: async () => structuredClone(livingRigs(store).at(-1)),
      sharedWith: async (user) => structuredClone(livingRigs(store).filter((rig) => isSharedWith(rig, user))),
      unsettled: async () => structuredClone(livingRigs(store).filter(isUnsettled)),
      endless: async () => structuredClone(livingRigs(store).filter(isEndless)),
      idling: async () => structuredClone(livingRigs(store).filter(isIdling)),
      mendIndices: async () => 0,
      endingBefore: async (moment) =>
        structuredClone(
          livingRigs(store)
            .filter((rig) => hasOpenLease(rig) && endOf(rig) < moment)
            .sort((one, other) => endOf(one) - endOf(other)),
        ),
      onHost: async (host) =>
        structuredClone(onHost(store, host).flatMap(({ id }) => store.rigs.get(id) ?? [])),
      adopt: async (adoption) => adopt(store, adoption),
      ownedBy: async (user) => structuredClone(livingRigs(store).filter(({ owner }) => owner.id === user)),
      claim: async (request) => structuredClone(claim(store, request)),
      save: async (change) => save(store, change),
      swap: async (change) => structuredClone(swap(store, change)),
    },
    epochs: store.epochs.port(
      () => [...store.hosts.values()].map(({ registration }) => registration.lan),
      (lan) =>
        [...store.hosts.values()].flatMap((entry) =>
          entry.registration.lan === lan && isPresent(store, entry) ? [entry.registration.name] : [],
        ),
    ),
    surveys: createMemorySurveys(),
    records: {
      changes: async (host) => store.changes.get(host.toLowerCase()) ?? 0,
      ofHost: async (host) => onHost(store, host).flatMap(({ id }) => recordOf(store, id) ?? []),
      of: async (rig) => recordOf(store, rig),
    },
    breaker: createBreaker(store),
    licences: createLicences(
      store,
      () => [...store.hosts.values()].map(({ registration }) => registration),
      (id) => store.rigs.get(id)?.rig,
      (id) => store.claims.get(id)?.stopping === true,
    ),
    hosts: {
      ...createMarks(store),
      list: async () => structuredClone(listHosts(store)),
      current: async () => structuredClone(listHosts(store)),
      usualTook: async (host) => middle(store.took.get(host.toLowerCase()) ?? []),
      recordTook: async (host, took) => {
        const key = host.toLowerCase();
        store.took.set(key, [Math.round(took), ...(store.took.get(key) ?? [])].slice(0, 20));
      },
    },
    outbox: {
      waiting: async () => [...store.news.keys()],
      lease: async (rig, length) =>
        (store.leases.get(rig)?.until ?? 0) > store.now() ? undefined : createLease(store, rig, length),
    },
    watch: {
      last: async () => store.watched.at,
      note: async (moment) => {
        store.watched.at = moment;
      },
    },
    uses: {
      record: async (samples) => {
        for (const sample of samples) recordUse(store, sample);
      },
      of: async (rig) => structuredClone(store.uses.get(rig)),
      ofRigs: async (rigs) => structuredClone(new Map([...store.uses].filter(([rig]) => rigs.includes(rig)))),
    },
    cards: {
      get: async (rig) => structuredClone(store.cards.get(rig)),
      put: async (rig, card) => {
        if (store.rigs.has(rig)) store.cards.set(rig, structuredClone(card));
      },
    },
    addresses: createAddresses(store),
    audit: createAudit(store),
    notices: createNotices(store),
    homes: createHomes(store),
    fence: { claim: async (rig) => structuredClone(store.claims.get(rig)) },
    presence: createPresence(store),
    bots: createMemoryBots(store.now),
    reaches: createMemoryReaches(),
    clock: { now: () => store.now() },
    check: async () => ({ faults: [], weaknesses: [] }),
    close: () => undefined,
  };
};
