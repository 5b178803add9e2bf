// The choice of a host. Filters have names, so that a "no" lists its reasons; among those left a score decides.

import type { ClaimOutcome } from './claim.ts';
import { type Host, isSameHost } from './host.ts';
import type { PoolId } from './licence.ts';
import type { HostName, LanId } from './rig.ts';

/** Why a host was passed over: `is full (8 of 8)`. */
export type Reason = { readonly host: HostName; readonly why: string };

export type Placement =
  | { readonly kind: 'placed'; readonly host: Host; readonly passedOver: readonly Reason[] }
  | { readonly kind: 'unknown-host'; readonly asked: HostName; readonly known: readonly HostName[] }
  | { readonly kind: 'nowhere'; readonly reasons: readonly Reason[] };

/** What placement wants to know of the rig. */
export type Wanted = {
  /** `on HOST`: honoured or refused, never ignored. */
  readonly on: HostName | undefined;
  /** `undefined`: whichever the host starts usually. */
  readonly tag: string | undefined;
  /** Of the secrets that we can derive its password with. */
  readonly keyIds: readonly string[];
  /** Where its owner's living rigs are, one name for each. */
  readonly mine: readonly HostName[];
  /** LANs of which nothing is given out at the moment, as far as that is known; a claim knows. */
  readonly adopting?: ReadonlySet<LanId> | undefined;
  /** Pools of which rigs have all licences, as far as that is known; a claim knows. */
  readonly emptyPools?: ReadonlySet<PoolId> | undefined;
  /** No licence is given out at the moment. */
  readonly licencesUnknown?: boolean | undefined;
};

type Filter = {
  readonly accepts: (host: Host, wanted: Wanted) => boolean;
  readonly why: (host: Host) => string;
};

const noAddress = 'has no free address';
const noLicence = 'has no free licence';

const full = 'is full';
const whyFull = ({ rigs, slots }: Pick<Host, 'rigs' | 'slots'>): string => `${full} (${rigs} of ${slots})`;

const whyAdopting = 'is being asked what it has, since the registry was lost (try again in a minute)';
const whyUnknown =
  'gives out no licence while other hosts are asked which ones they have, since the registry was lost (try again in a minute)';

const filters: readonly Filter[] = [
  {
    accepts: ({ state }) => state !== 'unreachable',
    why: ({ draining }) => (draining === undefined ? 'is unreachable' : 'is unreachable and draining'),
  },
  { accepts: ({ state }) => state !== 'draining', why: () => 'is draining' },
  // We could not tell its password. A worker of an older version does not say which secret it has: as before, it is ours.
  {
    accepts: ({ keyId }, { keyIds }) => keyId === undefined || keyIds.includes(keyId),
    why: () => 'has another WCS_SECRET',
  },
  { accepts: ({ network }, { adopting }) => adopting?.has(network.lan) !== true, why: () => whyAdopting },
  { accepts: ({ freeSlots }) => freeSlots > 0, why: whyFull },
  {
    accepts: ({ pool }, { licencesUnknown }) => pool === undefined || licencesUnknown !== true,
    why: () => whyUnknown,
  },
  {
    accepts: ({ pool }, { emptyPools }) => pool === undefined || emptyPools?.has(pool) !== true,
    why: () => noLicence,
  },
  { accepts: ({ freeAddresses }) => freeAddresses > 0, why: () => noAddress },
];

/** True at the call site: would a rig that ends be of help? */
export const isForWantOfRoom = (reason: Reason): boolean =>
  reason.why.startsWith(full) || reason.why === noAddress || isForWantOfLicence(reason);

/** The same of one with a licence. */
export const isForWantOfLicence = ({ why }: Reason): boolean => why === noLicence;

/** What a claim says of one host alone. */
export type LostOutcome = Extract<
  ClaimOutcome['kind'],
  'host-draining' | 'host-full' | 'no-licence' | 'no-address' | 'adopting' | 'licences-unknown'
>;

/** A host that took the look for free and was not: somebody was quicker with the claim. */
export const lostTo = (outcome: LostOutcome, host: Host): Reason => {
  const why = {
    'host-draining': 'is draining',
    'host-full': whyFull({ rigs: host.slots, slots: host.slots }),
    'no-licence': noLicence,
    'no-address': noAddress,
    adopting: whyAdopting,
    'licences-unknown': whyUnknown,
  }[outcome];
  return { host: host.name, why };
};

const whyNot = (host: Host, wanted: Wanted): string | undefined =>
  filters.find(({ accepts }) => !accepts(host, wanted))?.why(host);

/**
 * The load counts most: between an empty host and a full one lie 10 points. An image that is there already is worth 4 of them,
 * since a pull takes minutes: a host that has to pull is taken once it is emptier by two fifths of its slots, and has the image
 * from then on. Each rig that its owner has there costs 1, three at most: a host that dies should not take all that one person
 * has, but nobody should wait for a pull to spread two rigs.
 */
const weights = { free: 10, image: 4, ownRig: 1, mostOwnRigs: 3 } as const;

/** Higher is better. */
export const scoreOf = (host: Host, { tag, mine }: Pick<Wanted, 'tag' | 'mine'>): number => {
  const free = host.slots > 0 ? host.freeSlots / host.slots : 0;
  const hasImage = host.tags.includes(tag ?? host.tag);
  const own = mine.filter((name) => isSameHost(name, host.name)).length;
  return (
    weights.free * free + (hasImage ? weights.image : 0) - weights.ownRig * Math.min(own, weights.mostOwnRigs)
  );
};

/** Among equals the most room, then the first by name, so that the choice can be foretold. */
const better = (wanted: Wanted) => {
  const scores = new Map<Host, number>();
  const score = (host: Host): number => {
    const known = scores.get(host) ?? scoreOf(host, wanted);
    scores.set(host, known);
    return known;
  };
  return (one: Host, other: Host): number =>
    score(other) - score(one) ||
    other.freeSlots - one.freeSlots ||
    other.freeAddresses - one.freeAddresses ||
    one.name.localeCompare(other.name, 'en');
};

/** Host names are compared without case. `lost`: see above, and whatever else a claim refused. */
export const placeRig = (hosts: readonly Host[], wanted: Wanted, lost: readonly Reason[] = []): Placement => {
  const { on } = wanted;
  const looked = on === undefined ? hosts : hosts.filter(({ name }) => isSameHost(name, on));
  if (on !== undefined && looked.length === 0) {
    return { kind: 'unknown-host', asked: on, known: hosts.map(({ name }) => name).sort() };
  }
  const reasons: Reason[] = [];
  const fit: Host[] = [];
  for (const host of looked) {
    const why = lost.find((reason) => reason.host === host.name)?.why ?? whyNot(host, wanted);
    if (why === undefined) fit.push(host);
    else reasons.push({ host: host.name, why });
  }
  // Not sorted: of a thousand hosts that would take longer than all the rest of a claim.
  const isBetter = better(wanted);
  const best = fit.reduce<Host | undefined>(
    (found, host) => (found !== undefined && isBetter(found, host) <= 0 ? found : host),
    undefined,
  );
  return best ? { kind: 'placed', host: best, passedOver: reasons } : { kind: 'nowhere', reasons };
};
