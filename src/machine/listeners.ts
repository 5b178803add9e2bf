// Who listens for TCP on this machine, and so on the host: the worker is on the host's network, as the rigs are that have its
// addresses.

import { readFile } from 'node:fs/promises';
import { type Listener, parseListeners } from '../rig/listening.ts';

const read = async (path: string): Promise<readonly Listener[]> => {
  const text = await readFile(path, 'utf8');
  const found = parseListeners(text);
  if (!found) throw new Error(`${path} is no table of sockets`);
  return found;
};

/** Of both families: a socket of the second may answer for the first. A kernel without IPv6 has one table. */
export const readListeners = async (): Promise<readonly Listener[]> => [
  ...(await read('/proc/net/tcp')),
  ...(await read('/proc/net/tcp6').catch(() => [])),
];
