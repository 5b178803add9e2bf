// What goes into the stand-in image, as a tar: this machine's own Node with the libraries that it names, a static busybox,
// the server with its configuration, and a certificate made just now. Nothing is fetched from anywhere.

import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { type Pack, pack } from 'tar-stream';
import { confFiles, versionHome } from './conf-files.ts';

const run = promisify(execFile);

const busybox = '/bin/busybox';
const applets = [
  'sh',
  'cat',
  'wget',
  'ls',
  'sleep',
  'nc',
  'ip',
  'ps',
  'env',
  'id',
  'kill',
  'mkdir',
  'timeout',
] as const;
const folders = ['bin', 'lib', 'lib64', 'stand-in', 'tmp', 'usr', 'usr/local', 'etc', 'root'] as const;

/** A stream of the tar, about 125 MB. Throws a sentence that names the Debian package where busybox is missing. */
export const packImage = async (): Promise<Pack> => {
  await access(busybox).catch(() => {
    throw new Error(`${busybox} is not installed: on Debian \`apt-get install busybox-static\``);
  });
  const libraries = await librariesOf(process.execPath);
  const certificate = await makeCertificate();
  const server = await readFile(new URL('server.mjs', import.meta.url), 'utf8');
  const tar = pack();
  const fill = async (): Promise<void> => {
    for (const name of folders)
      tar.entry({ name: `${name}/`, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 });
    await addFile(tar, 'bin/node', process.execPath);
    await addFile(tar, 'bin/busybox', busybox);
    for (const name of applets) tar.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
    for (const path of libraries) await addFile(tar, path.slice(1), path);
    tar.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\n');
    tar.entry({ name: 'stand-in/server.mjs' }, server);
    tar.entry({ name: 'stand-in/key.pem', mode: 0o600 }, certificate.private);
    tar.entry({ name: 'stand-in/cert.pem' }, certificate.cert);
    addConfiguration(tar);
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return tar;
};

/** Of a user of its own, with a group that may write, as WCS's installer leaves it. */
const wcsUser = { uid: 999, gid: 999, mode: 0o664 } as const;

const addConfiguration = (tar: Pack): void => {
  for (const name of ['', '/conf', '/logs', '/logs/server_logs']) {
    tar.entry({ name: `${versionHome}${name}/`, type: 'directory', ...wcsUser, mode: 0o775 });
  }
  const link = { name: 'usr/local/FlashphonerWebCallServer', linkname: `/${versionHome}` } as const;
  tar.entry({ ...link, type: 'symlink' });
  for (const [name, text] of Object.entries(confFiles)) {
    tar.entry({ name: `${versionHome}/conf/${name}`, ...wcsUser }, text);
  }
};

/** `/lib/x86_64-linux-gnu/libm.so.6` and the like, with the dynamic loader, under the names that the program looks for. */
export const librariesOf = async (program: string): Promise<string[]> => {
  const { stdout } = await run('ldd', [program]);
  const paths = stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm);
  const found = [...new Set(Array.from(paths, ([, path = '']) => path))];
  if (found.length === 0) throw new Error(`ldd names no libraries of ${program}`);
  return found;
};

const addFile = async (tar: Pack, name: string, path: string): Promise<void> => {
  const real = await realpath(path);
  const { size } = await stat(real);
  await pipeline(createReadStream(real, { highWaterMark: 1 << 20 }), tar.entry({ name, size, mode: 0o755 }));
};

const makeCertificate = () =>
  generate([{ name: 'commonName', value: 'wcs-rigs stand-in' }], { algorithm: 'sha256', keyType: 'ec' });
