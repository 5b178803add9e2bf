// What the configuration needs to know of the machine: its name, its size, how it is on the network, and what is in the files
// that an operator names.

import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { type FileReading, readFile as readNamedFile } from './machine/read-file.ts';
import { type FolderReading, readFolder } from './machine/read-folder.ts';

export type NetworkInterface = {
  readonly name: string;
  /** IPv4 only; empty for one that is down or has none. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
};

export type DefaultRoute = { readonly interface: string; readonly gateway: string };

export type Machine = {
  readonly hostName: string;
  readonly memoryBytes: number;
  readonly cores: number;
  readonly interfaces: readonly NetworkInterface[];
  readonly defaultRoute: DefaultRoute | undefined;
  readonly file: (path: string) => FileReading;
  readonly folder: (path: string) => FolderReading;
};

const up = 0x1;
const viaGateway = 0x2;

/** The default route of /proc/net/route with the lowest metric; the kernel writes addresses there in its own byte order. */
export const parseRouteTable = (
  text: string,
  littleEndian = os.endianness() === 'LE',
): DefaultRoute | undefined => {
  const routes = text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name, destination, gateway, flags, , , metric, mask] = line.trim().split(/\s+/);
      if (name === undefined || gateway === undefined || flags === undefined) return [];
      if (destination !== '00000000' || mask !== '00000000') return [];
      const flag = Number.parseInt(flags, 16);
      if ((flag & up) === 0 || (flag & viaGateway) === 0) return [];
      return [{ interface: name, gateway: unpackAddress(gateway, littleEndian), metric: Number(metric) }];
    })
    .sort((one, other) => one.metric - other.metric);
  const [best] = routes;
  return best && { interface: best.interface, gateway: best.gateway };
};

export const unpackAddress = (hex: string, littleEndian: boolean): string => {
  const bytes = [0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return (littleEndian ? bytes.reverse() : bytes).join('.');
};

const readInterfaces = async (): Promise<readonly NetworkInterface[]> => {
  // The system's list leaves out interfaces without an address, and those may well be parents.
  const names = new Set(await readdir('/sys/class/net').catch((): string[] => []));
  const addresses = new Map<string, { address: string; prefix: number }[]>();
  for (const [label, infos] of Object.entries(os.networkInterfaces())) {
    const name = label.replace(/:.*/, '');
    names.add(name);
    for (const { family, address, cidr } of infos ?? []) {
      if (family !== 'IPv4' || cidr === null) continue;
      const prefix = Number(cidr.slice(cidr.indexOf('/') + 1));
      addresses.set(name, [...(addresses.get(name) ?? []), { address, prefix }]);
    }
  }
  return [...names].sort().map((name) => ({ name, addresses: addresses.get(name) ?? [] }));
};

/** Elsewhere than on Linux there is no route table to read, so there is no default route. */
export const readMachine = async (): Promise<Machine> => ({
  hostName: os.hostname(),
  memoryBytes: os.totalmem(),
  cores: os.availableParallelism(),
  interfaces: await readInterfaces(),
  defaultRoute: parseRouteTable(await readFile('/proc/net/route', 'utf8').catch(() => '')),
  file: readNamedFile,
  folder: readFolder,
});
