// Notes that the earlier secret signed are signed anew, whatever is in them, and no others.

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { renewSignatures } from '../../../src/host/renew-signatures.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { fleetSecret, rememberingLog } from '../../support/a-worker.ts';

const later = 'another secret of thirty-two characters';
const [before, both] = [deriveSecrets(fleetSecret, 'wcs'), deriveSecrets(later, 'wcs', fleetSecret)];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-renew-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (name: string, content: unknown) =>
  writeFile(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content));
const signedBy = ({ sign }: typeof before, note: string, more: object = {}) => ({
  v: 7,
  ...more,
  note,
  signature: sign(note),
});
const read = (name: string) => readFile(join(directory, name), 'utf8');

it('signs those of the earlier secret anew, and keeps all that is in them', async () => {
  await write('a1.json', signedBy(before, 'one', { later: [1] }));
  await write('a2.json', signedBy(before, 'two'));
  const log = rememberingLog();
  await renewSignatures(directory, both, log);
  expect(JSON.parse(await read('a1.json'))).toEqual(signedBy(both, 'one', { later: [1] }));
  expect(JSON.parse(await read('a2.json'))).toEqual(signedBy(both, 'two'));
  expect((await stat(join(directory, 'a1.json'))).mode & 0o777).toBe(0o600);
  expect((await readdir(directory)).sort()).toEqual(['a1.json', 'a2.json']);
  expect(log.lines.join()).toContain('"renewed":2');
});

it('leaves alone what is signed with the current one, what neither signed, and what is no note', async () => {
  const stranger = deriveSecrets(`${later}!`, 'wcs');
  const files: readonly (readonly [string, unknown])[] = [
    ['now.json', signedBy(both, 'now')],
    ['strange.json', signedBy(stranger, 'strange')],
    ['forged.json', { ...signedBy(before, 'forged'), note: 'other' }],
    ['broken.json', '{"v":1,"no'],
    ['list.json', []],
    ['half.json.new', signedBy(before, 'half')],
  ];
  for (const [name, content] of files) await write(name, content);
  const texts = () => Promise.all(files.map(([name]) => read(name)));
  const was = await texts();
  const log = rememberingLog();
  await renewSignatures(directory, both, log);
  expect(await texts()).toEqual(was);
  expect(log.lines).toEqual([]);
});
