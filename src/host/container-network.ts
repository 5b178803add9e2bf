// How this host's rigs get on the network, and what that means for one address.

import type { ContainerNetwork, Engine } from '../ports/engine.ts';
import { assertNever } from '../rig/assert-never.ts';
import { anywhere } from '../rig/listening.ts';
import type { FailReason } from '../rig/rig.ts';
import { type OwnListeners, takenPorts } from './own-listeners.ts';

/** The same for all rigs of a host. */
export type HostNetworking =
  | { readonly kind: 'own-address'; readonly network: string }
  | (Omit<ContainerNetwork & { kind: 'published' }, 'inside'> & {
      /** Leased address → the container's. */
      readonly inside: ReadonlyMap<string, string>;
    })
  /** `ports`: TCP, that a rig needs. */
  | { readonly kind: 'host'; readonly ports: readonly number[] };

/** `undefined`: an address that is not among this host's any more, or not yet. */
export const networkFor = (networking: HostNetworking, address: string): ContainerNetwork | undefined => {
  switch (networking.kind) {
    case 'own-address':
      return networking;
    case 'host':
      return { kind: 'host' };
    case 'published': {
      const inside = networking.inside.get(address);
      return inside === undefined ? undefined : { ...networking, inside };
    }
    default:
      return assertNever(networking);
  }
};

/** What the host's own network has in the way of a rig on this address. Elsewhere Docker itself says so. */
export const inTheWay = async (
  networking: HostNetworking,
  address: string,
  listeners: OwnListeners,
): Promise<FailReason | undefined> => {
  if (networking.kind !== 'host') return undefined;
  const taken = takenPorts(await listeners(), address, networking.ports);
  if (taken === undefined) return undefined;
  return taken.everywhere ? { kind: 'ports-taken', ports: taken.ports } : { kind: 'address-in-use', address };
};

/** Of a rig on the host's own network. */
export const listensEverywhere = async (
  engine: Pick<Engine, 'listeningPorts'>,
  { kind }: HostNetworking,
  container: string,
  ports: readonly number[],
): Promise<boolean> => {
  if (kind !== 'host') return false;
  const everywhere = await engine.listeningPorts(container, anywhere);
  return everywhere !== undefined && ports.some((port) => everywhere.has(port));
};

/** Rigs on the host's own network are told from one another by their address alone. */
export const lookedAtOn = ({ kind }: HostNetworking, address: string): string | undefined =>
  kind === 'host' ? address : undefined;
