// The Docker network that this host's rigs are on, found or made, and how they are on it.

import type { WorkerConfig } from '../config.ts';
import { type HostNetworking, networkFor } from '../host/container-network.ts';
import { createPortProber, takenPorts } from '../host/own-listeners.ts';
import { readListeners } from '../machine/listeners.ts';
import type { ContainerNetwork, Engine, NetworkPlan } from '../ports/engine.ts';
import type { Prober } from '../ports/prober.ts';
import { assertNever } from '../rig/assert-never.ts';
import { type WcsConf, withSettings } from '../rig/wcs-conf.ts';
import { standardPorts } from '../rig/web-call-server.ts';

type Config = Pick<WorkerConfig, 'network' | 'host' | 'ready'>;

/** Throws with one sentence where there is no such network and none can be made. */
export const haveNetworking = async (
  engine: Pick<Engine, 'ensureNetwork'>,
  config: Config,
): Promise<HostNetworking> => {
  const { network, host } = config;
  const { name, mode, parent, subnet, gateway, inner } = network;
  switch (mode) {
    case 'ipvlan':
    case 'macvlan':
    case 'bridge':
      return {
        kind: 'own-address',
        network: await haveNetwork(engine, host, { name, mode, parent, subnet, gateway }),
      };
    case 'publish': {
      if (inner === undefined) throw new Error('a network behind published ports was not planned');
      const plan = {
        name,
        mode: 'bridge',
        parent: undefined,
        subnet: inner.subnet,
        gateway: inner.gateway,
      } as const;
      return {
        kind: 'published',
        network: await haveNetwork(engine, host, plan),
        tcp: portsOf(config),
        media: inner.media,
        inside: inner.inside,
      };
    }
    case 'host':
      return { kind: 'host', ports: portsOf(config) };
    default:
      return assertNever(mode);
  }
};

/** As a rig on this address would be, for whoever starts one that is none; `taken`: ports that others have there. */
export const placeOf = async (
  engine: Pick<Engine, 'ensureNetwork'>,
  config: Config & Pick<WorkerConfig, 'conf'>,
  address: string,
): Promise<{
  readonly network: ContainerNetwork | undefined;
  readonly conf: WcsConf;
  readonly taken: readonly number[];
}> => {
  const networking = await haveNetworking(engine, config);
  const listeners = networking.kind === 'host' ? await readListeners() : [];
  const taken = takenPorts(listeners, address, portsOf(config))?.ports ?? [];
  return { network: networkFor(networking, address), conf: confOf(config), taken };
};

/** Where ports are published, a rig is told which of them carry media: it would use others. */
export const confOf = ({ conf, network: { inner } }: Pick<WorkerConfig, 'conf' | 'network'>): WcsConf =>
  inner === undefined
    ? conf
    : withSettings(
        conf,
        new Map([
          ['media_port_from', String(inner.media.first)],
          ['media_port_to', String(inner.media.last)],
        ]),
      );

/** TCP: what a rig listens on, and what has to be free where it has no network of its own. */
export const portsOf = ({ ready }: Pick<Config, 'ready'>): readonly number[] =>
  [...new Set([...standardPorts, ...ready.ports])].sort((one, other) => one - other);

/** For the host's own addresses, which no ARP asks for. On the host's network a rig of ours may listen on all of them. */
export const ownAddressProber = (config: Config): Prober =>
  createPortProber(readListeners, portsOf(config), config.network.mode === 'publish');

const haveNetwork = async (
  engine: Pick<Engine, 'ensureNetwork'>,
  host: string,
  plan: NetworkPlan,
): Promise<string> => {
  const outcome = await engine.ensureNetwork(plan);
  switch (outcome.kind) {
    case 'found':
    case 'created':
      return outcome.name;
    case 'differs':
      throw new Error(
        `the Docker network ${plan.name} on ${host} is not what the configuration says: ${outcome.differences.join('; ')}; ` +
          `remove it with \`docker network rm ${plan.name}\` when no rig uses it, or change the configuration`,
      );
    case 'refused':
      throw new Error(`the Docker network ${plan.name} cannot be made on ${host}: ${outcome.detail}`);
    default:
      return assertNever(outcome);
  }
};
