// `addresses`: a LAN's range, address by address; and an admin's word that one which is set aside is free.

import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Addresses, LanMap } from '../ports/hosts.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Asker } from '../rig/access.ts';
import { mapRuns, type Run } from '../rig/address-map.ts';
import { readSpans } from '../rig/address-range.ts';
import { byPerson } from '../rig/audit.ts';
import type { Instant } from '../rig/duration.ts';
import type { Quarantined } from '../rig/quarantine.ts';
import type { LanId, Rig, RigId } from '../rig/rig.ts';
import type { Refused } from './find-rig.ts';

export type AddressPorts = {
  readonly addresses: Addresses;
  readonly rigs: Rigs;
  readonly audit: Audit;
  readonly clock: Clock;
};

export type LanView = Pick<LanMap, 'lan' | 'hosts'> & {
  readonly runs: readonly Run[];
  /** Addresses in any host's range. */
  readonly size: number;
};

export type AddressView = {
  readonly kind: 'addresses';
  readonly lans: readonly LanView[];
  readonly rigs: ReadonlyMap<RigId, Rig>;
  readonly now: Instant;
};

/** `of`: a LAN's name, or a host's on it, without case. */
export const lookAtAddresses = async (
  { addresses, rigs, clock }: AddressPorts,
  of: string | undefined,
): Promise<AddressView | Refused> => {
  const [maps, living] = await Promise.all([addresses.map(), rigs.living()]);
  const isMeant = (name: string): boolean => of === undefined || name.toLowerCase() === of.toLowerCase();
  const meant = maps.filter(({ lan, hosts }) => isMeant(lan) || hosts.some(({ name }) => isMeant(name)));
  if (meant.length === 0) {
    const known = maps.map(({ lan }) => lan);
    return { kind: 'refused', refusal: { kind: 'no-such-lan', asked: of ?? '', known } };
  }
  return {
    kind: 'addresses',
    lans: meant.map(viewOf),
    rigs: new Map(living.map((rig) => [rig.id, rig])),
    now: clock.now(),
  };
};

const viewOf = ({ lan, hosts, held, quarantined }: LanMap): LanView => {
  const ranges = hosts.flatMap(({ range }) => {
    const read = readSpans('range', range);
    return read.kind === 'range' ? read.range.spans : [];
  });
  const runs = mapRuns(ranges, held, quarantined);
  const size = runs.reduce((sum, run) => {
    if (run.kind === 'free') return sum + run.span.last - run.span.first + 1;
    return run.isOutside ? sum : sum + 1;
  }, 0);
  return { lan, hosts, runs, size };
};

export type Released = {
  readonly kind: 'released';
  readonly lan: LanId;
  readonly address: string;
  readonly entry: Quarantined;
};

/** For admins: whoever says so knows that nobody is there any more. */
export const releaseAddress = async (
  { addresses, audit, clock }: AddressPorts,
  address: string,
  lan: LanId | undefined,
  by: Asker,
): Promise<Released | Refused> => {
  if (!by.isAdmin) return { kind: 'refused', refusal: { kind: 'only-admins', what: 'addresses release' } };
  const sets = [...(await addresses.quarantined())];
  const places = sets.flatMap(([where, set]) => {
    const entry = set.get(address);
    const isMeant = lan === undefined || lan.toLowerCase() === where.toLowerCase();
    return entry === undefined || !isMeant ? [] : [{ lan: where, entry }];
  });
  const [place, another] = places;
  if (another)
    return {
      kind: 'refused',
      refusal: { kind: 'which-lan', address, lans: places.map((one) => one.lan) },
    };
  if (!place || (await addresses.release(place.lan, address)) === 'not-quarantined')
    return { kind: 'refused', refusal: { kind: 'not-set-aside', address } };
  const why = `${address} on ${place.lan}, set aside as ${place.entry.why}`;
  await audit.append({ at: clock.now(), by: byPerson(by), what: 'release address', outcome: 'done', why });
  return { kind: 'released', address, ...place };
};
