// The process that holds a virtual machine and its files, and removes both when whoever wanted them has ended. Run by
// virtual-machine.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { beKept, type Undo } from '../../src/demo/kept.ts';
import { packImage } from '../../src/demo/stand-in/image-files.ts';
import { haveKernel } from './debian-kernel.ts';
import { freePort } from './free-port.ts';
import { modulesFor } from './kernel-modules.ts';
import { packRoot } from './virtual-machine-root.ts';
import { runInShell } from './virtual-machine-shell.ts';

const settingsSchema = z.object({ redisPort: z.number(), memory: z.number() });

const modules = ['virtio_pci', 'virtio_net', 'veth', 'ipvlan', 'overlay'];

const patience = 120_000;

type Ports = { readonly shell: number; readonly engine: number; readonly redis: number };

/** Nothing of it reaches further than this machine's loopback, and there only these three ports. */
const networkOf = ({ shell, engine, redis }: Ports): string =>
  [
    'user,id=outside,restrict=on',
    `hostfwd=tcp:127.0.0.1:${shell}-10.0.2.15:7000`,
    `hostfwd=tcp:127.0.0.1:${engine}-10.0.2.15:2375`,
    `guestfwd=tcp:10.0.2.100:6379-cmd:/bin/busybox nc 127.0.0.1 ${redis}`,
  ].join(',');

const optionsOf = (directory: string, kernel: string, memory: number, ports: Ports): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
  // Each of its two processors is a thread here, so that it runs without any help of the hardware's.
  ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(memory)],
  ...['-kernel', kernel, '-initrd', join(directory, 'root.cpio')],
  ...['-append', 'console=ttyS0 quiet panic=-1'],
  ...['-serial', `file:${join(directory, 'console.log')}`],
  ...['-netdev', networkOf(ports), '-device', 'virtio-net-pci,netdev=outside,romfile='],
];

const packInto = async (directory: string, kernelModules: string): Promise<void> => {
  const standIn = join(directory, 'stand-in.tar');
  await pipeline(await packImage(), createWriteStream(standIn));
  await packRoot(join(directory, 'root.cpio'), {
    modules: await modulesFor(kernelModules, modules),
    standIn,
  });
  await rm(standIn);
};

const isUp = async (shellPort: number): Promise<void> => {
  const begun = performance.now();
  while ((await runInShell(shellPort, ['true'], 5)).code !== 0) {
    if (performance.now() - begun > patience) throw new Error(`nothing answered for ${patience / 1000} s`);
    await delay(200);
  }
};

const start = async (settings: unknown, undo: Undo) => {
  const { redisPort, memory } = settingsSchema.parse(settings);
  const kernel = await haveKernel(undo);
  const directory = await mkdtemp(join(tmpdir(), 'wcs-virtual-machine-'));
  undo(() => rm(directory, { recursive: true, force: true }));
  await packInto(directory, kernel.modules);
  const ports = { shell: await freePort(), engine: await freePort(), redis: redisPort };
  const options = optionsOf(directory, kernel.image, memory, ports);
  // It computes all the time: whatever else is tested at once goes first.
  const machine = spawn('nice', ['-n', '10', 'qemu-system-x86_64', ...options], {
    stdio: ['ignore', 'ignore', 2],
  });
  const ended = once(machine, 'exit');
  undo(async () => {
    if (machine.exitCode === null && machine.signalCode === null) machine.kill('SIGKILL');
    await ended;
  });
  const console = join(directory, 'console.log');
  await Promise.race([
    isUp(ports.shell),
    ended.then(() => {
      throw new Error('it ended');
    }),
  ]).catch(async (error: unknown) => {
    const words = await readFile(console, 'utf8').catch(() => '');
    throw new Error(
      `the virtual machine did not come up: ${String(error)}; its console says: ${words.trim().slice(-2000)}`,
    );
  });
  return { release: kernel.release, ports, console };
};

await beKept(start);
