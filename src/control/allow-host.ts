// `allow`: the yes to a pass that would remove many of a host's rigs at once.

import type { Clock } from '../ports/clock.ts';
import type { Breaker, Hosts } from '../ports/hosts.ts';
import { type Asker, personOf } from '../rig/access.ts';
import type { Tripped } from '../rig/breaker.ts';
import { type Host, isSameHost } from '../rig/host.ts';
import type { HostName } from '../rig/rig.ts';
import { findHostFor } from './find-host.ts';
import type { Refused } from './find-rig.ts';

export type AllowPorts = { readonly hosts: Hosts; readonly breaker: Breaker; readonly clock: Clock };

export type AllowOutcome =
  | { readonly kind: 'allowed'; readonly host: Host; readonly waited: Tripped }
  | { readonly kind: 'nothing-waits'; readonly host: Host }
  | Refused;

export const allowHost = async (
  { hosts, breaker, clock }: AllowPorts,
  asked: HostName,
  by: Asker,
): Promise<AllowOutcome> => {
  const found = await findHostFor(hosts, 'allow', asked, by);
  if (found.kind === 'refused') return found;
  const { host } = found;
  const waited = (await breaker.list()).find((one) => isSameHost(one.host, host.name));
  if (waited === undefined) return { kind: 'nothing-waits', host };
  const kind = await breaker.allow(host.name, personOf(by), clock.now());
  return kind === 'allowed' ? { kind, host, waited } : { kind, host };
};
