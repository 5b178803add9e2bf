// The lab's hosts, one for each network mode that this kernel has, on one LAN.

import type { Fleet } from './fleet.ts';
import type { Environment, Process } from './process.ts';

export type LabMode = {
  readonly host: string;
  /** How the addresses of its rigs look. */
  readonly addresses: RegExp;
  /** What the machines of the lab need beside the LAN. */
  readonly prepare: readonly (readonly [machine: string, command: string])[];
  readonly environment: Environment;
  /** Of the image, where it is not the usual one. */
  readonly tag?: string;
  readonly reachesItsOwn: boolean;
};

const aliases = (host: string, from: number, count: number): LabMode['prepare'] =>
  Array.from(
    { length: count },
    (_, index) => [host, `ip address add 10.77.0.${from + index}/24 dev eth0`] as const,
  );

/** In the order of their hosts on the LAN: 10.77.0.2 and on. */
export const labModes = {
  macvlan: {
    host: 'mac',
    addresses: /10\.77\.0\.10\d/,
    prepare: [],
    environment: {},
    reachesItsOwn: false,
  },
  // As an operator would who wants colleagues to come to a bridge: Docker's firewall lets them in, and they have a route.
  bridge: {
    host: 'brd',
    addresses: /172\.31\.7\.\d+/,
    prepare: [
      ['brd', 'iptables -I DOCKER-USER -d 172.31.7.0/24 -j ACCEPT'],
      ['colleague', 'ip route add 172.31.7.0/24 via 10.77.0.3'],
    ],
    environment: { WCS_NETWORK: 'bridge', WCS_RANGE: '172.31.7.10-172.31.7.19', WCS_GATEWAY: '' },
    reachesItsOwn: true,
  },
  // One address more than rigs, for comparisons.
  publish: {
    host: 'pub',
    addresses: /10\.77\.0\.20[1-3]/,
    prepare: aliases('pub', 201, 4),
    environment: { WCS_NETWORK: 'publish', WCS_RANGE: '10.77.0.201-10.77.0.203', WCS_SLOTS: '3' },
    reachesItsOwn: true,
  },
  host: {
    host: 'own',
    addresses: /10\.77\.0\.21[1-3]/,
    prepare: aliases('own', 211, 4),
    environment: { WCS_NETWORK: 'host', WCS_RANGE: '10.77.0.211-10.77.0.213', WCS_SLOTS: '3' },
    tag: 'own',
    reachesItsOwn: true,
  },
} as const satisfies Readonly<Record<string, LabMode>>;

export const labHosts: readonly string[] = Object.values(labModes).map(({ host }) => host);

/** Each word by itself: none has a space in it. */
export const onMachine = async (fleet: Fleet, machine: string, command: string): Promise<void> => {
  const { code, stderr } = await fleet.lan.run(machine, command.split(' '));
  if (code !== 0) throw new Error(`${command} on ${machine}: ${stderr}`);
};

/** Prepares the LAN for a mode, and starts its host's worker. */
export const startMode = async (fleet: Fleet, { host, prepare, environment }: LabMode): Promise<Process> => {
  for (const [machine, command] of prepare) await onMachine(fleet, machine, command);
  return fleet.startWorker(host, environment);
};
