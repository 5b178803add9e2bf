// PURE: what the engine is asked to make of a ContainerSpec. `Env` holds secrets, so this goes into a request's body only.

import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerNetwork, ContainerSpec } from '../ports/engine.ts';
import { assertNever } from '../rig/assert-never.ts';
import { labelsOf } from './labels.ts';

export type ContainerPolicy = {
  readonly installation: string;
  /** Root's SSH works with it; sudo and file capabilities inside the container do not. */
  readonly noNewPrivileges: boolean;
};

// The vendor's own figure for WCS.
const openFiles = 20_000;
// Far above what WCS takes (a few hundred threads), far below what a fork bomb needs to hurt the host.
const processes = 4096;
const log = { 'max-size': '10m', 'max-file': '3' } as const;

export const containerOptions = (spec: ContainerSpec, policy: ContainerPolicy): ContainerCreateOptions => ({
  Image: spec.image,
  Env: environmentOf(spec),
  Labels: { ...labelsOf(policy.installation, spec) },
  ...networkOptions(spec),
  HostConfig: {
    ...attachment(spec),
    // Its last log lines are wanted after it has ended, and it never starts by itself beside a new holder of its address.
    AutoRemove: false,
    RestartPolicy: { Name: 'no' },
    Memory: spec.memoryBytes,
    // The same figure: no swap on top of it.
    MemorySwap: spec.memoryBytes,
    ...(spec.cpus === undefined ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
    PidsLimit: processes,
    Ulimits: [{ Name: 'nofile', Soft: openFiles, Hard: openFiles }],
    LogConfig: { Type: 'json-file', Config: { ...log } },
    SecurityOpt: policy.noNewPrivileges ? ['no-new-privileges'] : [],
  },
});

/** The container's own address. */
const localAddress = ({ network, job }: ContainerSpec): string =>
  network.kind === 'published' ? network.inside : job.address;

type Spec = Pick<ContainerSpec, 'network' | 'job'>;

const joined = (network: string, address: string) => ({
  NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
});

const networkOptions = ({ network, job }: Spec): Partial<ContainerCreateOptions> => {
  switch (network.kind) {
    case 'own-address':
      return { Hostname: job.name, ...joined(network.network, job.address) };
    case 'published':
      return {
        Hostname: job.name,
        ExposedPorts: Object.fromEntries(published(network).map((port) => [port, {}])),
        ...joined(network.network, network.inside),
      };
    // It has the host's name as well.
    case 'host':
      return {};
    default:
      return assertNever(network);
  }
};

const attachment = ({ network, job }: Spec): ContainerCreateOptions['HostConfig'] => {
  switch (network.kind) {
    case 'own-address':
      return { NetworkMode: network.network };
    // On this address alone: others of the host are other rigs'.
    case 'published':
      return {
        NetworkMode: network.network,
        PortBindings: Object.fromEntries(
          published(network).map((port) => [
            port,
            [{ HostIp: job.address, HostPort: port.split('/')[0] ?? '' }],
          ]),
        ),
      };
    case 'host':
      return { NetworkMode: 'host' };
    default:
      return assertNever(network);
  }
};

const published = ({ tcp, media }: ContainerNetwork & { kind: 'published' }): readonly string[] => [
  ...tcp.map((port) => `${port}/tcp`),
  ...Array.from({ length: media.last - media.first + 1 }, (_, index) => `${media.first + index}/udp`),
];

const environmentOf = (spec: ContainerSpec): string[] => [
  `PASSWORD=${spec.password}`,
  ...(spec.licence === undefined ? [] : [`LICENSE=${spec.licence}`]),
  `LOCAL_IP=${localAddress(spec)}`,
  `EXTERNAL_IP=${spec.external}`,
];
