// Reads a time of day from the words of a command: `18:00`, `6.30 pm`, `noon`, `tomorrow 9:00`. Pure.

import type { Mistake, TimeOfDay } from './command.ts';
import { hoursAndMinutes, readLease } from './read-lease.ts';

type Words = readonly (string | undefined)[];

export type ReadTime =
  | { readonly kind: 'time'; readonly time: TimeOfDay; readonly words: number }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/** `midnight`: written so that it may be either end of a day. */
type Clock = {
  readonly kind: 'clock';
  readonly hour: number;
  readonly minute: number;
  readonly midnight: boolean;
  readonly words: number;
};
type ReadClock = Clock | { readonly kind: 'mistake'; readonly mistake: Mistake } | { readonly kind: 'none' };

/** Full-width digits and the colons of other keyboards, too. */
const wordAt = (words: Words, at: number): string =>
  (words[at] ?? '')
    .normalize('NFKC')
    .replaceAll(/[\u2236\ua789]/g, ':')
    .toLowerCase();

const mistake = (of: Mistake): { kind: 'mistake'; mistake: Mistake } => ({ kind: 'mistake', mistake: of });

/** After `until`; `at` is where its time should begin. There is such a word. */
export const readTime = (words: Words, at: number): ReadTime => {
  let next = at;
  const skip = (word: string): boolean => {
    const stands = wordAt(words, next) === word;
    if (stands) next += 1;
    return stands;
  };
  skip('at');
  const before = skip('tomorrow');
  if (before) skip('at');
  const clock = readClock(words, next);
  if (clock.kind === 'mistake') return clock;
  if (clock.kind === 'none')
    return mistake(before ? { kind: 'tomorrow-when' } : { kind: 'bad-time', typed: words[next] ?? 'at' });
  next += clock.words;
  const tomorrow = skip('tomorrow') || before;
  const surplus = wordAt(words, next);
  // It would be taken for a name, and the time may be over for today.
  if (['today', 'tonight'].includes(surplus)) return mistake({ kind: 'bad-time', typed: surplus });
  if (tomorrow && clock.midnight) return mistake({ kind: 'which-midnight' });
  const { hour, minute } = clock;
  return { kind: 'time', time: { hour, minute, day: tomorrow ? 'tomorrow' : 'next' }, words: next - at };
};

const half = /^[ap]\.?m$/;
const withHalf = /^(\d.*?)([ap])\.?m?$/;
/** `18`, `18:00`, `18.00`, `18h00`; and `1800`. */
const figures = [/^(\d{1,2})(?:[:.h](\d{2}))?$/, /^(\d{2})(\d{2})$/];

const readClock = (words: Words, at: number): ReadClock => {
  const word = wordAt(words, at);
  if (word === 'noon' || word === 'midday')
    return { kind: 'clock', hour: 12, minute: 0, midnight: false, words: 1 };
  if (word === 'midnight') return { kind: 'clock', hour: 0, minute: 0, midnight: true, words: 1 };
  // After `until`, `18h00` is what the clock shows.
  const length = hoursAndMinutes.test(word) ? undefined : readLease(words, at, true);
  if (length?.kind === 'lease')
    return mistake({
      kind: 'length-after-until',
      typed: words.slice(at, at + length.words).join(' '),
    });
  const glued = withHalf.exec(word);
  const following = wordAt(words, at + 1);
  const apart = glued === null && half.test(following);
  const figure = glued?.[1] ?? word;
  const match = figures.map((form) => form.exec(figure)).find((found) => found !== null);
  if (!match) return { kind: 'none' };
  const [, hours = '', minutes] = match;
  const letter = apart ? following.slice(0, 1) : glued?.[2];
  const typed = apart ? `${word} ${following}` : word;
  const read =
    letter === undefined ? twentyFour(hours, minutes, typed) : twelve(hours, minutes, letter, typed);
  return read.kind === 'clock' ? { ...read, words: apart ? 2 : 1 } : read;
};

const noSuchTime = (typed: string): ReadClock => mistake({ kind: 'no-such-time', typed });

const twelve = (hours: string, minutes = '0', letter: string, typed: string): ReadClock => {
  const minute = Number(minutes);
  if (Number(hours) < 1 || Number(hours) > 12 || minute > 59) return noSuchTime(typed);
  const hour = (Number(hours) % 12) + (letter === 'p' ? 12 : 0);
  return { kind: 'clock', hour, minute, midnight: hour === 0 && minute === 0, words: 1 };
};

const twentyFour = (hours: string, minutes: string | undefined, typed: string): ReadClock => {
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return noSuchTime(typed);
  // Twelve hours too early or too late is worse than a question; nobody writes `09` of an evening.
  if (minutes === undefined && hour > 0 && hour < 12 && !hours.startsWith('0'))
    return mistake({ kind: 'which-half', hour });
  return { kind: 'clock', hour: hour % 24, minute, midnight: hour === 24, words: 1 };
};

const plainClock = /^\d{1,2}(?::\d{2}|(?::\d{2}|\.\d{2})?[ap]\.?m)$/;

/** Where nothing stands before it, `18h00` may be meant as either; nobody writes `2h30` of a clock. */
export const eitherAt = (words: Words, at: number): string | undefined => {
  const word = wordAt(words, at);
  return hoursAndMinutes.test(word) && /^\d\d/.test(word) ? word : undefined;
};

/** Where no `until` stands: what can only be a time of day, as it was typed. */
export const clockAt = (words: Words, at: number): string | undefined => {
  const word = wordAt(words, at);
  if (word === 'tomorrow' || plainClock.test(word)) return word;
  const following = wordAt(words, at + 1);
  return /^\d{1,2}(?:[:.]\d{2})?$/.test(word) && half.test(following) ? `${word} ${following}` : undefined;
};
