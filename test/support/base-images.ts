// Images under the names of those that Dockerfile and docker-compose.yml start from, made of what this machine has: no
// registry is asked. In place of `npm ci` the Node image hands out the production packages of this checkout, and in place of
// Debian's mirror this machine's own programs.

import { execFile, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openClient } from '../../src/docker/client.ts';
import { importImage } from '../../src/docker/import-image.ts';

const run = promisify(execFile);

const applets = [
  'sh',
  'cat',
  'cp',
  'chmod',
  'echo',
  'env',
  'grep',
  'id',
  'ls',
  'mkdir',
  'printf',
  'rm',
  'sleep',
] as const;

type Base = {
  readonly reference: string;
  readonly fill: (root: string) => Promise<void>;
  readonly path: string;
};

/** `root`: the checkout. The images go with the engine. */
export const importBaseImages = async (dockerHost: string, root: string): Promise<void> => {
  await importBase(dockerHost, {
    reference: 'node:24-slim',
    path: '/usr/local/bin:/usr/bin:/bin',
    fill: async (image) => {
      await addProgram(image, process.execPath, 'usr/local/bin/node');
      await addNpm(image, root);
      await addPackages(image);
    },
  });
  await importBase(dockerHost, {
    reference: 'redis:7-alpine',
    path: '/usr/bin:/bin',
    fill: async (image) => {
      for (const program of ['redis-server', 'redis-cli']) {
        await addProgram(image, `/usr/bin/${program}`, `usr/bin/${program}`);
      }
      await writeFile(
        join(image, 'etc/passwd'),
        'root:x:0:0::/root:/bin/sh\nredis:x:999:1000::/data:/bin/sh\n',
      );
      await mkdir(join(image, 'data'));
      await chown(join(image, 'data'), 999, 1000);
    },
  });
};

const importBase = async (dockerHost: string, { reference, fill, path }: Base): Promise<void> => {
  const image = await mkdtemp(join(os.tmpdir(), 'base-image-'));
  const client = openClient(dockerHost, 10_000);
  try {
    for (const folder of ['bin', 'etc', 'tmp']) await mkdir(join(image, folder));
    await chmod(image, 0o755);
    await chmod(join(image, 'tmp'), 0o1777);
    await cp('/bin/busybox', join(image, 'bin/busybox'), { dereference: true });
    for (const name of applets) await symlink('busybox', join(image, 'bin', name));
    await fill(image);
    const [repository = '', tag = ''] = reference.split(':');
    const tar = spawn('tar', ['-C', image, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await importImage(client, tar.stdout, { repository, tag, changes: [`ENV PATH=${path}`] });
  } finally {
    client.close();
    await rm(image, { recursive: true });
  }
};

const addProgram = async (image: string, program: string, name: string): Promise<void> => {
  const { stdout } = await run('ldd', [program]);
  const libraries = Array.from(stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm), ([, path = '']) => path);
  await mkdir(dirname(join(image, name)), { recursive: true });
  await cp(program, join(image, name), { dereference: true });
  for (const library of libraries) {
    await mkdir(dirname(join(image, library)), { recursive: true });
    await cp(library, join(image, library), { dereference: true });
  }
};

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), optional: z.boolean().optional() })),
});

/** An `npm` that knows the one command of the Dockerfile, and answers it as the real one would. */
const addNpm = async (image: string, root: string): Promise<void> => {
  const lock = await readFile(join(root, 'node_modules/.package-lock.json'), 'utf8');
  const { packages } = lockSchema.parse(JSON.parse(lock));
  const production = Object.entries(packages).filter(([, { dev, optional }]) => !dev && !optional);
  // Types, maps and words are most of the files, and the engine copies each of them several times.
  const unread = ['*.d.ts', '*.d.mts', '*.d.cts', '*.map', '*.md'].map((pattern) => `--exclude=${pattern}`);
  const paths = production.map(([path]) => path);
  await run('tar', ['-C', root, ...unread, '-cf', join(image, 'offline.tar'), ...paths]);
  const words = 'ci --omit=dev --omit=optional --no-audit --no-fund';
  const npm = [
    '#!/bin/sh',
    `[ "$*" = "${words}" ] || { echo "npm $* is not what was expected"; exit 1; }`,
    '[ -f package.json ] && [ -f package-lock.json ] || { echo "there is no lock file"; exit 1; }',
    'exec tar -xf /offline.tar',
  ];
  await writeFile(join(image, 'usr/local/bin/npm'), `${npm.join('\n')}\n`, { mode: 0o755 });
};

/** An `apt-get` that knows the words of the Dockerfile: what they install is there already. */
const addPackages = async (image: string): Promise<void> => {
  await addProgram(image, '/usr/bin/arping', 'usr/bin/arping');
  const aptGet = [
    '#!/bin/sh',
    'case "$*" in',
    '  update | "install -y --no-install-recommends iputils-arping busybox-static") exit 0 ;;',
    'esac',
    'echo "apt-get $* is not what was expected"; exit 1',
  ];
  await mkdir(join(image, 'usr/bin'), { recursive: true });
  await writeFile(join(image, 'usr/bin/apt-get'), `${aptGet.join('\n')}\n`, { mode: 0o755 });
};
