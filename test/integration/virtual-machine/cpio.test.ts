// The archive that a kernel unpacks, unpacked by somebody else's program.

import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryHeader, openArchive } from '../../support/cpio.ts';

const run = promisify(execFile);

describe('an archive for the kernel', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpio-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const unpack = async (fill: (archive: Awaited<ReturnType<typeof openArchive>>) => Promise<void>) => {
    const file = join(folder, 'root.cpio');
    const archive = await openArchive(file);
    await fill(archive);
    await archive.close();
    await run('/bin/busybox', ['cpio', '-idmF', file], { cwd: folder });
  };

  it('is unpacked to what was put in, whatever the lengths of names and contents', async () => {
    const contents = Array.from({ length: 9 }, (_, length) => 'x'.repeat(length));
    await unpack(async (archive) => {
      for (const content of contents) await archive.text(`a/b/n${content}`, content);
      await archive.link('l', 'a/b/n');
      await archive.folder('empty');
    });
    for (const content of contents)
      expect(await readFile(join(folder, `a/b/n${content}`), 'utf8')).toBe(content);
    expect(await readlink(join(folder, 'l'))).toBe('a/b/n');
    expect((await lstat(join(folder, 'empty'))).isDirectory()).toBe(true);
  });

  it('has files of this machine with the mode that is wanted, and what a link leads to for the link', async () => {
    const from = join(folder, 'from');
    await writeFile(from, Buffer.alloc(3_000_001, 7));
    await run('ln', ['-s', from, join(folder, 'link')]);
    await unpack(async (archive) => {
      await archive.file('bin/program', join(folder, 'link'), 0o755);
    });
    const program = await lstat(join(folder, 'bin/program'));
    expect([program.isFile(), program.mode & 0o777, program.size]).toEqual([true, 0o755, 3_000_001]);
    expect(await readFile(join(folder, 'bin/program'))).toEqual(await readFile(from));
  });

  it('never writes into a file that is there', async () => {
    await writeFile(join(folder, 'root.cpio'), 'somebody else’s');
    await expect(openArchive(join(folder, 'root.cpio'))).rejects.toThrow('EEXIST');
  });

  it('names a device by its numbers', () => {
    const entry = { path: 'dev/console', mode: 0o020600, size: 0, device: [5, 1] as const };
    const head = entryHeader(entry, 3).toString('latin1');
    const fields = Array.from({ length: 13 }, (_, index) =>
      Number.parseInt(head.slice(6 + 8 * index, 14 + 8 * index), 16),
    );
    expect(fields).toEqual([3, 0o020600, 0, 0, 1, 0, 0, 0, 0, 5, 1, 'dev/console\0'.length, 0]);
    expect(head.slice(110)).toBe('dev/console\0'.padEnd(124 - 110, '\0'));
  });
});
