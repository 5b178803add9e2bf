// The routes of the machine's main table, without the default one.

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { unpackAddress } from '../../machine.ts';
import { parseAddress, type Subnet, subnetAround } from '../../rig/ipv4.ts';
import { type Looked, look } from './looked.ts';

export type Route = { readonly interface: string; readonly subnet: Subnet };

const up = 0x1;

/** PURE. `littleEndian`: the kernel writes addresses in the machine's own byte order. */
export const parseRoutes = (text: string, littleEndian = os.endianness() === 'LE'): readonly Route[] =>
  text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name, destination, , flags, , , , mask] = line.trim().split(/\s+/);
      if (name === undefined || destination === undefined || mask === undefined) return [];
      if ((Number.parseInt(flags ?? '', 16) & up) === 0) return [];
      const first = parseAddress(unpackAddress(destination, littleEndian));
      const prefix = prefixOf(unpackAddress(mask, littleEndian));
      return first === undefined || prefix === 0
        ? []
        : [{ interface: name, subnet: subnetAround(first, prefix) }];
    });

const prefixOf = (mask: string): number => {
  const value = parseAddress(mask) ?? 0;
  return 32 - Math.round(Math.log2(2 ** 32 - value));
};

export const gatherRoutes = (): Promise<Looked<readonly Route[]>> =>
  look(async () => parseRoutes(await readFile('/proc/net/route', 'utf8')));
