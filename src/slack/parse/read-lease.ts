// Reads a length of time from the words of a command: `4h`, `+4h`, `1h30m`, `2h30`, `4 hours`, `1.5h`, `an hour`. Pure.

import { type Duration, day, hour, minute, parseDuration, second } from '../../rig/duration.ts';

const unitWords: Readonly<Record<string, Duration>> = {
  ...Object.fromEntries(['d', 'day', 'days'].map((word) => [word, day])),
  ...Object.fromEntries(['h', 'hr', 'hrs', 'hour', 'hours'].map((word) => [word, hour])),
  ...Object.fromEntries(['m', 'min', 'mins', 'minute', 'minutes'].map((word) => [word, minute])),
  ...Object.fromEntries(['s', 'sec', 'secs', 'second', 'seconds'].map((word) => [word, second])),
};

/** Longer than a century nobody means; it keeps sums exact and dates printable. */
const longest: Duration = 36_500 * day;

const unitOf = (word: string | undefined): Duration | undefined =>
  word !== undefined && Object.hasOwn(unitWords, word) ? unitWords[word] : undefined;

const bareNumber = /^\d{1,7}(?:[.,]\d{1,2})?$/;
const numberAndUnit = /^(\d{1,7}(?:[.,]\d{1,2})?)([a-z]+)$/;

/** `2h30` */
export const hoursAndMinutes = /^(\d{1,2})h([0-5]\d)$/i;

/** `+1h`, as a button has it. */
const wordAt = (words: readonly (string | undefined)[], at: number): string | undefined =>
  words[at]?.replace(/^\+(?=\d)/, '');

const amount = (number: string, unit: Duration): Duration =>
  Math.round(Number(number.replace(',', '.')) * unit);

export type ReadLease =
  | { readonly kind: 'lease'; readonly length: Duration; readonly words: number }
  /** A number, and no unit after it. */
  | { readonly kind: 'bare-number'; readonly number: string }
  /** `0h` */
  | { readonly kind: 'zero' }
  | { readonly kind: 'none' };

type Part = { readonly length: Duration; readonly words: number };

const readPart = (
  words: readonly (string | undefined)[],
  at: number,
  articles: boolean,
): Part | undefined => {
  const word = wordAt(words, at)?.toLowerCase();
  if (word === undefined) return undefined;
  const [, hours, minutes] = hoursAndMinutes.exec(word) ?? [];
  if (hours !== undefined) return { length: Number(hours) * hour + Number(minutes) * minute, words: 1 };
  const exact = parseDuration(word);
  if (exact !== undefined) return { length: exact, words: 1 };
  const [, number, unitWord] = numberAndUnit.exec(word) ?? [];
  const unit = unitOf(unitWord);
  if (number !== undefined && unit !== undefined) return { length: amount(number, unit), words: 1 };
  const nextUnit = unitOf(words[at + 1]?.toLowerCase());
  if (nextUnit === undefined) return undefined;
  if (bareNumber.test(word)) return { length: amount(word, nextUnit), words: 2 };
  if (articles && ['a', 'an', 'one'].includes(word)) return { length: nextUnit, words: 2 };
  return undefined;
};

/** `articles`: after `for`, where `an hour` can be nothing else. Further parts (`1 h 30 m`) are added to the first. */
export const readLease = (
  words: readonly (string | undefined)[],
  at: number,
  articles: boolean,
): ReadLease => {
  let length = 0;
  let used = 0;
  for (;;) {
    const part = readPart(words, at + used, articles);
    // `4h 4h` is a slip, not eight hours: a further part is smaller than what stands before it.
    if (part === undefined || (used > 0 && part.length >= length)) break;
    length += part.length;
    used += part.words;
  }
  if (used > 0 && length === 0) return { kind: 'zero' };
  if (used > 0) return { kind: 'lease', length: Math.min(length, longest), words: used };
  const word = wordAt(words, at);
  return word !== undefined && bareNumber.test(word)
    ? { kind: 'bare-number', number: word }
    : { kind: 'none' };
};
