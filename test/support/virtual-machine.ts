// A computer of its own, with Debian's kernel: for what the kernel here may not have. Its processors are computed, so that it
// runs wherever qemu does, many times slower. It has an engine, the project, and a LAN with a colleague's computer on it
// (virtual-machine-init.sh); Redis is out here.

import { access, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { startKept } from '../../src/demo/kept.ts';
import type { Environment } from './process.ts';
import type { Ran } from './run.ts';
import { runInShell } from './virtual-machine-shell.ts';

export type VirtualMachine = {
  /** Its kernel's. */
  readonly release: string;
  /** Its engine, as DOCKER_HOST takes it out here. */
  readonly dockerHost: string;
  /** Runs a program in there. `stderr` is empty: it is on the console. */
  readonly run: (command: readonly string[], seconds?: number) => Promise<Ran>;
  /** Starts a program in there and goes on; what it says is on the console. Gives its process id. */
  readonly start: (command: readonly string[], environment: Environment) => Promise<number>;
  /** All that its kernel and its programs have said so far. */
  readonly console: () => Promise<string>;
  /** Ends it as one pulls a plug, and removes its files. May be repeated. */
  readonly stop: () => Promise<void>;
};

export type VirtualMachineOptions = {
  /** A Redis on loopback here, which in there is at 10.0.2.100:6379. */
  readonly redisPort: number;
  /** MiB; its files lie in it. 3072 */
  readonly memory?: number;
};

const toldSchema = z.object({
  release: z.string(),
  ports: z.object({ shell: z.number(), engine: z.number() }),
  consoleFile: z.string(),
});

/** Where none can be, the sentence that says why. */
export const whyNoVirtualMachine = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `it is for Linux on x64, and this is ${process.platform} on ${process.arch}`;
  }
  return access('/etc/debian_version').then(
    () => undefined,
    () => 'its kernel is a Debian package, and this is not Debian',
  );
};

/**
 * Needs Debian's `qemu-system-x86`. Waits until programs can be run in there; its engine may take some seconds more. It is
 * cleared away even if this process is killed.
 */
export const startVirtualMachine = async ({
  redisPort,
  memory = 3072,
}: VirtualMachineOptions): Promise<VirtualMachine> => {
  const keeper = new URL('virtual-machine-keeper.ts', import.meta.url);
  const { told, stop } = await startKept(keeper, { redisPort, memory }, toldSchema);
  const { release, ports, consoleFile } = told;
  const run: VirtualMachine['run'] = (command, seconds = 30) => runInShell(ports.shell, command, seconds);
  return {
    release,
    dockerHost: `tcp://127.0.0.1:${ports.engine}`,
    run,
    start: async (command, environment) => {
      const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const detached = ['sh', '-c', '"$@" >/dev/console 2>&1 & echo $!', 'sh', 'env', ...variables];
      const { stdout } = await run([...detached, ...command]);
      return z.coerce.number().int().positive().parse(stdout);
    },
    console: () => readFile(consoleFile, 'utf8'),
    stop,
  };
};
