// Reads the form for a new rig, each field as the command reads the same words. Pure.

import type { RigName } from '../../rig/name.ts';
import type { Command, Mistake, Wanted } from '../parse/command.ts';
import { readRigName } from '../parse/parse-up.ts';
import { readTag } from '../parse/read-tag.ts';
import { readWanted, takersOfUp } from '../parse/read-wanted.ts';
import { readWords, type TypedWord } from '../parse/typed-words.ts';
import { escapeText } from '../words/escape.ts';
import type { Fields } from './fields.ts';
import { anyHost, type StartField } from './start-modal.ts';

export type ReadStart =
  | { readonly kind: 'command'; readonly command: Command & { kind: 'up' } }
  | { readonly kind: 'mistakes'; readonly mistakes: ReadonlyMap<StartField, Mistake> };

type Read<T> =
  | { readonly kind: 'read'; readonly is: T | undefined }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

const read = <T>(is: T | undefined): Read<T> => ({ kind: 'read', is });
const mistake = (of: Mistake): { kind: 'mistake'; mistake: Mistake } => ({ kind: 'mistake', mistake: of });

export const readStart = (fields: Fields): ReadStart => {
  const name = readName(wordsOf(fields.one('name')));
  const wanted = readLength(wordsOf(fields.one('lease')));
  const tag = readOneTag(wordsOf(fields.one('tag')));
  if (name.kind === 'read' && wanted.kind === 'read' && tag.kind === 'read') {
    const lease = wanted.is?.kind === 'by' ? wanted.is.length : undefined;
    const until = wanted.is?.kind === 'until' ? wanted.is.time : undefined;
    const host = readHost(fields.one('host'));
    const quietly = fields.isChecked('quietly');
    return {
      kind: 'command',
      command: { kind: 'up', name: name.is, lease, until, host, tag: tag.is, quietly },
    };
  }
  const mistakes = new Map<StartField, Mistake>();
  for (const [field, one] of [
    ['name', name],
    ['lease', wanted],
    ['tag', tag],
  ] as const)
    if (one.kind === 'mistake') mistakes.set(field, one.mistake);
  return { kind: 'mistakes', mistakes };
};

/** Slack escapes nothing in a field: what looks like a mention was typed so. */
const wordsOf = (typed: string | undefined): readonly TypedWord[] => readWords(escapeText(typed ?? ''));

const allOf = (words: readonly TypedWord[]): string => words.map(({ text }) => text).join(' ');

const readName = ([first, second]: readonly TypedWord[]): Read<RigName> => {
  if (first === undefined) return read<RigName>(undefined);
  if (second !== undefined) return mistake({ kind: 'two-names', first: first.text, second: second.text });
  const name = readRigName(first.text);
  return name.kind === 'name' ? read(name.name) : mistake(name);
};

const wordFor: TypedWord = { kind: 'word', text: 'for' };

const wordUntil: TypedWord = { kind: 'word', text: 'until' };

/** `1:30` is asked about: it may be a length as well. */
const isClearTime = (typed: string): boolean => !/^\d:\d\d$/.test(typed);

/** What goes without saying here, where there is nothing else to say. */
const implied = (words: readonly TypedWord[]): TypedWord | undefined => {
  const bare = readWanted(words, 0, takersOfUp);
  if (bare.kind === 'none') return wordFor;
  const isTime = bare.kind === 'mistake' && bare.mistake.kind === 'bare-time';
  return isTime && isClearTime(allOf(words)) ? wordUntil : undefined;
};

/** `4h`, `for 4h`, `an hour`, `until 18:00`, `tomorrow 9:00`, and nothing else. */
const readLength = (typed: readonly TypedWord[]): Read<Wanted> => {
  if (typed.length === 0) return read<Wanted>(undefined);
  const before = implied(typed);
  const words = before === undefined ? typed : [before, ...typed];
  const one = readWanted(words, 0, takersOfUp);
  switch (one.kind) {
    case 'wanted':
      return one.words === words.length
        ? read(one.wanted)
        : mistake({ kind: 'bad-duration', typed: allOf(typed) });
    case 'mistake':
      return one;
    case 'none':
      return mistake({ kind: 'bad-duration', typed: allOf(typed) });
  }
};

const readOneTag = (words: readonly TypedWord[]): Read<string> => {
  const [first, second] = words;
  if (first === undefined) return read<string>(undefined);
  if (second !== undefined) return mistake({ kind: 'bad-tag', typed: allOf(words) });
  const tag = readTag(first, undefined, 'up');
  return tag.kind === 'tag' ? read(tag.tag) : mistake(tag);
};

const readHost = (chosen: string | undefined): string | undefined =>
  chosen === anyHost ? undefined : chosen;
