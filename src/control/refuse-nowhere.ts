// No host can take a rig: why, of each; and where licences are wanting, who has them.

import type { Licences } from '../ports/licences.ts';
import type { Host } from '../rig/host.ts';
import { isForWantOfLicence, type Reason } from '../rig/placement.ts';
import type { Refusal } from '../rig/refusal.ts';
import type { HostName } from '../rig/rig.ts';

/** A person reads so many. */
const mostHolders = 10;

export const refuseNowhere = async (
  { licences }: { readonly licences: Pick<Licences, 'holders'> },
  reasons: readonly Reason[],
  hosts: readonly Host[],
  asked: HostName | undefined,
): Promise<Refusal> => {
  const wanting = new Set(reasons.filter(isForWantOfLicence).map(({ host }) => host));
  const pools = new Set(hosts.flatMap(({ name, pool }) => (wanting.has(name) ? (pool ?? []) : [])));
  if (pools.size === 0) return { kind: 'nowhere', reasons, asked };
  return { kind: 'nowhere', reasons, asked, licences: await licences.holders([...pools], mostHolders) };
};
