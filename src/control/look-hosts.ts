// `hosts`: all of them, those first that want an eye; or one.

import type { Breaker, Hosts } from '../ports/hosts.ts';
import type { Licences } from '../ports/licences.ts';
import type { Tripped } from '../rig/breaker.ts';
import type { Host } from '../rig/host.ts';
import type { PoolId, PoolSize } from '../rig/licence.ts';
import type { HostName } from '../rig/rig.ts';
import { findHost } from './find-host.ts';
import type { Refused } from './find-rig.ts';

export type SeenHost = {
  readonly host: Host;
  /** A pass that would remove many of its rigs. */
  readonly tripped: Tripped | undefined;
  /** It works with a secret that is none of ours, so that nothing is placed there. */
  readonly isForeign: boolean;
  /** Of its pool; absent where its rigs claim none. */
  readonly licences?: PoolSize | undefined;
};

export type HostList = { readonly kind: 'hosts'; readonly hosts: readonly SeenHost[] };

/** The lower, the earlier it is to be read. */
const rankOf = ({ host, tripped, isForeign }: SeenHost): number => {
  if (tripped !== undefined && tripped.allowed === undefined) return 0;
  if (host.state === 'unreachable') return 1;
  if (isForeign) return 2;
  return host.state === 'draining' ? 3 : 4;
};

export type LookPorts = {
  readonly hosts: Hosts;
  readonly breaker: Breaker;
  readonly licences: Pick<Licences, 'pools'>;
};

export const lookHosts = async (
  { hosts, breaker, licences }: LookPorts,
  keyIds: readonly string[],
  asked: HostName | undefined,
): Promise<HostList | Refused> => {
  const found = asked === undefined ? undefined : await findHost(hosts, asked);
  if (found?.kind === 'refused') return found;
  const [wanted, tripped] = await Promise.all([found ? [found.host] : hosts.list(), breaker.list()]);
  const pools = await sizesFor(licences, wanted);
  const waits = new Map(tripped.map((one) => [one.host.toLowerCase(), one]));
  const seen = wanted.map(
    (host): SeenHost => ({
      host,
      tripped: waits.get(host.name.toLowerCase()),
      isForeign: host.keyId !== undefined && !keyIds.includes(host.keyId),
      licences: host.pool === undefined ? undefined : pools.get(host.pool),
    }),
  );
  return {
    kind: 'hosts',
    hosts: seen.sort(
      (one, other) =>
        rankOf(one) - rankOf(other) || one.host.name.localeCompare(other.host.name, 'en', { numeric: true }),
    ),
  };
};

/** Where no host has a pool there is nothing to ask. */
export const sizesFor = async (
  licences: Pick<Licences, 'pools'>,
  hosts: readonly Host[],
): Promise<ReadonlyMap<PoolId, PoolSize>> =>
  hosts.some(({ pool }) => pool !== undefined) ? licences.pools() : new Map();
