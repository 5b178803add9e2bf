// A host with which nothing is wrong, for the doctor's checks: each test breaks one thing of it.

import type { WorkerConfig } from '../../src/config.ts';
import type { EngineFacts, NetworkSeen } from '../../src/docker/engine-facts.ts';
import type { EngineLook, ImageSeen } from '../../src/docker/examine.ts';
import type { HostFacts } from '../../src/doctor/host/facts.ts';
import type { Link } from '../../src/doctor/host/gather-links.ts';
import { type Looked, seen } from '../../src/doctor/host/looked.ts';
import type { NetworkMode } from '../../src/rig/rig.ts';
import { gibibyte, machine, worker } from './config-readings.ts';

export const parentMac = '52:54:00:12:34:56';

export const aLink = (facts: Partial<Link> = {}): Link => ({
  name: 'enp0s3',
  mac: parentMac,
  mtu: 1500,
  isUp: true,
  hasCarrier: true,
  hardware: 1,
  deviceType: undefined,
  isWireless: false,
  master: undefined,
  isBridgePort: false,
  uppers: [],
  ...facts,
});

export const theLinks = (parent: Partial<Link> = {}, ...others: readonly Link[]): Looked<readonly Link[]> =>
  seen([
    aLink({ name: 'lo', mac: '00:00:00:00:00:00', mtu: 65_536, hardware: 772 }),
    aLink(parent),
    ...others,
  ]);

export const engineFacts: EngineFacts = {
  version: '20.10.24',
  api: '1.41',
  platform: 'linux/amd64',
  system: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.1.0-26-amd64',
  hostName: 'h1',
  memoryBytes: 16 * gibibyte,
  networkDrivers: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
  dataRoot: '/var/lib/docker',
  isRootless: false,
  limits: { memory: true, cpus: true, processes: true },
};

export const anEngine = (facts: Partial<EngineFacts> = {}): EngineLook => ({
  kind: 'answered',
  address: 'unix:///var/run/docker.sock',
  facts: { ...engineFacts, ...facts },
});

/** Docker's own bridge, which every engine has. */
export const docker0: NetworkSeen = {
  name: 'bridge',
  driver: 'bridge',
  parent: undefined,
  subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1', ipRange: undefined }],
  mtu: 1500,
  bridge: 'docker0',
  isOurs: false,
};

export const rigsNetwork: NetworkSeen = {
  name: 'wcs-rigs',
  driver: 'ipvlan',
  parent: 'enp0s3',
  subnets: [{ subnet: '192.168.23.0/24', gateway: '192.168.23.1', ipRange: undefined }],
  mtu: undefined,
  bridge: undefined,
  isOurs: true,
};

export const anImage: ImageSeen = {
  platform: 'linux/amd64',
  bytes: 2 * gibibyte,
  registryDigests: ['sha256:new'],
};

const guarded = { WCS_DHCP: '192.168.23.10-192.168.23.99' };

const configOf = (mode: NetworkMode): WorkerConfig => {
  if (mode === 'ipvlan' || mode === 'macvlan') return worker({ ...guarded, WCS_NETWORK: mode });
  if (mode === 'bridge') return worker({ WCS_NETWORK: mode, WCS_RANGE: '172.31.7.10-172.31.7.19' });
  const config = worker();
  const range = { text: '192.168.23.5', spans: [{ first: 3_232_241_413, last: 3_232_241_413 }] };
  const inner = {
    subnet: '10.231.0.0/24',
    gateway: '10.231.0.1',
    inside: new Map([['192.168.23.5', '10.231.0.2']]),
    media: { first: 31_001, last: 31_100 },
  };
  return {
    ...config,
    slots: 1,
    network: {
      ...config.network,
      ...{ mode, range, parent: undefined, inner: mode === 'publish' ? inner : undefined },
    },
  };
};

export const hostFacts = (mode: NetworkMode = 'ipvlan', change: Partial<HostFacts> = {}): HostFacts => ({
  config: configOf(mode),
  machine,
  engine: anEngine(),
  kernelHere: engineFacts.kernel,
  networks: seen([docker0]),
  rigAddresses: seen(new Set<string>()),
  links: theLinks(),
  routes: seen([]),
  listeners: seen([]),
  switches: { ipForward: true, bridgeCallsIptables: true, mostOpenFiles: 1_048_576 },
  rooms: {
    data: seen({ path: '/var/lib/docker', freeBytes: 100 * gibibyte }),
    state: seen({ path: '/var/lib', freeBytes: 100 * gibibyte }),
    openFiles: seen({ of: 'engine', most: 1_048_576 }),
  },
  image: seen(anImage),
  kernel: mode === 'ipvlan' || mode === 'macvlan' ? { kind: 'made' } : undefined,
  virtual: undefined,
  firewall: {
    iptables: seen({ policies: new Map([['FORWARD', 'ACCEPT']]), chains: new Set<string>(), rules: [] }),
    nftables: seen([]),
  },
  registry: seen({ kind: 'there', digest: 'sha256:new', platforms: ['linux/amd64'] }),
  lan:
    mode === 'bridge'
      ? { kind: 'nobody-to-ask' }
      : {
          kind: 'asked',
          gateway:
            mode === 'ipvlan' || mode === 'macvlan'
              ? {
                  address: '192.168.23.1',
                  through: 'enp0s3',
                  probe: { kind: 'answered', mac: '02:00:00:00:00:01' },
                }
              : undefined,
          range: [{ address: '192.168.23.100', through: 'enp0s3', probe: { kind: 'silent' } }],
          asNeighbour: [],
          left: 0,
        },
  heldElsewhere: new Set(),
  ...change,
});

/** The same host with another configuration. */
export const configured = (
  facts: HostFacts,
  change: Partial<Omit<WorkerConfig, 'network'>>,
  network: Partial<WorkerConfig['network']> = {},
): HostFacts => ({
  ...facts,
  config: { ...facts.config, ...change, network: { ...facts.config.network, ...network } },
});
