// A cpio archive of the kind that the Linux kernel unpacks into its first root ("newc"), written without any program of that
// name: a header of hexadecimal numbers, the path, the content, each up to a multiple of four bytes.

import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

export type Archive = {
  readonly folder: (path: string) => Promise<void>;
  readonly text: (path: string, content: string) => Promise<void>;
  readonly bytes: (path: string, content: Buffer) => Promise<void>;
  readonly link: (path: string, target: string) => Promise<void>;
  /** As it is on this machine: `from`, links followed. */
  readonly file: (path: string, from: string, mode?: number) => Promise<void>;
  /** A character device. */
  readonly device: (path: string, major: number, minor: number) => Promise<void>;
  /** Writes its end, and closes the file. */
  readonly close: () => Promise<void>;
};

type Entry = {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly device?: readonly [major: number, minor: number];
};

const kinds = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

/** PURE: what stands before an entry's content. Paths are without the leading slash. */
export const entryHeader = ({ path, mode, size, device = [0, 0] }: Entry, inode: number): Buffer => {
  const name = Buffer.from(`${path}\0`);
  const numbers = [inode, mode, 0, 0, 1, 0, size, 0, 0, ...device, name.length, 0];
  const head = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([Buffer.from(head), name, paddingFor(head.length + name.length)]);
};

const paddingFor = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

/** Folders above an entry are made by themselves. */
export const openArchive = async (file: string): Promise<Archive> => {
  const handle = await open(file, 'wx');
  const folders = new Set<string>(['']);
  let inode = 0;
  const write = async (entry: Entry, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> => {
    inode += 1;
    await handle.appendFile(entryHeader(entry, inode));
    for await (const chunk of content) await handle.appendFile(chunk);
    await handle.appendFile(paddingFor(entry.size));
  };
  const folder = async (path: string): Promise<void> => {
    if (folders.has(path)) return;
    folders.add(path);
    await above(path);
    await write({ path, mode: kinds.folder | 0o755, size: 0 }, []);
  };
  const above = (path: string): Promise<void> => folder(path.split('/').slice(0, -1).join('/'));
  const put = async (path: string, mode: number, content: Buffer): Promise<void> => {
    await above(path);
    await write({ path, mode, size: content.length }, [content]);
  };
  return {
    folder,
    text: (path, content) => put(path, kinds.file | 0o644, Buffer.from(content)),
    bytes: (path, content) => put(path, kinds.file | 0o644, content),
    link: (path, target) => put(path, kinds.link | 0o777, Buffer.from(target)),
    file: async (path, from, mode = 0o644) => {
      await above(path);
      const { size } = await stat(from);
      await write(
        { path, mode: kinds.file | mode, size },
        createReadStream(from, { highWaterMark: 1 << 20 }),
      );
    },
    device: async (path, major, minor) => {
      await above(path);
      await write({ path, mode: kinds.device | 0o600, size: 0, device: [major, minor] }, []);
    },
    close: () => finish(handle),
  };
};

const finish = async (handle: FileHandle): Promise<void> => {
  await handle.appendFile(entryHeader({ path: 'TRAILER!!!', mode: 0, size: 0 }, 0));
  await handle.close();
};
