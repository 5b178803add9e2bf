// The process that holds a virtual machine and its files, and removes both when whoever wanted them has ended. Run by
// virtual-machine.ts.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { beKept, type Undo } from '../../src/demo/kept.ts';
import { haveKernel } from './debian-kernel.ts';
import { freePort } from './free-port.ts';
import { modulesFor } from './kernel-modules.ts';
import { findProgram, packRoot } from './virtual-machine-root.ts';
import { runInShell } from './virtual-machine-shell.ts';

const settingsSchema = z.object({ redisPort: z.number(), memory: z.number() });

const modules = ['virtio_pci', 'virtio_net', 'veth', 'ipvlan', 'overlay'];

const patience = 180_000;

type Ports = { readonly shell: number; readonly engine: number; readonly redis: number };

type Plan = {
  readonly kernel: string;
  readonly rootFile: string;
  readonly consoleFile: string;
  readonly memory: number;
  readonly ports: Ports;
};

/** Nothing of it reaches further than this machine's loopback, and there only these three ports. */
const networkOf = ({ shell, engine, redis }: Ports): string =>
  [
    'user,id=outside,restrict=on',
    `hostfwd=tcp:127.0.0.1:${shell}-10.0.2.15:7000`,
    `hostfwd=tcp:127.0.0.1:${engine}-10.0.2.15:2375`,
    `guestfwd=tcp:10.0.2.100:6379-cmd:/bin/busybox nc 127.0.0.1 ${redis}`,
  ].join(',');

const optionsOf = ({ kernel, rootFile, consoleFile, memory, ports }: Plan): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
  // Each of its two processors is a thread here, and no help of the hardware's is needed.
  ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(memory)],
  ...['-kernel', kernel, '-initrd', rootFile, '-append', 'console=ttyS0 quiet panic=-1'],
  ...['-chardev', `file,id=console,path=${consoleFile},append=on`, '-serial', 'chardev:console'],
  ...['-netdev', networkOf(ports), '-device', 'virtio-net-pci,netdev=outside,romfile='],
];

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const runMachine = async (plan: Plan, undo: Undo): Promise<ChildProcess> => {
  const program = await findProgram('qemu-system-x86_64');
  const log = await open(plan.consoleFile, 'a');
  // It computes all the time: the bot out here, of which people expect an answer, goes first.
  const machine = spawn('nice', ['-n', '5', program, ...optionsOf(plan)], {
    stdio: ['ignore', log.fd, log.fd],
  });
  undo(async () => {
    if (hasEnded(machine)) return;
    const ended = once(machine, 'exit');
    machine.kill('SIGKILL');
    await ended;
  });
  await once(machine, 'spawn');
  await log.close();
  return machine;
};

const awaitShell = async (machine: ChildProcess, { ports, consoleFile }: Plan): Promise<void> => {
  const begun = performance.now();
  while ((await runInShell(ports.shell, ['true'], 5)).code !== 0) {
    const isOver = hasEnded(machine);
    if (isOver || performance.now() - begun > patience) {
      const how = isOver ? 'ended at once' : `did not come up in ${patience / 1000} s`;
      const words = (await readFile(consoleFile, 'utf8')).trim().slice(-2000);
      throw new Error(`the virtual machine ${how}; its console: ${words || 'nothing'}`);
    }
    await delay(200);
  }
};

const start = async (settings: unknown, undo: Undo) => {
  const { redisPort, memory } = settingsSchema.parse(settings);
  const { image, release, modules: folder } = await haveKernel(undo);
  const directory = await mkdtemp(join(tmpdir(), 'wcs-virtual-machine-'));
  undo(() => rm(directory, { recursive: true, force: true }));
  const rootFile = join(directory, 'root.cpio');
  const consoleFile = join(directory, 'console.log');
  await packRoot(rootFile, await modulesFor(folder, modules));
  const ports = { shell: await freePort(), engine: await freePort(), redis: redisPort };
  const plan = { kernel: image, rootFile, consoleFile, memory, ports };
  await awaitShell(await runMachine(plan, undo), plan);
  // All of it is in the machine's memory by now.
  await rm(rootFile);
  return { release, ports, consoleFile };
};

await beKept(start);
