// A cpio archive of the kind that the Linux kernel unpacks into its first root ("newc"), written without any program of that
// name: a header of hexadecimal numbers, the path, the content, each up to a multiple of four bytes.

import { open, readFile } from 'node:fs/promises';

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
  /** Without the leading slash. */
  readonly path: string;
  /** The kind in it. */
  readonly mode: number;
  readonly size: number;
  readonly device?: readonly [major: number, minor: number];
};

const kinds = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 } as const;

/** PURE: what stands before an entry's content. */
export const entryHeader = ({ path, mode, size, device = [0, 0] }: Entry, inode: number): Buffer => {
  const name = Buffer.from(`${path}\0`);
  const numbers = [inode, mode, 0, 0, 1, 0, size, 0, 0, ...device, name.length, 0];
  const head = `070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([Buffer.from(head), name, paddingFor(head.length + name.length)]);
};

const paddingFor = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

/** Into a new file. Folders above an entry are made by themselves. */
export const openArchive = async (file: string): Promise<Archive> => {
  const handle = await open(file, 'wx');
  const folders = new Set<string>();
  let inode = 0;
  const write = async (entry: Omit<Entry, 'size'>, content: Buffer = Buffer.alloc(0)): Promise<void> => {
    inode += 1;
    const header = entryHeader({ ...entry, size: content.length }, inode);
    await handle.appendFile(Buffer.concat([header, content, paddingFor(content.length)]));
  };
  const above = async (path: string): Promise<void> => {
    const end = path.lastIndexOf('/');
    if (end > 0) await folder(path.slice(0, end));
  };
  const folder = async (path: string): Promise<void> => {
    if (folders.has(path)) return;
    folders.add(path);
    await above(path);
    await write({ path, mode: kinds.folder | 0o755 });
  };
  const bytes = async (path: string, content: Buffer, mode: number = kinds.file | 0o644): Promise<void> => {
    await above(path);
    await write({ path, mode }, content);
  };
  return {
    folder,
    bytes: (path, content) => bytes(path, content),
    text: (path, content) => bytes(path, Buffer.from(content)),
    link: (path, target) => bytes(path, Buffer.from(target), kinds.link | 0o777),
    file: async (path, from, mode = 0o644) => bytes(path, await readFile(from), kinds.file | mode),
    device: async (path, major, minor) => {
      await above(path);
      await write({ path, mode: kinds.device | 0o600, device: [major, minor] });
    },
    close: async () => {
      await handle.appendFile(entryHeader({ path: 'TRAILER!!!', mode: 0, size: 0 }, 0));
      await handle.close();
    },
  };
};
