// The history: it fits into a message whatever was written, and what is left out is the oldest.

import { expect, test } from 'vitest';
import { checkContent } from '../../../src/demo/slack/content.ts';
import { type AuditEntry, byPerson } from '../../../src/rig/audit.ts';
import { drawHistory, mostEntries } from '../../../src/slack/words/history.ts';
import { anna, aRig, noon } from '../../support/a-rig.ts';

const { name } = aRig({});

const entry = (n: number, facts: Partial<AuditEntry> = {}): AuditEntry => ({
  at: noon + n * 1000,
  by: byPerson(anna),
  what: `act-${n}`,
  outcome: 'done',
  ...facts,
});

const linesOf = (entries: readonly AuditEntry[]): string[] => {
  const message = drawHistory(name, entries, '/wcs-dev');
  expect(checkContent(message, { text: 4000, allBlocks: true })).toMatchObject({ kind: 'fine' });
  return message.blocks
    .flatMap((block) => (block.type === 'section' ? (block.text?.text ?? '').split('\n') : []))
    .slice(1);
};

test.each([
  ['plain', ''],
  ['wordy', 'because '.repeat(40)],
  ['to be escaped', '&<>'.repeat(100)],
])('the newest of %s acts, in order', (_, why) => {
  const acts = Array.from({ length: mostEntries + 10 }, (_, n) => entry(n, why === '' ? {} : { why }));
  const lines = linesOf(acts);
  expect(lines.length).toBeGreaterThan(7);
  const shown = acts.slice(-lines.length).map(({ what }) => what);
  expect(lines.map((line) => line.split(' · ')[2]?.split(' ')[0])).toEqual(shown);
  if (why === '') expect(lines).toHaveLength(mostEntries);
});

test.each<[Partial<AuditEntry>, string]>([
  [{ what: 'password', outcome: 'refused', why: 'not-owner' }, "password *refused* (somebody else's rig)"],
  [{ what: 'extend', outcome: 'refused', why: 'no-longer' }, '(it ended no earlier as it was)'],
  [{ what: 'crash', outcome: 'failed', why: 'no-image' }, '(its image could not be pulled)'],
  [{ what: 'expire', why: 'idle' }, 'expire (nobody used it)'],
  [{ what: 'restart', why: 'generation 2, tag 9' }, 'restart (container 2, tag 9)'],
  [{ what: 'extend', outcome: 'refused', why: 'of-another-age' }, '(of-another-age)'],
  [{ what: 'extend', outcome: 'refused', why: 'toString' }, '(toString)'],
])('why is said in words: %j', (facts, said) => {
  expect(linesOf([entry(1, facts)])[0]).toContain(said);
});

test('of a name that nobody had', () => {
  expect(drawHistory(name, [], '/wcs-dev').text).toContain('Nothing is known of a rig');
});
