// The kernel that Debian has for virtual machines, and which has ipvlan whatever this machine's own has: fetched with apt-get
// and unpacked, not installed. It is kept below node_modules, so that it is fetched once in a clone, and gone with `npm ci`.

import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Undo } from '../../src/demo/kept.ts';
import { mustRun, type Ran, run } from './run.ts';

export type Kernel = {
  /** `6.1.0-56-cloud-amd64` */
  readonly release: string;
  /** The file to boot. */
  readonly image: string;
  /** The folder of its modules. */
  readonly modules: string;
};

const usualFolder = fileURLToPath(new URL('../../node_modules/.cache/wcs-rigs-kernel/', import.meta.url));

/** Always depends on the newest one; one that is named by its version is gone from Debian's servers after a while. */
const newest = 'linux-image-cloud-amd64';

const patience = 300;

/** PURE: `Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)` */
export const releaseIn = (shown: string): string | undefined =>
  /^Depends: .*?\blinux-image-(\d\S*-cloud-amd64)\b/m.exec(shown)?.[1];

/** PURE: apt-get's own reasons, without what else it says. */
export const reasonOf = ({ stdout, stderr }: Ran): string => {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('E: '));
  return lines.map((line) => line.slice('E: '.length).trim()).join('; ') || 'apt-get gave no reason';
};

const findRelease = async (): Promise<string | undefined> =>
  releaseIn((await run(['apt-cache', 'show', '--no-all-versions', newest])).stdout);

const isComplete = async ({ image, modules }: Kernel): Promise<boolean> => {
  const found = await Promise.allSettled([access(image), access(join(modules, 'modules.builtin'))]);
  return found.every(({ status }) => status === 'fulfilled');
};

const kernelIn = (folder: string, release: string): Kernel => ({
  release,
  image: join(folder, 'boot', `vmlinuz-${release}`),
  modules: join(folder, 'lib/modules', release),
});

/** Lists of packages grow old: then they name a version that the servers no longer have. */
const updateLists = async (): Promise<void> => {
  const updated = await run(['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', 'update'], patience);
  if (updated.code !== 0) throw new Error(`Debian's kernel: \`apt-get update\` failed: ${reasonOf(updated)}`);
};

const download = (part: string, release: string): Promise<Ran> =>
  run(['env', `--chdir=${part}`, 'apt-get', '-q', 'download', `linux-image-${release}`], patience);

const fetchInto = async (folder: string, part: string): Promise<Kernel> => {
  let release = await findRelease();
  if (release === undefined || (await download(part, release)).code !== 0) {
    await updateLists();
    release = await findRelease();
    if (release === undefined) {
      throw new Error(`Debian's kernel: the sources of apt have no ${newest}; add Debian's own to them`);
    }
    const fetched = await download(part, release);
    if (fetched.code !== 0) {
      throw new Error(`Debian's kernel: linux-image-${release} could not be fetched: ${reasonOf(fetched)}`);
    }
  }
  const file = (await readdir(part)).find((name) => name.endsWith('.deb')) ?? '';
  await mustRun(['dpkg-deb', '--extract', join(part, file), join(part, release)], patience);
  const kernel = kernelIn(join(folder, release), release);
  // Somebody else may have been quicker; then theirs is as good.
  await rename(join(part, release), join(folder, release)).catch(() => undefined);
  await removeOlder(folder, release);
  if (!(await isComplete(kernel)))
    throw new Error(`Debian's kernel: linux-image-${release} has no kernel in it`);
  return kernel;
};

/** A hundred megabytes each. */
const removeOlder = async (folder: string, release: string): Promise<void> => {
  const names = await readdir(folder);
  const older = names.filter((name) => name !== release && !name.startsWith('part-'));
  await Promise.all(older.map((name) => rm(join(folder, name), { recursive: true, force: true })));
};

/** The one that is there already, as long as it is the newest that apt knows. Throws with one sentence. */
export const haveKernel = async (undo: Undo, folder = usualFolder): Promise<Kernel> => {
  const release = await findRelease();
  const known = release === undefined ? undefined : kernelIn(join(folder, release), release);
  if (known && (await isComplete(known))) return known;
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, 'part-'));
  undo(() => rm(part, { recursive: true, force: true }));
  return fetchInto(folder, part);
};
