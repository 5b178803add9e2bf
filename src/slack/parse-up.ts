// The words of `up`, in any order: the lease, the host, the tag, `quietly`, and the one that remains is the name. Pure.

import { distance } from 'fastest-levenshtein';
import type { Duration } from '../rig/duration.ts';
import { isRigName, type RigName } from '../rig/name.ts';
import { type Mistake, type Parsed, type Taker, verbs } from './command.ts';
import { readLease } from './read-lease.ts';
import type { TypedWord } from './typed-words.ts';

/** What a rig cannot be called, since it says something else. */
const keywords = [...verbs, 'all', 'mine', 'on', 'for', 'tag', 'quietly', 'more'] as const;
const wordsOfUp = ['for', 'on', 'tag', 'quietly'] as const;

const hostName = /^[a-z0-9](?:[a-z0-9._-]{0,62})$/i;
/** As Docker has it. */
const imageTag = /^\w[\w.-]{0,127}$/;

type Found = {
  name?: string;
  lease?: Duration;
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
  const { name, lease, host, tag, quietly } = found;
  return { kind: 'command', command: { kind: 'up', name, lease, host, tag, quietly } };
};

const readNext = (words: readonly TypedWord[], at: number, found: Found): Step => {
  const word = words[at];
  if (word === undefined) return 1;
  if (word.kind === 'mention') return { kind: 'mention', of: word.of, typed: word.text, wanted: 'name' };
  const keyword = wordsOfUp.find((one) => one === word.text.toLowerCase().replace(/^-+/, ''));
  switch (keyword) {
    case 'quietly':
      found.quietly = true;
      return 1;
    case 'for':
    case 'on':
    case 'tag':
      return readTaken(keyword, words, at, found);
    case undefined:
      return readBare(word.text, words, at, found);
  }
};

const readTaken = (taker: Taker, words: readonly TypedWord[], at: number, found: Found): Step => {
  const value = words[at + 1];
  if (value === undefined) return { kind: 'nothing-after', word: taker, verb: 'up' };
  if (value.kind === 'mention') {
    const wanted = ({ for: 'lease', on: 'host', tag: 'tag' } as const)[taker];
    return { kind: 'mention', of: value.of, typed: value.text, wanted };
  }
  switch (taker) {
    case 'for':
      return readFor(value.text, words, at, found);
    case 'on':
      if (found.host !== undefined) return { kind: 'said-twice', what: 'on' };
      if (!hostName.test(value.text)) return { kind: 'bad-host', typed: value.text };
      found.host = value.text;
      return 2;
    case 'tag':
      if (found.tag !== undefined) return { kind: 'said-twice', what: 'tag' };
      if (!imageTag.test(value.text)) return { kind: 'bad-tag', typed: value.text };
      found.tag = value.text;
      return 2;
  }
};

const textsOf = (words: readonly TypedWord[]): readonly (string | undefined)[] =>
  words.map((word) => (word.kind === 'word' ? word.text : undefined));

const readFor = (value: string, words: readonly TypedWord[], at: number, found: Found): Step => {
  const lease = readLease(textsOf(words), at + 1, true);
  switch (lease.kind) {
    case 'lease':
      if (found.lease !== undefined) return { kind: 'said-twice', what: 'lease' };
      found.lease = lease.length;
      return lease.words + 1;
    case 'bare-number':
      return { kind: 'bare-number', number: lease.number };
    case 'zero':
      return { kind: 'zero-duration', typed: value };
    case 'none':
      return { kind: 'bad-duration', typed: value };
  }
};

const readBare = (text: string, words: readonly TypedWord[], at: number, found: Found): Step => {
  const lease = readLease(textsOf(words), at, false);
  switch (lease.kind) {
    case 'lease':
      if (found.lease !== undefined) return { kind: 'said-twice', what: 'lease' };
      found.lease = lease.length;
      return lease.words;
    case 'bare-number':
      return { kind: 'bare-number', number: lease.number };
    case 'zero':
      return { kind: 'zero-duration', typed: text };
    case 'none':
      return readName(text, found);
  }
};

const readName = (typed: string, found: Found): Step => {
  const name = typed.toLowerCase();
  if (found.name !== undefined) return found.name === name ? 1 : twoNames(found.name, typed);
  const wrong = faultOf(name);
  if (wrong !== undefined) return wrong.kind === 'bad-name' ? { ...wrong, typed } : wrong;
  found.name = name;
  return 1;
};

const faultOf = (name: string): (Mistake & { kind: 'bad-name' | 'keyword-as-name' }) | undefined => {
  if (keywords.some((keyword) => keyword === name)) return { kind: 'keyword-as-name', word: name };
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
  const usable = isRigName(repaired) && !keywords.some((keyword) => keyword === repaired);
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
