// The addresses of the registry in memory: what is free, what is set aside, and what hosts saw.

import type { Addresses, LanMap } from '../../src/ports/hosts.ts';
import type { Duration, Instant } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import type { Quarantined, Sighting } from '../../src/rig/quarantine.ts';
import type { HostName, LanId, RigId } from '../../src/rig/rig.ts';

export type HostEntry = {
  registration: Registration;
  lock: { session: string; until: Instant } | undefined;
};

/** The part of the store that is about addresses. */
export type AddressStore = {
  readonly now: () => Instant;
  readonly length: Duration;
  readonly hosts: Map<string, HostEntry>;
  /** LAN and address → who has it. */
  readonly held: Map<string, RigId>;
  /** LAN and address → the how manyth release this was, and when. */
  readonly released: Map<string, { readonly number: number; readonly at: Instant }>;
  readonly quarantine: Map<string, Quarantined>;
  /** Host, LAN and address → until when it counts that nobody answered. */
  readonly probed: Map<string, Instant>;
  readonly sightings: Map<string, Sighting>;
  readonly epochs: { readonly isAdopting: (lan: LanId) => boolean };
};

export const createAddressStore = (): Pick<
  AddressStore,
  'held' | 'released' | 'quarantine' | 'probed' | 'sightings'
> => ({
  held: new Map(),
  released: new Map(),
  quarantine: new Map(),
  probed: new Map(),
  sightings: new Map(),
});

export const place = (lan: LanId, address: string): string => `${lan} ${address}`;
const probeOf = (host: HostName, lan: LanId, address: string): string =>
  `${host.toLowerCase()} ${place(lan, address)}`;

/** The free addresses of a host on this LAN, least recently released first; never released ones before all others. */
export const freeOn = (
  { held, released, quarantine }: AddressStore,
  lan: LanId,
  entry: HostEntry | undefined,
): readonly string[] => {
  if (entry?.registration.lan !== lan) return [];
  const rank = (address: string) => released.get(place(lan, address))?.number ?? 0;
  return entry.registration.addresses
    .filter((address) => !held.has(place(lan, address)) && !quarantine.has(place(lan, address)))
    .sort((one, other) => rank(one) - rank(other));
};

/** The one that a claim takes. */
export const nextAddress = (
  store: AddressStore,
  lan: LanId,
  entry: HostEntry | undefined,
): string | undefined => {
  const free = freeOn(store, lan, entry);
  const host = entry?.registration.name ?? '';
  const isSilent = (address: string): boolean =>
    (store.probed.get(probeOf(host, lan, address)) ?? 0) > store.now();
  return free.slice(0, 16).find(isSilent) ?? free[0];
};

export const noteRelease = ({ released, now }: AddressStore, key: string): void => {
  const last = Math.max(0, ...[...released.values()].map(({ number }) => number));
  released.set(key, { number: last + 1, at: now() });
};

/** The first other host of this LAN that has some of these addresses, unless both share theirs. */
export const overlapWith = (
  { hosts }: AddressStore,
  { name, lan, addresses, shared }: Registration,
): { readonly host: HostName; readonly addresses: readonly string[] } | undefined => {
  for (const { registration: other } of hosts.values()) {
    if (other.name.toLowerCase() === name.toLowerCase() || other.lan !== lan) continue;
    if (shared && other.shared) continue;
    const common = addresses.filter((address) => other.addresses.includes(address));
    if (common.length > 0) return { host: other.name, addresses: common };
  }
  return undefined;
};

const entriesOf = <T>(map: ReadonlyMap<string, T>, lan: LanId): Map<string, T> =>
  new Map(
    [...map]
      .filter(([key]) => key.startsWith(`${lan} `))
      .map(([key, value]) => [key.slice(lan.length + 1), structuredClone(value)]),
  );

const mapOf = (store: AddressStore): readonly LanMap[] => {
  const hosts = [...store.hosts.values()];
  const lans = [...new Set(hosts.map(({ registration }) => registration.lan))];
  return lans
    .sort((one, other) => one.localeCompare(other, 'en'))
    .map((lan) => ({
      lan,
      hosts: hosts
        .filter(({ registration }) => registration.lan === lan)
        .map((entry) => {
          const { name, range, shared, notes, addresses } = entry.registration;
          const free = freeOn(store, lan, entry).length;
          return { name, range, shared, notes, size: addresses.length, free };
        })
        .sort((one, other) => one.name.localeCompare(other.name, 'en')),
      held: entriesOf(store.held, lan),
      quarantined: entriesOf(store.quarantine, lan),
    }));
};

export const createAddresses = (store: AddressStore): Addresses => ({
  map: async () => mapOf(store),
  quarantined: async () => {
    const lans = new Set([...store.quarantine.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))));
    return new Map([...lans].map((lan) => [lan, entriesOf(store.quarantine, lan)]));
  },
  quarantine: async (lan, address, entry) => {
    const key = place(lan, address);
    if (store.epochs.isAdopting(lan)) return 'adopting';
    if (store.held.has(key)) return 'held';
    if (store.quarantine.has(key)) return 'known';
    if ((store.released.get(key)?.at ?? Number.NEGATIVE_INFINITY) >= entry.at) return 'released';
    store.quarantine.set(key, structuredClone(entry));
    // That it was silent once says nothing any more.
    for (const { registration } of store.hosts.values()) {
      if (registration.lan === lan && registration.addresses.includes(address))
        store.probed.delete(probeOf(registration.name, lan, address));
    }
    return 'quarantined';
  },
  release: async (lan, address, why) => {
    const key = place(lan, address);
    const entry = store.quarantine.get(key);
    if (!entry || (why !== undefined && entry.why !== why)) return 'not-quarantined';
    store.quarantine.delete(key);
    if (!store.held.has(key)) noteRelease(store, key);
    return 'released';
  },
  sight: async (one) => {
    const key = one.host.toLowerCase();
    if (one.seen.length === 0) store.sightings.delete(key);
    else store.sightings.set(key, structuredClone(one));
  },
  sightings: async () => structuredClone([...store.sightings.values()]),
  toProbe: async (lan, host, count) => {
    if (store.epochs.isAdopting(lan)) return { free: [], answered: [] };
    const entry = store.hosts.get(host.toLowerCase());
    const free = freeOn(store, lan, entry).slice(0, count);
    const range = entry?.registration.lan === lan ? entry.registration.addresses : [];
    return {
      free: free.map((address) => ({
        address,
        until: store.probed.get(probeOf(host, lan, address)) ?? 0,
      })),
      answered: range.filter((address) => store.quarantine.get(place(lan, address))?.why === 'answered'),
    };
  },
  silent: async (lan, host, addresses, until) => {
    for (const address of addresses) store.probed.set(probeOf(host, lan, address), until);
  },
});
