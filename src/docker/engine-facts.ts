// PURE: what an engine says of itself and of its networks, as facts in our words.

import { z } from 'zod';
import { installationLabel } from './labels.ts';

export type EngineFacts = {
  /** `20.10.24` */
  readonly version: string;
  /** The newest API that it speaks, `1.41`. */
  readonly api: string;
  /** `linux/amd64` */
  readonly platform: string;
  /** `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
  readonly system: string;
  readonly kernel: string;
  /** The machine's name, its memory and its cores, as the engine sees them. */
  readonly hostName: string;
  readonly memoryBytes: number;
  readonly networkDrivers: readonly string[];
  readonly dataRoot: string;
  readonly isRootless: boolean;
  /** Whether it can hold a container to these. */
  readonly limits: { readonly memory: boolean; readonly cpus: boolean; readonly processes: boolean };
};

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string(),
  Arch: z.string(),
});

const infoSchema = z.object({
  Name: z.string().default(''),
  OperatingSystem: z.string().default(''),
  KernelVersion: z.string().default(''),
  MemTotal: z.number().default(0),
  DockerRootDir: z.string().default(''),
  MemoryLimit: z.boolean().default(true),
  CpuCfsQuota: z.boolean().default(true),
  PidsLimit: z.boolean().default(true),
  SecurityOptions: z.array(z.string()).nullish(),
  Plugins: z.object({ Network: z.array(z.string()).nullish() }).default({}),
});

/** `version`, `info`: what /version and /info answered, not yet looked at. */
export const readEngineFacts = (version: unknown, info: unknown): EngineFacts => {
  const { Version, ApiVersion, Os, Arch } = versionSchema.parse(version);
  const said = infoSchema.parse(info);
  return {
    version: Version,
    api: ApiVersion,
    platform: `${Os}/${Arch}`,
    system: said.OperatingSystem,
    kernel: said.KernelVersion,
    hostName: said.Name,
    memoryBytes: said.MemTotal,
    networkDrivers: said.Plugins.Network ?? [],
    dataRoot: said.DockerRootDir,
    isRootless: (said.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    limits: { memory: said.MemoryLimit, cpus: said.CpuCfsQuota, processes: said.PidsLimit },
  };
};

/** Both as `1.41`, compared number by number. */
export const isOlderApi = (one: string, other: string): boolean => {
  const [[a = 0, b = 0], [c = 0, d = 0]] = [one.split('.').map(Number), other.split('.').map(Number)];
  return a < c || (a === c && b < d);
};

export type NetworkSeen = {
  readonly name: string;
  readonly driver: string;
  readonly parent: string | undefined;
  readonly subnets: readonly {
    readonly subnet: string;
    readonly gateway: string | undefined;
    /** What it hands out by itself; all of the subnet if undefined. */
    readonly ipRange: string | undefined;
  }[];
  readonly mtu: number | undefined;
  /** The host's interface of a bridge. */
  readonly bridge: string | undefined;
  /** Made by this installation. */
  readonly isOurs: boolean;
};

const networksSchema = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    Driver: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Options: z.record(z.string(), z.string()).nullish(),
    IPAM: z
      .object({
        Config: z
          .array(
            z.object({
              Subnet: z.string().default(''),
              Gateway: z.string().optional(),
              IPRange: z.string().optional(),
            }),
          )
          .nullish(),
      })
      .default({}),
  }),
);

export const readNetworks = (listed: unknown, installation: string): readonly NetworkSeen[] =>
  networksSchema.parse(listed).map(({ Id, Name, Driver, Labels, Options, IPAM }) => ({
    name: Name,
    driver: Driver,
    parent: Options?.parent || undefined,
    subnets: (IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange }) => ({
      subnet: Subnet,
      gateway: Gateway || undefined,
      ipRange: IPRange || undefined,
    })),
    mtu: Number(Options?.['com.docker.network.driver.mtu']) || undefined,
    bridge:
      Driver === 'bridge'
        ? (Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`)
        : undefined,
    isOurs: Labels?.[installationLabel] === installation,
  }));
