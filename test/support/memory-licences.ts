// The licences of the registry in memory: which hosts know which, and who has them.

import type { Licences } from '../../src/ports/licences.ts';
import { poolOf, poolOrder } from '../../src/redis/licences.ts';
import type { Instant } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import { earliestStop } from '../../src/rig/lease.ts';
import type { PoolId } from '../../src/rig/licence.ts';
import { hasOpenLease, type LicenceId, type Rig, type RigId } from '../../src/rig/rig.ts';

/** The part of the store that is about licences. */
export type LicenceStore = {
  readonly licencesHeld: Map<LicenceId, RigId>;
  /** The how manyth release its last one was. */
  readonly licencesReleased: Map<LicenceId, number>;
};

export const createLicenceStore = (): LicenceStore => ({
  licencesHeld: new Map(),
  licencesReleased: new Map(),
});

export const poolOfHost = ({ licences = [] }: Registration): PoolId | undefined =>
  poolOf(licences) || undefined;

/** The one that a claim takes; `undefined` where rigs have all of them. */
export const nextLicence = (
  { licencesHeld, licencesReleased }: LicenceStore,
  { licences = [] }: Registration,
): LicenceId | undefined => {
  const rank = (id: LicenceId): number => licencesReleased.get(id) ?? 0;
  const free = poolOrder(licences).filter((id) => !licencesHeld.has(id));
  return free.toSorted((one, other) => rank(one) - rank(other))[0];
};

export const giveBackLicence = (
  { licencesHeld, licencesReleased }: LicenceStore,
  licence: LicenceId | undefined,
  rig: RigId,
): void => {
  if (licence === undefined || licencesHeld.get(licence) !== rig) return;
  licencesHeld.delete(licence);
  licencesReleased.set(licence, Math.max(0, ...licencesReleased.values()) + 1);
};

const freedAt = (rig: Rig, isClosed: boolean): Instant => {
  if (isClosed) return Number.NEGATIVE_INFINITY;
  return (hasOpenLease(rig) ? earliestStop(rig.lease) : undefined) ?? Number.POSITIVE_INFINITY;
};

/** `-Infinity` less itself is no number. */
const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);

export const createLicences = (
  { licencesHeld }: LicenceStore,
  hosts: () => readonly Registration[],
  rigOf: (id: RigId) => Rig | undefined,
  /** No container of it may be started any more. */
  isClosed: (id: RigId) => boolean,
): Licences => {
  const pools = (): ReadonlyMap<PoolId, readonly LicenceId[]> =>
    new Map(hosts().flatMap(({ licences = [] }) => [[poolOf(licences), poolOrder(licences)] as const]));
  const known = () => [...pools()].filter(([pool]) => pool !== '');
  return {
    pools: async () =>
      new Map(
        known().map(([pool, ids]) => [
          pool,
          { size: ids.length, free: ids.filter((id) => !licencesHeld.has(id)).length },
        ]),
      ),
    holders: async (wanted, most) => {
      const ids = new Set(known().flatMap(([pool, licences]) => (wanted.includes(pool) ? licences : [])));
      const rigs = [...ids].flatMap((id) => rigOf(licencesHeld.get(id) ?? '') ?? []);
      const sorted = rigs.toSorted(
        (one, other) =>
          compare(freedAt(one, isClosed(one.id)), freedAt(other, isClosed(other.id))) ||
          one.created - other.created ||
          (one.id < other.id ? -1 : 1),
      );
      return { size: ids.size, taken: rigs.length, rigs: structuredClone(sorted.slice(0, most)) };
    },
  };
};
