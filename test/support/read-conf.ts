// WCS's configuration files of a container, started or not, as `docker cp` gives them.

import { execFile } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';

const run = promisify(execFile);
const folder = '/usr/local/FlashphonerWebCallServer/conf';

/** `text`: one character a byte. `owner`: `999:999 664`. */
export type ConfFile = { readonly name: string; readonly text: string; readonly owner: string };

export const listConf = async (dockerHost: string, container: string): Promise<readonly ConfFile[]> => {
  const words = ['--host', dockerHost, 'cp', `${container}:${folder}/.`, '-'];
  const { stdout } = await run('docker', words, { encoding: 'buffer', maxBuffer: 2 ** 26 });
  const archive = extract();
  archive.end(stdout);
  const files: ConfFile[] = [];
  for await (const entry of archive) {
    const { name, type, uid, gid, mode } = entry.header;
    const text = (await buffer(entry)).toString('latin1');
    const owner = `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
    if (type === 'file') files.push({ name: name.replace(/^\.\//, ''), text, owner });
  }
  return files;
};

/** By name. */
export const readConf = async (
  dockerHost: string,
  container: string,
): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await listConf(dockerHost, container)).map(({ name, text }) => [name, text]));
