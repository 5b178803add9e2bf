// Which kernel modules have to be loaded, in which order, for some to be there: what `modprobe` knows from a list that only an
// installed kernel has. Each module names in itself what it needs.

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export type KernelModule = { readonly name: string; readonly content: Buffer };

const run = promisify(execFile);

/** PURE: in file names and in what modules say of each other, `-` and `_` are the same. */
const plain = (name: string): string => name.replaceAll('-', '_');

/** PURE: what stands after `depends=` in the module's own notes. */
export const needsOf = (module: Buffer): readonly string[] => {
  const [, list = ''] = /\0depends=([^\0]*)\0/.exec(module.toString('latin1')) ?? [];
  return list.split(',').filter(Boolean).map(plain);
};

const nameOf = (path: string): string => plain(basename(path).replace(/\.ko(\.xz)?$/, ''));

/** Later kernels of Debian have theirs compressed; `xz` is there wherever there is `dpkg`. */
const readModule = async (path: string): Promise<Buffer> => {
  if (!path.endsWith('.xz')) return readFile(path);
  const { stdout } = await run('xz', ['-dc', path], { encoding: 'buffer', maxBuffer: 1 << 28 });
  return stdout;
};

/** Each after what it needs itself; what is built into the kernel is left out. `folder`: `…/lib/modules/6.1.0-…`. */
export const modulesFor = async (
  folder: string,
  wanted: readonly string[],
): Promise<readonly KernelModule[]> => {
  const builtIn = (await readFile(join(folder, 'modules.builtin'), 'utf8')).split('\n').map(nameOf);
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.ko(\.xz)?$/.test(file));
  const paths = new Map(files.map((file) => [nameOf(file), join(folder, file)]));
  const seen = new Set(builtIn);
  const ordered: KernelModule[] = [];
  const add = async (name: string): Promise<void> => {
    if (seen.has(name)) return;
    seen.add(name);
    const path = paths.get(name);
    if (path === undefined) throw new Error(`the kernel in ${folder} has no module ${name}`);
    const content = await readModule(path);
    for (const need of needsOf(content)) await add(need);
    ordered.push({ name, content });
  };
  for (const name of wanted) await add(plain(name));
  return ordered;
};
