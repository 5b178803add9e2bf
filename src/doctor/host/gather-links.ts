// The machine's network interfaces as /sys shows them: also those without an address, which the system's own list leaves out.

import { readdir, readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
import { basename, join } from 'node:path';
import { type Looked, look } from './looked.ts';

export type Link = {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** Switched on by an administrator; whether a cable is in it is another thing. */
  readonly isUp: boolean;
  /** Unknown while it is down. */
  readonly hasCarrier: boolean | undefined;
  /** The kernel's number for what it carries; 1 is Ethernet. */
  readonly hardware: number;
  /** `bridge`, `vlan`, `wlan`, …; most kinds do not say. */
  readonly deviceType: string | undefined;
  readonly isWireless: boolean;
  /** The bridge or bond that it is a part of. */
  readonly master: string | undefined;
  readonly isBridgePort: boolean;
  /** Those that lie on it, in this network namespace: what a container has is not among them. */
  readonly uppers: readonly string[];
};

const root = '/sys/class/net';

export const gatherLinks = (): Promise<Looked<readonly Link[]>> =>
  look(async () => {
    // Containers' interfaces come and go while we read.
    for (let tries = 0; tries < 3; tries += 1) {
      const links = await readLinks();
      if (isOfThisNamespace(links, await namesInProc())) return links;
    }
    throw new Error(`${root} shows the interfaces of another network namespace than this process is in`);
  });

const readLinks = async (): Promise<readonly Link[]> => {
  const names = (await readdir(root)).filter((name) => name !== 'bonding_masters');
  const links = await Promise.all(names.map((name) => readLink(name).catch(() => undefined)));
  return links.flatMap((link) => link ?? []);
};

const readLink = async (name: string): Promise<Link> => {
  const folder = join(root, name);
  const text = async (file: string): Promise<string> => (await readFile(join(folder, file), 'utf8')).trim();
  const entries = await readdir(folder);
  // The kernel refuses to say it of one that is down.
  const carrier = await text('carrier').catch(() => undefined);
  const master = await readlink(join(folder, 'master')).catch(() => undefined);
  return {
    name,
    mac: await text('address'),
    mtu: Number(await text('mtu')),
    isUp: (Number.parseInt(await text('flags'), 16) & 0x1) !== 0,
    hasCarrier: carrier === undefined ? undefined : carrier === '1',
    hardware: Number(await text('type')),
    deviceType: /^DEVTYPE=(.+)$/m.exec(await text('uevent'))?.[1],
    isWireless: entries.includes('wireless') || entries.includes('phy80211'),
    master: master === undefined ? undefined : basename(master),
    isBridgePort: entries.includes('brport'),
    uppers: entries.flatMap((entry) => /^upper_(.+)$/.exec(entry)?.[1] ?? []),
  };
};

const namesInProc = async (): Promise<readonly string[]> =>
  (await readFile('/proc/net/dev', 'utf8'))
    .split('\n')
    .flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? []);

/** /sys belongs to whoever mounted it; /proc/net and the system's list, to this process. */
const isOfThisNamespace = (links: readonly Link[], names: readonly string[]): boolean => {
  if (links.length !== names.length || !links.every(({ name }) => names.includes(name))) return false;
  const own = os.networkInterfaces();
  return links.every(({ name, mac }) => (own[name] ?? []).every((one) => mac === '' || one.mac === mac));
};
