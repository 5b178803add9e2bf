// Ends the daemon of a private engine and starts it anew, with the same words, in the same network namespace.

import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { findEngine } from '../../src/demo/find-engine.ts';
import type { PrivateEngine } from '../../src/demo/private-engine.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> => {
  for (let look = 0; look < 600; look += 1) {
    if (await isSo()) return;
    await delay(100);
  }
  throw new Error(`within a minute not so: ${what}`);
};

/** A zombie is as good as gone: its keeper has not asked after it yet. */
const hasEnded = async (pid: number): Promise<boolean> =>
  !isAlive(pid) || /^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z'));

export type EngineDaemon = {
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** Resolves when it answers. */
  readonly start: () => Promise<void>;
  /** Ends what was started here: after its engine's own `stop`. */
  readonly stop: () => void;
};

/** `namespace`: as `/run/netns/NAMESPACE`. */
export const takeDaemon = async (
  { pid: first, dockerHost }: PrivateEngine,
  namespace: string,
): Promise<EngineDaemon> => {
  const command = (await readFile(`/proc/${first}/cmdline`, 'utf8'))
    .split('\0')
    .filter((word) => word !== '');
  const environment = (await readFile(`/proc/${first}/environ`, 'utf8')).split('\0');
  const path = environment.find((one) => one.startsWith('PATH=')) ?? 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';
  const started: number[] = [];
  const current = (): number => started.at(-1) ?? first;
  return {
    end: async (signal) => {
      const pid = current();
      process.kill(pid, signal);
      await until(`process ${pid} has ended`, () => hasEnded(pid));
    },
    start: async () => {
      const log = await open('/dev/null', 'w');
      const words = [path, 'nsenter', `--net=/run/netns/${namespace}`, ...command];
      const child = spawn('/usr/bin/env', words, { stdio: ['ignore', log.fd, log.fd], detached: true });
      await log.close();
      child.unref();
      if (child.pid === undefined) throw new Error('dockerd could not be started');
      started.push(child.pid);
      await until('dockerd answers', async () => (await findEngine(dockerHost)) !== undefined);
    },
    stop: () => {
      for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    },
  };
};
