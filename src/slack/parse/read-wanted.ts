// Reads how long, or until when: `for 4h`, `4h`, `until 18:00`. What cannot be meant is answered with a question. Pure.

import type { Mistake, Wanted } from './command.ts';
import { untilWords, withoutDashes } from './keywords.ts';
import { readLease } from './read-lease.ts';
import { clockAt, eitherAt, readTime } from './read-time.ts';
import type { TypedWord } from './typed-words.ts';

export type ReadWanted =
  | { readonly kind: 'wanted'; readonly wanted: Wanted; readonly words: number }
  | { readonly kind: 'mistake'; readonly mistake: Mistake }
  /** Neither begins here. */
  | { readonly kind: 'none' };

/** The words of the verb that introduce a length, and those that introduce a time of day. */
type Takers = {
  readonly verb: 'up' | 'extend';
  readonly length: readonly string[];
  readonly time: readonly string[];
};
export const takersOfUp: Takers = { verb: 'up', length: ['for'], time: untilWords };
export const takersOfExtend: Takers = {
  verb: 'extend',
  length: ['by', 'for'],
  time: [...untilWords, 'to'],
};

const mistake = (of: Mistake): ReadWanted => ({ kind: 'mistake', mistake: of });

export const readWanted = (words: readonly TypedWord[], at: number, takers: Takers): ReadWanted => {
  const word = withoutDashes(words[at]?.text ?? '');
  if (takers.length.includes(word)) return readTaken('for', words, at, takers.verb);
  if (takers.time.includes(word)) return readTaken('until', words, at, takers.verb);
  return readBare(words, at);
};

const textsOf = (words: readonly TypedWord[]): readonly (string | undefined)[] =>
  words.map((word) => (word.kind === 'word' ? word.text : undefined));

const readTaken = (
  taker: 'for' | 'until',
  words: readonly TypedWord[],
  at: number,
  verb: Takers['verb'],
): ReadWanted => {
  const value = words[at + 1];
  if (value === undefined) return mistake({ kind: 'nothing-after', word: taker, verb });
  if (value.kind === 'mention') {
    const wanted = taker === 'for' ? 'lease' : 'time';
    return mistake({ kind: 'mention', of: value.of, typed: value.text, wanted });
  }
  return taker === 'for' ? readFor(value.text, words, at) : readUntil(words, at);
};

const readUntil = (words: readonly TypedWord[], at: number): ReadWanted => {
  const read = readTime(textsOf(words), at + 1);
  if (read.kind === 'mistake') return read;
  return { kind: 'wanted', wanted: { kind: 'until', time: read.time }, words: read.words + 1 };
};

/** What looks like a time of day, and is none: it would be refused after `until`, too. */
const noSuchTime = (texts: readonly (string | undefined)[], at: number): ReadWanted | undefined => {
  const read = readTime(texts, at);
  return read.kind === 'mistake' && read.mistake.kind === 'no-such-time' ? read : undefined;
};

const readFor = (typed: string, words: readonly TypedWord[], at: number): ReadWanted => {
  const texts = textsOf(words);
  const clock = clockAt(texts, at + 1);
  if (clock !== undefined)
    return noSuchTime(texts, at + 1) ?? mistake({ kind: 'time-after-for', typed: clock });
  const lease = readLease(texts, at + 1, true);
  switch (lease.kind) {
    case 'lease':
      return { kind: 'wanted', wanted: { kind: 'by', length: lease.length }, words: lease.words + 1 };
    case 'bare-number':
      return mistake({ kind: 'bare-number', number: lease.number });
    case 'zero':
      return mistake({ kind: 'zero-duration', typed });
    case 'none':
      return mistake({ kind: 'bad-duration', typed });
  }
};

const readBare = (words: readonly TypedWord[], at: number): ReadWanted => {
  const texts = textsOf(words);
  const clock = clockAt(texts, at) ?? eitherAt(texts, at);
  if (clock !== undefined) return noSuchTime(texts, at) ?? mistake({ kind: 'bare-time', typed: clock });
  const lease = readLease(texts, at, false);
  switch (lease.kind) {
    case 'lease':
      return { kind: 'wanted', wanted: { kind: 'by', length: lease.length }, words: lease.words };
    case 'bare-number':
      return mistake({ kind: 'bare-number', number: lease.number });
    case 'zero':
      return mistake({ kind: 'zero-duration', typed: texts[at] ?? '' });
    case 'none':
      return { kind: 'none' };
  }
};

/** What is wrong with saying this after that. */
export const saidBefore = (before: Wanted | undefined, next: Wanted): Mistake | undefined => {
  if (before === undefined) return undefined;
  if (before.kind !== next.kind) return { kind: 'two-ends' };
  return { kind: 'said-twice', what: next.kind === 'by' ? 'lease' : 'until' };
};
