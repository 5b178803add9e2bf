// Command text to command, or to the mistake in it. Pure; every text has an answer.

import { distance } from 'fastest-levenshtein';
import type { Duration } from '../rig/duration.ts';
import { type Command, type Mistake, type Parsed, type Verb, verbs } from './command.ts';
import { parseUp } from './parse-up.ts';
import { readLease } from './read-lease.ts';
import { readWords, type TypedWord } from './typed-words.ts';

/** Words that people of other tools type first. */
const synonyms: Readonly<Record<string, string>> = {
  start: 'up',
  run: 'up',
  create: 'up',
  launch: 'up',
  new: 'up',
  stop: 'down',
  rm: 'down',
  remove: 'down',
  delete: 'down',
  kill: 'down',
  ls: 'list',
  ps: 'list',
  show: 'list',
  status: 'list',
  all: 'list all',
  mine: 'list mine',
  longer: 'extend',
  prolong: 'extend',
  renew: 'extend',
  pw: 'password',
  pass: 'password',
  passwd: 'password',
  ssh: 'password',
  man: 'help',
  usage: 'help',
  more: 'help more',
};

const mostNames = 25;

const mistake = (of: Mistake): Parsed => ({ kind: 'mistake', mistake: of });
const command = (of: Command): Parsed => ({ kind: 'command', command: of });

export const parseCommand = (text: string): Parsed => {
  const [first, ...rest] = readWords(text);
  if (first === undefined) return command({ kind: 'nothing' });
  if (first.kind === 'mention')
    return mistake({ kind: 'mention', of: first.of, typed: first.text, wanted: 'command' });
  const verb = verbOf(first.text);
  if (verb === undefined) {
    return mistake({ kind: 'unknown-verb', typed: first.text, nearest: nearestVerb(first.text) });
  }
  return parsers[verb](rest);
};

const verbOf = (typed: string): Verb | undefined =>
  verbs.find((verb) => verb === typed.toLowerCase().replace(/^[-/]+/, ''));

/** Near enough to be meant: for four letters at most two slips, for two letters one. */
export const nearestVerb = (typed: string): string | undefined => {
  const word = typed.toLowerCase().slice(0, 30);
  if (Object.hasOwn(synonyms, word)) return synonyms[word];
  const near = verbs
    .map((verb) => ({ verb, slips: distance(word, verb) }))
    .filter(({ verb, slips }) => slips <= Math.max(1, Math.floor(Math.min(verb.length, word.length) / 2)))
    .sort((one, other) => one.slips - other.slips);
  return near[0]?.verb;
};

const parseHelp = (words: readonly TypedWord[]): Parsed => {
  const [word] = words;
  const more = word?.kind === 'word' && ['more', 'all'].includes(word.text.toLowerCase());
  return command({ kind: 'help', more });
};

const parseList = (words: readonly TypedWord[]): Parsed => {
  const [what, host, ...rest] = words;
  if (what === undefined) return command({ kind: 'list', filter: { kind: 'all' } });
  const word = what.kind === 'word' ? what.text.toLowerCase() : '';
  if (word === 'on') {
    if (host === undefined) return mistake({ kind: 'nothing-after', word: 'on', verb: 'list' });
    if (host.kind === 'mention')
      return mistake({ kind: 'mention', of: host.of, typed: host.text, wanted: 'host' });
    const [surplus] = rest;
    if (surplus) return mistake({ kind: 'odd-list', typed: surplus.text });
    return command({ kind: 'list', filter: { kind: 'on', host: host.text } });
  }
  if ((word !== 'all' && word !== 'mine') || host !== undefined) {
    return mistake({
      kind: 'odd-list',
      typed: word === 'all' || word === 'mine' ? (host?.text ?? '') : what.text,
    });
  }
  return command({ kind: 'list', filter: { kind: word } });
};

const parseDown = (words: readonly TypedWord[]): Parsed => {
  if (words.length === 0) return command({ kind: 'down-which' });
  const names = new Set<string>();
  for (const word of words) {
    if (word.kind === 'mention')
      return mistake({ kind: 'mention', of: word.of, typed: word.text, wanted: 'name' });
    names.add(word.text.toLowerCase());
  }
  if (names.size === 1 && names.has('all')) return command({ kind: 'down-all' });
  const odd = ['all', 'on', 'for', 'tag', 'mine', 'quietly'].find((word) => names.has(word));
  if (odd !== undefined) return mistake({ kind: 'odd-down', typed: odd });
  if (names.size > mostNames) return mistake({ kind: 'too-many-names', most: mostNames });
  return command({ kind: 'down', names: [...names] });
};

const parsePassword = (words: readonly TypedWord[]): Parsed => {
  const [name, ...rest] = words;
  if (name === undefined) return mistake({ kind: 'which-password' });
  if (name.kind === 'mention')
    return mistake({ kind: 'mention', of: name.of, typed: name.text, wanted: 'name' });
  if (rest.length > 0)
    return mistake({ kind: 'one-password', typed: words.map(({ text }) => text.toLowerCase()) });
  return command({ kind: 'password', name: name.text.toLowerCase() });
};

/** `extend demo 2h`, `extend demo by 2 hours`, `extend 2h demo`. */
const parseExtend = (words: readonly TypedWord[]): Parsed => {
  const mentioned = words.find((word) => word.kind === 'mention');
  if (mentioned?.kind === 'mention')
    return mistake({ kind: 'mention', of: mentioned.of, typed: mentioned.text, wanted: 'name' });
  const texts = words.map(({ text }) => text.toLowerCase());
  const names: string[] = [];
  let by: Duration | undefined;
  for (let at = 0; at < texts.length; ) {
    const word = texts[at] ?? '';
    const isTaker = word === 'by' || word === 'for';
    const lease = readLease(texts, isTaker ? at + 1 : at, isTaker);
    switch (lease.kind) {
      case 'lease':
        if (by !== undefined) return mistake({ kind: 'said-twice', what: 'lease' });
        by = lease.length;
        at += lease.words + (isTaker ? 1 : 0);
        continue;
      case 'bare-number':
        return mistake({ kind: 'bare-number', number: lease.number });
      case 'zero':
        return mistake({ kind: 'zero-duration', typed: isTaker ? (texts[at + 1] ?? '') : word });
      case 'none':
        if (isTaker && texts[at + 1] !== undefined)
          return mistake({ kind: 'bad-duration', typed: texts[at + 1] ?? '' });
        if (!isTaker) names.push(word);
        at += 1;
    }
  }
  const [name, ...others] = names;
  if (name === undefined) return mistake({ kind: 'which-extend' });
  if (others.length > 0) return mistake({ kind: 'one-extend', typed: names });
  return by === undefined
    ? mistake({ kind: 'how-much-longer', name })
    : command({ kind: 'extend', name, by });
};

const parsers: Readonly<Record<Verb, (words: readonly TypedWord[]) => Parsed>> = {
  up: parseUp,
  list: parseList,
  extend: parseExtend,
  down: parseDown,
  password: parsePassword,
  help: parseHelp,
};
