// Which modules have to be loaded for some to be there, and in which order.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { modulesFor, needsOf } from '../../support/kernel-modules.ts';

const run = promisify(execFile);
let folder: string;

const write = async (name: string, needs: string): Promise<string> => {
  const path = join(folder, 'kernel/net', `${name}.ko`);
  await writeFile(path, `\x7fELF\0license=GPL\0depends=${needs}\0name=${name}\0`);
  return path;
};
const names = async (...wanted: readonly string[]) =>
  (await modulesFor(folder, wanted)).map(({ name }) => name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modules-'));
  await mkdir(join(folder, 'kernel/net'), { recursive: true });
  await writeFile(join(folder, 'modules.builtin'), 'kernel/net/unix/unix.ko\nkernel/lib/crc-itu-t.ko\n');
  await write('llc', '');
  await write('stp', 'llc');
  await write('bridge', 'stp,llc');
  await write('net-failover', 'unix,crc_itu_t');
  await write('virtio_net', 'net_failover');
});
afterEach(() => rm(folder, { recursive: true }));

it('each comes once, after what it needs itself', async () => {
  expect(await names('bridge', 'llc')).toEqual(['llc', 'stp', 'bridge']);
});

it('a hyphen and an underscore are the same, and what is built in is not loaded', async () => {
  expect(await names('virtio-net', 'unix')).toEqual(['net_failover', 'virtio_net']);
});

it('they may be compressed', async () => {
  await run('xz', [await write('ipvlan', 'llc')]);
  const modules = await modulesFor(folder, ['ipvlan']);
  expect(modules.map(({ name }) => name)).toEqual(['llc', 'ipvlan']);
  expect(needsOf(modules.at(-1)?.content ?? Buffer.alloc(0))).toEqual(['llc']);
});

it('one that the kernel does not have is named', async () => {
  await expect(names('ipvlan')).rejects.toThrow(`the kernel in ${folder} has no module ipvlan`);
});
