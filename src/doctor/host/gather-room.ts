// Room on the disks: where the engine keeps images and containers, and where the worker keeps its notes.

import { mkdtemp, readFile, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Looked, look } from './looked.ts';

export type Room = { readonly path: string; readonly freeBytes: number };

export type Rooms = {
  /** The engine's; only where it is on this machine, and visible from here. */
  readonly data: Looked<Room>;
  readonly state: Looked<Room>;
  /** A process's hard limit of open files: the engine's where it can be seen, else this process's. */
  readonly openFiles: Looked<{ readonly of: 'engine' | 'this process'; readonly most: number }>;
};

/** `dataRoot`: as the engine says it; `undefined` where it did not. */
export const gatherRooms = async (dataRoot: string | undefined, stateDir: string): Promise<Rooms> => {
  const [data, state, openFiles] = await Promise.all([
    look(() => roomOf(dataRoot)),
    look(() => writableRoom(stateDir)),
    look(readOpenFiles),
  ]);
  return { data, state, openFiles };
};

const roomOf = async (path: string | undefined): Promise<Room> => {
  if (path === undefined || path === '') throw new Error('it is not on this machine');
  const is = await stat(path).catch(() => undefined);
  if (!is) throw new Error(`${path} cannot be seen from here`);
  return freeAt(path);
};

const freeAt = async (path: string): Promise<Room> => {
  const { bavail, bsize, ffree, files } = await statfs(path);
  // Without a free inode nothing new can be written, however many bytes are free. Some file systems count none.
  return { path, freeBytes: files > 0 && ffree === 0 ? 0 : bavail * bsize };
};

/** A directory that is not there yet is made by the worker: then its next parent that is there has to let it. */
const writableRoom = async (directory: string): Promise<Room> => {
  let path = directory;
  while (path !== '/' && !(await stat(path).catch(() => undefined))) path = dirname(path);
  await rmdir(await mkdtemp(join(path, '.wcs-rigs-')));
  return freeAt(path);
};

const pidFiles = ['/run/docker.pid', '/var/run/docker.pid'];

const readOpenFiles = async () => {
  for (const file of pidFiles) {
    const pid = (await readFile(file, 'utf8').catch(() => '')).trim();
    const limits = /^\d+$/.test(pid) ? await readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '') : '';
    const most = parseHardLimit(limits);
    if (most !== undefined) return { of: 'engine', most } as const;
  }
  const most = parseHardLimit(await readFile('/proc/self/limits', 'utf8'));
  if (most === undefined) throw new Error('/proc/self/limits does not say how many files may be open');
  return { of: 'this process', most } as const;
};

/** PURE: `Max open files            1024                 1048576              files`. */
export const parseHardLimit = (text: string): number | undefined => {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(text) ?? [];
  if (hard === undefined) return undefined;
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
};
