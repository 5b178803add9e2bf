// A Docker engine of one's own: its data, sockets and containers lie in one directory, and go with whoever started it.

import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startKept } from './kept.ts';

export type PrivateEngine = {
  /** As DOCKER_HOST takes it: `unix:///tmp/…/docker.sock`. */
  readonly dockerHost: string;
  /** `20.10.24` */
  readonly version: string;
  /** The daemon's process, for tests that kill it. */
  readonly pid: number;
  /** Removes its containers and networks, ends it, and deletes its directory. May be repeated. */
  readonly stop: () => Promise<void>;
};

export type PrivateEngineOptions = {
  /** A directory that does not exist yet; otherwise a new one below the system's temporary directory. */
  readonly directory?: string | undefined;
  /** A named network namespace (`/run/netns/NAME`) in which it and its containers' networks live. */
  readonly namespace?: string | undefined;
  /** As an engine usually does, it writes firewall rules and lets its host forward: in a namespace, which is its own. */
  readonly firewall?: boolean | undefined;
};

// Not the caller's PATH: a root shell opened with `su` has no /usr/sbin in it.
const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const toldSchema = z.object({ dockerHost: z.string(), version: z.string(), pid: z.number() });

/**
 * Needs root, Debian's `docker.io` (dockerd, containerd, runc) and for a namespace `util-linux` (nsenter). It touches no
 * firewall rule and no routing switch of the machine's own. Ready in about 1 s on two cores. It is cleared away even if this
 * process is killed.
 */
export const startPrivateEngine = async (options: PrivateEngineOptions = {}): Promise<PrivateEngine> => {
  if (options.firewall === true && options.namespace === undefined)
    throw new Error('a private engine writes firewall rules in a namespace of its own only');
  if (process.getuid?.() !== 0) throw new Error('a private Docker engine needs root: run this as root');
  for (const program of ['dockerd', 'containerd', 'runc']) {
    if (!(await isInstalled(program))) {
      throw new Error(`${program} is not installed: on Debian \`apt-get install docker.io\``);
    }
  }
  const { told, stop } = await startKept(
    new URL('private-engine-keeper.ts', import.meta.url),
    {
      directory: options.directory,
      namespace: options.namespace,
      firewall: options.firewall === true,
      path: programFolders.join(':'),
    },
    toldSchema,
  );
  return { ...told, stop };
};

const isInstalled = async (program: string): Promise<boolean> => {
  for (const folder of programFolders) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
};
