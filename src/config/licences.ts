// The licences of which each rig claims one: a list, or a file with one a line. Whatever is wrong is said by its place: the
// text of a licence stands in no fault.

import type { Machine } from '../machine.ts';
import type { Reading } from './read-variables.ts';

const variable = 'WCS_LICENSES';

/** What is shorter could not be cut out of a log. */
const shortest = 8;
/** A claim looks at all of them. */
const most = 1000;

/** Where each stands: `the 2nd`, or `line 4`. */
type Written = { readonly text: string; readonly where: string };

/** None where every rig has the same one, or none. */
export const readLicences = (reading: Reading, machine: Pick<Machine, 'file'>): readonly string[] => {
  const written = reading.text(variable);
  if (written === undefined) return [];
  if (reading.text('WCS_LICENSE') !== undefined) {
    reading.fault(
      'WCS_LICENSE and WCS_LICENSES are both there; leave one out: WCS_LICENSE serves all rigs of this host, and of WCS_LICENSES each rig claims one',
    );
    return [];
  }
  const found = foundIn(written, machine);
  const fault = typeof found === 'string' ? found : faultOf(found);
  if (fault === undefined && typeof found !== 'string') return found.map(({ text }) => text);
  reading.fault(`${variable} ${fault}`);
  return [];
};

/** Its fault as a sentence, where there is one. */
const foundIn = (written: string, { file }: Pick<Machine, 'file'>): readonly Written[] | string => {
  const path = /^@?(\/.*)$/s.exec(written)?.[1];
  if (path !== undefined) return inFile(file(path));
  return written.startsWith('@')
    ? 'names a file by a part of its path; write the absolute path'
    : inList(written);
};

const inList = (text: string): readonly Written[] =>
  text
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .map((one, index) => ({ text: one, where: `the ${ordinal(index + 1)}` }));

const inFile = (file: ReturnType<Machine['file']>): readonly Written[] | string => {
  if (file.kind === 'unreadable')
    return `names a file that cannot be read (${file.why}); write the absolute path of one that this worker may read, with one licence a line`;
  const lines = file.text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ text: line.replace(/(^|\s)#.*$/, '').trim(), where: `line ${index + 1}` }))
    .filter(({ text }) => text !== '');
  const spaced = lines.find(({ text }) => /[\s,]/.test(text));
  if (spaced !== undefined)
    return `names a file of which ${spaced.where} holds a space or a comma; write one licence a line`;
  return lines.length === 0 ? 'names a file that holds no licence; write one a line' : lines;
};

const faultOf = (licences: readonly Written[]): string | undefined => {
  if (licences.length === 0) return 'holds no licence; write them with commas between them, or leave it out';
  if (licences.length > most) return `holds ${licences.length} licences; write at most ${most} for one host`;
  const short = licences.find(({ text }) => text.length < shortest);
  if (short !== undefined)
    return `holds a licence of fewer than ${shortest} characters (${short.where}); write each as it was issued`;
  const places = new Map<string, string>();
  for (const { text, where } of licences) {
    const before = places.get(text);
    if (before !== undefined) return `holds one licence twice (${before} and ${where}); leave one out`;
    places.set(text, where);
  }
  return undefined;
};

const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
const rules = new Intl.PluralRules('en', { type: 'ordinal' });

const ordinal = (count: number): string => `${count}${endings[rules.select(count)] ?? 'th'}`;
