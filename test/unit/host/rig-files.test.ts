// The worker's notes: written whole, believed only with our signature, and never outside of their directory.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRigFiles } from '../../../src/host/rig-files.ts';
import type { RigFile, RigFiles } from '../../../src/ports/rig-files.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { fleetSecret, rememberingLog } from '../../support/a-worker.ts';

const note: RigFile = {
  rig: 'k3f9ab',
  generation: 1,
  version: 3,
  lease: { end: 5_000, cap: 9_000, rev: 1 },
  text: '{"owner":"U0ANNA"}',
};

describe('a rig file', () => {
  let folder: string;
  let directory: string;
  let files: RigFiles;
  const log = rememberingLog();
  const path = () => join(directory, 'k3f9ab.json');
  const change = async (edit: (outer: { v: number; note: string; signature: string }) => object) =>
    writeFile(path(), JSON.stringify(edit(JSON.parse(await readFile(path(), 'utf8')))));
  const openWith = (secret: string, installation = 'wcs') =>
    openRigFiles(directory, deriveSecrets(secret, installation), log);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wcs-rigs-notes-'));
    directory = join(folder, 'state', 'wcs');
    files = await openWith(fleetSecret);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read as it was written, and gone when it was removed, any number of times', async () => {
    await files.write(note);
    expect(await files.read('k3f9ab')).toEqual(note);
    await files.remove('k3f9ab');
    await files.remove('k3f9ab');
    expect(await files.read('k3f9ab')).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is written only where what is there at that very moment allows it', async () => {
    await files.write(note);
    const later = { ...note, version: 4 };
    // A stop throws it away while the mirror is about to write it.
    await Promise.all([files.remove('k3f9ab'), files.write(later, (present) => present !== undefined)]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('and its directory are for their owner only', async () => {
    await files.write(note);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('that is written anew is the new one, and what a kill left of an unfinished one does no harm', async () => {
    await files.write(note);
    await writeFile(`${path()}.new`, '{"v":1,"no');
    expect(await files.read('k3f9ab')).toEqual(note);
    const later = { ...note, lease: { ...note.lease, end: 8_000, rev: 2 } };
    await files.write(later);
    expect(await files.read('k3f9ab')).toEqual(later);
    expect(await readdir(directory)).toEqual(['k3f9ab.json']);
  });

  it.each<[string, (outer: { v: number; note: string; signature: string }) => object]>([
    ['another owner', (outer) => ({ ...outer, note: outer.note.replace('U0ANNA', 'U0BEN') })],
    ['another signature', (outer) => ({ ...outer, signature: outer.signature.replace(/./, 'g') })],
    ['no signature', ({ v, note: text }) => ({ v, note: text })],
    ['a signature of another length', (outer) => ({ ...outer, signature: 'ab' })],
    ['another version', (outer) => ({ ...outer, v: 1 })],
  ])('with %s is none, with a line in the log', async (_, edit) => {
    await files.write(note);
    const before = log.lines.length;
    await change(edit);
    expect(await files.read('k3f9ab')).toBeUndefined();
    expect(log.lines.slice(before).join('\n')).toContain('not ours or not whole');
  });

  it.each(['', '{', 'null', '[]', '"text"', '\u0000'])('that holds %j is none', async (text) => {
    await writeFile(path(), text);
    expect(await files.read('k3f9ab')).toBeUndefined();
  });

  it('of another rig under this name is none, though we signed it', async () => {
    await files.write({ ...note, rig: 'other2' });
    await writeFile(path(), await readFile(join(directory, 'other2.json')));
    expect(await files.read('k3f9ab')).toBeUndefined();
  });

  it('of another secret or installation is none', async () => {
    await files.write(note);
    expect(await (await openWith(`${fleetSecret}!`)).read('k3f9ab')).toBeUndefined();
    expect(await (await openWith(fleetSecret, 'other')).read('k3f9ab')).toBeUndefined();
  });

  it.each(['../../etc/passwd', 'a/b', '', 'K3F9AB', '.', 'a'.repeat(33)])('is never at %j', async (rig) => {
    await expect(files.write({ ...note, rig })).rejects.toThrow('not a rig');
    await expect(files.read(rig)).rejects.toThrow('not a rig');
  });

  it('that cannot be read for another reason is a fault, not none', async () => {
    await mkdir(path());
    await expect(files.read('k3f9ab')).rejects.toThrow('EISDIR');
  });
});
