// WCS's configuration files of a container, started or not, as `docker cp` gives them.

import { execFile } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';

/** By name, one character a byte. */
export const readConf = async (
  dockerHost: string,
  container: string,
  home = '/usr/local/FlashphonerWebCallServer',
): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await listConf(dockerHost, container, home)).map(({ name, text }) => [name, text]));

export type ConfFile = { readonly name: string; readonly text: string; readonly owner: string };

/** `owner`: `999:999 664`. */
export const listConf = async (
  dockerHost: string,
  container: string,
  home = '/usr/local/FlashphonerWebCallServer',
): Promise<readonly ConfFile[]> => {
  const words = ['--host', dockerHost, 'cp', `${container}:${home}/conf/.`, '-'];
  const tar = await new Promise<Buffer>((resolve, reject) => {
    execFile('docker', words, { encoding: 'buffer', maxBuffer: 2 ** 26 }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
  });
  const archive = extract();
  archive.end(tar);
  const files: ConfFile[] = [];
  for await (const entry of archive) {
    const { name, type, uid, gid, mode } = entry.header;
    const text = (await buffer(entry)).toString('latin1');
    if (type !== 'file') continue;
    files.push({ name: name.replace(/^\.\//, ''), text, owner: `${uid}:${gid} ${mode.toString(8)}` });
  }
  return files;
};
