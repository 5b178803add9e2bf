// WCS_LICENSES: a list or a file, what is wrong with it by its place, and never the text of a licence in a fault.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Machine } from '../../../src/machine.ts';
import { machine, worker, workerFaults } from '../../support/config-readings.ts';

const holding = (text: string): Machine => ({
  ...machine,
  file: (path) =>
    path === '/etc/wcs/licences' ? { kind: 'read', text } : { kind: 'unreadable', why: 'ENOENT' },
});

const licencesIn = (written: string, file = '') => worker({ WCS_LICENSES: written }, holding(file)).licences;
const faultsOf = (environment: Record<string, string>, file = '') => workerFaults(environment, holding(file));

describe('licences are read', () => {
  it.each<[string, string]>([
    ['with commas', 'LICENCE-1,LICENCE-2,LICENCE-3'],
    ['with spaces and lines', ' LICENCE-1  LICENCE-2\n\tLICENCE-3,'],
    ['with both', 'LICENCE-1, LICENCE-2,\nLICENCE-3'],
  ])('from a list %s', (_, written) => {
    expect(licencesIn(written)).toEqual(['LICENCE-1', 'LICENCE-2', 'LICENCE-3']);
  });

  it.each<[string, string]>([
    ['one a line', 'LICENCE-1\nLICENCE-2\n'],
    ['with comments and empty lines', '# of the lab\n\n  LICENCE-1 # the old one\n\t#LICENCE-9\nLICENCE-2'],
    ['from another system', '\uFEFFLICENCE-1\r\n\r\nLICENCE-2\r\n'],
  ])('from a file, %s', (_, text) => {
    for (const path of ['/etc/wcs/licences', '@/etc/wcs/licences', ' /etc/wcs/licences '])
      expect(licencesIn(path, text)).toEqual(['LICENCE-1', 'LICENCE-2']);
  });

  it('with a sign in the middle that begins a comment elsewhere', () => {
    expect(licencesIn('/etc/wcs/licences', 'LICENCE#1')).toEqual(['LICENCE#1']);
  });

  it('from the disk, where nobody says otherwise', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-licences-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'licences');
    await writeFile(path, 'LICENCE-1\n');
    expect(worker({ WCS_LICENSES: path }).licences).toEqual(['LICENCE-1']);
    expect(workerFaults({ WCS_LICENSES: `${path}.txt` })[0]).toContain('(ENOENT)');
    expect(workerFaults({ WCS_LICENSES: directory })[0]).toContain('(EISDIR)');
    // What never ends, and what is no list of licences.
    expect(workerFaults({ WCS_LICENSES: '/dev/zero' })[0]).toContain('(no plain file)');
    await writeFile(path, 'x'.repeat(2 ** 20 + 1));
    expect(workerFaults({ WCS_LICENSES: path })[0]).toContain('(more than 1 MiB)');
  });

  it('from nothing: there is no choice then', () => {
    expect(worker().licences).toEqual([]);
    expect(worker({ WCS_LICENSE: 'LICENCE-1' }).licences).toEqual([]);
  });
});

describe('a fault', () => {
  const many = Array.from({ length: 1001 }, (_, index) => `LICENCE-${index}`).join(',');
  const file = '/etc/wcs/licences';
  it.each<[string, Record<string, string>, string, string]>([
    [
      'both variables',
      { WCS_LICENSE: 'LICENCE-1', WCS_LICENSES: 'LICENCE-1' },
      '',
      'WCS_LICENSE and WCS_LICENSES are both there; leave one out: WCS_LICENSE serves all rigs of this host, and of WCS_LICENSES each rig claims one',
    ],
    [
      'one twice',
      { WCS_LICENSES: 'LICENCE-1,LICENCE-2,LICENCE-1' },
      '',
      'WCS_LICENSES holds one licence twice (the 1st and the 3rd); leave one out',
    ],
    [
      'one twice in a file',
      { WCS_LICENSES: file },
      '#\nLICENCE-1\n\nLICENCE-1',
      'WCS_LICENSES holds one licence twice (line 2 and line 4); leave one out',
    ],
    [
      'too short a one',
      { WCS_LICENSES: 'LICENCE-1,L-2' },
      '',
      'WCS_LICENSES holds a licence of fewer than 8 characters (the 2nd); write each as it was issued',
    ],
    [
      'none in a list',
      { WCS_LICENSES: ',' },
      '',
      'WCS_LICENSES holds no licence; write them with commas between them, or leave it out',
    ],
    [
      'none in a file',
      { WCS_LICENSES: file },
      '# LICENCE-1\n',
      'WCS_LICENSES names a file that holds no licence; write one a line',
    ],
    [
      'two in a line',
      { WCS_LICENSES: file },
      'LICENCE-1\nLICENCE-2 LICENCE-3',
      'WCS_LICENSES names a file of which line 2 holds a space or a comma; write one licence a line',
    ],
    [
      'no such file',
      { WCS_LICENSES: '/LICENCE-1' },
      '',
      'WCS_LICENSES names a file that cannot be read (ENOENT); write the absolute path of one that this worker may read, with one licence a line',
    ],
    [
      'half a path',
      { WCS_LICENSES: '@licences' },
      '',
      'WCS_LICENSES names a file by a part of its path; write the absolute path',
    ],
    [
      'too many',
      { WCS_LICENSES: many },
      '',
      'WCS_LICENSES holds 1001 licences; write at most 1000 for one host',
    ],
  ])('%s', (_, environment, text, sentence) => {
    const faults = faultsOf(environment, text);
    expect(faults).toEqual([sentence]);
    expect(faults.join()).not.toContain('LICENCE-');
  });
});
