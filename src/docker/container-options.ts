// PURE: what the engine is asked to make of a ContainerSpec. `Env` holds secrets, so this goes into a request's body only.

import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec } from '../ports/engine.ts';
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
  Hostname: spec.job.name,
  Env: environmentOf(spec),
  Labels: { ...labelsOf(policy.installation, spec) },
  HostConfig: {
    NetworkMode: spec.network,
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
  NetworkingConfig: {
    EndpointsConfig: { [spec.network]: { IPAMConfig: { IPv4Address: spec.job.address } } },
  },
});

/** On ipvlan, macvlan and a bridge the leased address is both what the container has and what others see. */
const environmentOf = ({ job, password, licence }: ContainerSpec): string[] => [
  `PASSWORD=${password}`,
  ...(licence === undefined ? [] : [`LICENSE=${licence}`]),
  `LOCAL_IP=${job.address}`,
  `EXTERNAL_IP=${job.address}`,
];
