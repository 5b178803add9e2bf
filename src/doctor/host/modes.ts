// What the network modes have in common, for checks that take them into account.

import type { WorkerConfig } from '../../config.ts';
import type { NetworkMode } from '../../rig/rig.ts';
import type { LinkKind } from './gather-kernel.ts';

/** The kind of link that lies on a parent and puts a rig on its LAN; none where rigs get there another way. */
export const linkKindOf = (mode: NetworkMode): LinkKind | undefined =>
  mode === 'ipvlan' || mode === 'macvlan' ? mode : undefined;

/** The engine's driver that makes the network. */
export const driverOf = (mode: NetworkMode): string => (mode === 'publish' ? 'bridge' : mode);

export type DockerPlan = {
  readonly name: string;
  readonly driver: string;
  readonly parent: string | undefined;
  readonly subnet: string;
  readonly gateway: string | undefined;
};

/** The Docker network that rigs are on: behind published ports an inner one, on the host's own network none. */
export const dockerPlanOf = ({ network }: Pick<WorkerConfig, 'network'>): DockerPlan | undefined => {
  const { name, mode, parent, subnet, gateway, inner } = network;
  const driver = driverOf(mode);
  if (mode === 'host') return undefined;
  return inner === undefined
    ? { name, driver, parent, subnet, gateway }
    : { name, driver, parent: undefined, subnet: inner.subnet, gateway: inner.gateway };
};
