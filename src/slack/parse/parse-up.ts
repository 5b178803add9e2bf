// The words of `up`, in any order: the lease, the host, the tag, `quietly`, and the one that remains is the name. Pure.

import { distance } from 'fastest-levenshtein';
import { isRigName, type RigName } from '../../rig/name.ts';
import type { Mistake, Parsed, Wanted } from './command.ts';
import { isKeyword, withoutDashes, wordsOfUp } from './keywords.ts';
import { hostName } from './parse-hosts.ts';
import { readTag } from './read-tag.ts';
import { readWanted, saidBefore, takersOfUp } from './read-wanted.ts';
import type { TypedWord } from './typed-words.ts';

type Found = {
  name?: string;
  wanted?: Wanted;
  host?: string;
  tag?: string;
  quietly: boolean;
};

/** How many words were used, or what is wrong with them. */
type Step = number | Mistake;

export const parseUp = (words: readonly TypedWord[]): Parsed => {
  const found: Found = { quietly: false };
  for (let at = 0; at < words.length; ) {
    const step = readNext(words, at, found);
    if (typeof step !== 'number') return { kind: 'mistake', mistake: step };
    at += step;
  }
  const { name, wanted, host, tag, quietly } = found;
  const lease = wanted?.kind === 'by' ? wanted.length : undefined;
  const until = wanted?.kind === 'until' ? wanted.time : undefined;
  return { kind: 'command', command: { kind: 'up', name, lease, until, host, tag, quietly } };
};

const readNext = (words: readonly TypedWord[], at: number, found: Found): Step => {
  const word = words[at];
  if (word === undefined) return 1;
  if (word.kind === 'mention') return { kind: 'mention', of: word.of, typed: word.text, wanted: 'name' };
  switch (withoutDashes(word.text)) {
    case 'quietly':
      found.quietly = true;
      return 1;
    case 'on':
      return readHost(words[at + 1], found);
    case 'tag': {
      const tag = readTag(words[at + 1], found.tag, 'up');
      if (tag.kind !== 'tag') return tag;
      found.tag = tag.tag;
      return 2;
    }
    default:
      return readLeaseOrName(word.text, words, at, found);
  }
};

const readHost = (value: TypedWord | undefined, found: Found): Step => {
  if (value === undefined) return { kind: 'nothing-after', word: 'on', verb: 'up' };
  if (value.kind === 'mention') return { kind: 'mention', of: value.of, typed: value.text, wanted: 'host' };
  if (found.host !== undefined) return { kind: 'said-twice', what: 'on' };
  if (!hostName.test(value.text)) return { kind: 'bad-host', typed: value.text };
  found.host = value.text;
  return 2;
};

const readLeaseOrName = (text: string, words: readonly TypedWord[], at: number, found: Found): Step => {
  const read = readWanted(words, at, takersOfUp);
  switch (read.kind) {
    case 'wanted': {
      const wrong = saidBefore(found.wanted, read.wanted);
      if (wrong) return wrong;
      found.wanted = read.wanted;
      return read.words;
    }
    case 'mistake':
      return read.mistake;
    case 'none':
      return readName(text, found);
  }
};

const readName = (typed: string, found: Found): Step => {
  const name = typed.toLowerCase();
  if (found.name !== undefined) return found.name === name ? 1 : twoNames(found.name, typed);
  const read = readRigName(typed);
  if (read.kind !== 'name') return read;
  found.name = read.name;
  return 1;
};

/** One word that is to be a rig's name, as typed but in small letters. */
export const readRigName = (typed: string): Mistake | { readonly kind: 'name'; readonly name: RigName } => {
  const name = typed.toLowerCase();
  const wrong = faultOf(name);
  if (wrong === undefined) return { kind: 'name', name };
  return wrong.kind === 'bad-name' ? { ...wrong, typed } : wrong;
};

const faultOf = (name: string): (Mistake & { kind: 'bad-name' | 'keyword-as-name' }) | undefined => {
  if (isKeyword(name)) return { kind: 'keyword-as-name', word: name };
  if (isRigName(name)) return undefined;
  const why = !/^[a-z0-9-]*$/.test(name) ? 'characters' : !/^[a-z]/.test(name) ? 'first-letter' : 'too-long';
  return { kind: 'bad-name', typed: name, why, proposal: repairName(name) };
};

/** The nearest name that would be right, if anything of it can be kept. */
export const repairName = (typed: string): RigName | undefined => {
  const repaired = typed
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 20)
    .replace(/-+$/, '');
  const usable = isRigName(repaired) && !isKeyword(repaired);
  return usable ? repaired : undefined;
};

/** One slip, or the right letters in the wrong order. */
const isSlipOf = (typed: string, word: string): boolean => {
  const sorted = (text: string): string => [...text].sort().join('');
  return (
    distance(typed, word) === 1 ||
    sorted(typed) === sorted(word) ||
    (word.length > 5 && distance(typed, word) === 2)
  );
};

const twoNames = (first: string, second: string): Mistake => {
  for (const typed of [second.toLowerCase(), first]) {
    const nearest = wordsOfUp.find((word) => isSlipOf(typed, word));
    if (nearest !== undefined) return { kind: 'near-word', typed, nearest };
  }
  return { kind: 'two-names', first, second };
};
