// One folder's files: read as they are, or all that is wrong with them at once.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder } from '../../../src/machine/read-folder.ts';

const mebibyte = 2 ** 20;

describe('a folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
  const faultsOf = (path: string): readonly string[] => {
    const reading = readFolder(path);
    return reading.kind === 'faults' ? reading.faults : [];
  };

  it('is read byte by byte, in the order of names, through links', () => {
    put('b.jks', Buffer.from([0, 255, 13, 10, 128]));
    put('a.properties', 'a=é\n');
    symlinkSync(join(folder, 'b.jks'), join(folder, 'c.jks'));
    expect(readFolder(folder)).toEqual({
      kind: 'files',
      files: new Map([
        ['a.properties', 'a=Ã©\n'],
        ['b.jks', '\u0000\u00ff\r\n\u0080'],
        ['c.jks', '\u0000\u00ff\r\n\u0080'],
      ]),
    });
  });

  it('may be empty', () => {
    expect(readFolder(folder)).toEqual({ kind: 'files', files: new Map() });
  });

  it('that is none, or not there', () => {
    put('file', '');
    expect(faultsOf(join(folder, 'file'))).toEqual(['is no folder']);
    expect(faultsOf(join(folder, 'nothing'))).toEqual(['is not there']);
    expect(faultsOf('/\0')).toEqual(['cannot be read (ERR_INVALID_ARG_VALUE)']);
  });

  it('with what is no plain file, or larger than one may be: each by its name', () => {
    mkdirSync(join(folder, 'qa'));
    symlinkSync('/nowhere/at-all', join(folder, 'gone'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    put('large', Buffer.alloc(1.5 * mebibyte));
    put('fits', Buffer.alloc(mebibyte));
    expect(faultsOf(folder)).toEqual([
      'has `gone`, which cannot be read (ENOENT)',
      'has `large`, which has 1.5 MiB; 1 MiB are the most for a file',
      'has `pipe`, which is no plain file; take it out',
      'has `qa`, a folder, and only files are read; take it out',
    ]);
  });

  it('with more than all may have', () => {
    for (let index = 0; index < 9; index += 1) put(`file${index}`, Buffer.alloc(mebibyte));
    expect(faultsOf(folder)).toEqual(['has 9.0 MiB; 8 MiB are the most']);
  });

  it('with too many files', () => {
    for (let index = 0; index < 101; index += 1) put(`file${index}`, '');
    expect(faultsOf(folder)).toEqual(['has 101 files; 100 are the most']);
  });
});
