// Who listens for TCP on this machine: address and port of each socket.

import { readFile } from 'node:fs/promises';
import { type Listener, parseListeners } from '../../rig/listening.ts';
import { type Looked, look } from './looked.ts';

export const gatherListeners = (): Promise<Looked<readonly Listener[]>> =>
  look(async () => {
    const tables = await Promise.all([
      readFile('/proc/net/tcp', 'utf8'),
      readFile('/proc/net/tcp6', 'utf8').catch(() => ''),
    ]);
    return tables.flatMap((text) => parseListeners(text) ?? []);
  });
