// What the virtual machine has for its root, as the archive that its kernel unpacks: this machine's own programs with their
// libraries, and the project with the npm packages that it runs on.

import { access, constants, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { librariesOf } from '../../src/demo/stand-in/image-files.ts';
import { isStatic } from '../../src/docker/announce.ts';
import { type Archive, openArchive } from './cpio.ts';
import type { KernelModule } from './kernel-modules.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the project lies in there. */
export const projectFolder = '/wcs-rigs';

// Debian's own shell, and not busybox's, to which `ip` and the like are its own ones whatever else is there.
const programs = ['arping', 'containerd', 'containerd-shim-runc-v2', 'curl', 'dockerd', 'ip', 'runc', 'sh'];
const programFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Throws a sentence where it is not installed. */
export const findProgram = async (name: string): Promise<string> => {
  for (const folder of programFolders) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return realpath(path);
  }
  throw new Error(`${name} is not installed: \`npm test\` installs what is missing`);
};

const addPrograms = async (archive: Archive): Promise<void> => {
  const paths = new Map([['node', process.execPath]]);
  for (const name of programs) paths.set(name, await findProgram(name));
  const libraries = new Set<string>();
  for (const [name, path] of paths) {
    await archive.file(`usr/bin/${name}`, path, 0o755);
    if (isStatic(await readFile(path))) continue;
    for (const library of await librariesOf(path)) libraries.add(library);
  }
  for (const library of libraries) await archive.file(library.slice(1), library, 0o755);
  await archive.file('bin/busybox', '/bin/busybox', 0o755);
  await archive.text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  await archive.text('etc/group', 'root:x:0:\n');
};

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      optional: z.boolean().default(false),
      devOptional: z.boolean().default(false),
    }),
  ),
});

/** Folders of the npm packages without which the project does not run. */
const neededPackages = async (): Promise<readonly string[]> => {
  const lock = lockSchema.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  return Object.entries(lock.packages).flatMap(([path, { dev, optional, devOptional }]) =>
    path === '' || dev || optional || devOptional ? [] : [path],
  );
};

const addFolder = async (archive: Archive, folder: string, what: RegExp): Promise<void> => {
  for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Packages within packages are in the lock file by themselves.
    const isInner = path.slice(root.length + folder.length).includes('/node_modules/');
    if (!entry.isFile() || isInner || !what.test(entry.name)) continue;
    await archive.file(join(projectFolder.slice(1), path.slice(root.length)), path);
  }
};

const addProject = async (archive: Archive): Promise<void> => {
  await archive.file(`${projectFolder.slice(1)}/package.json`, join(root, 'package.json'));
  await addFolder(archive, 'src', /\.(ts|mjs)$/);
  // Their types, maps and documents would only have to be unpacked.
  for (const folder of await neededPackages()) await addFolder(archive, folder, /\.(js|cjs|mjs|json)$/);
};

/** Writes it to `file`, which is new; about 330 MB. */
export const packRoot = async (file: string, modules: readonly KernelModule[]): Promise<void> => {
  const archive = await openArchive(file);
  for (const folder of ['dev', 'proc', 'root', 'run', 'sys', 'tmp', 'var/lib']) await archive.folder(folder);
  await archive.device('dev/console', 5, 1);
  await archive.link('var/run', '/run');
  await archive.file('init', fileURLToPath(new URL('virtual-machine-init.sh', import.meta.url)), 0o755);
  for (const { name, content } of modules) await archive.bytes(`modules/${name}.ko`, content);
  await archive.text('modules/order', modules.map(({ name }) => name).join('\n'));
  await addPrograms(archive);
  await addProject(archive);
  await archive.close();
};
