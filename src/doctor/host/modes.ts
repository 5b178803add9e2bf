// What the network modes have in common, for checks that take them into account.

import type { NetworkMode } from '../../rig/rig.ts';
import type { LinkKind } from './gather-kernel.ts';

/** The kind of link that lies on a parent and puts a rig on its LAN; none where rigs get there another way. */
export const linkKindOf = (mode: NetworkMode): LinkKind | undefined =>
  mode === 'ipvlan' || mode === 'macvlan' ? mode : undefined;

/** Rigs have addresses that the host itself has. */
export const usesOwnAddresses = (mode: NetworkMode): boolean => mode === 'publish' || mode === 'host';

/** The engine's driver that makes the network. */
export const driverOf = (mode: NetworkMode): string => (mode === 'publish' ? 'bridge' : mode);
