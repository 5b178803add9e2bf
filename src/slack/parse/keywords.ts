// The words that say something else than a rig's name.

import { verbs } from './command.ts';

/** Words of `up`. */
export const wordsOfUp = ['for', 'until', 'on', 'tag', 'quietly'] as const;

/** People write all three. */
export const untilWords: readonly string[] = ['until', 'till', 'til'];

/** Between a rig and a person (`give demo to @ben`); they add nothing. */
export const linkingWords: readonly string[] = ['with', 'to', 'and'];

const otherThanVerbs: readonly string[] = [
  ...wordsOfUp,
  ...untilWords,
  ...linkingWords,
  'by',
  'tomorrow',
  'all',
  'mine',
  'more',
];

/** What a rig cannot be called. */
export const isKeyword = (word: string): boolean =>
  verbs.some((verb) => verb === word) || otherThanVerbs.includes(word);

/** Where a rig's name is wanted this was meant as something else: a word of another command, or a figure. */
export const isNeverName = (word: string): boolean => otherThanVerbs.includes(word) || /^\+?\d/.test(word);

/** `--for`, as one types it in a shell. */
export const withoutDashes = (word: string): string => word.toLowerCase().replace(/^-+/, '');
