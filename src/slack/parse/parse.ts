// Command text to command, or to the mistake in it. Pure; every text has an answer.

import { distance } from 'fastest-levenshtein';
import { type Command, type Mistake, type Parsed, type Verb, verbs } from './command.ts';
import { parseAddresses } from './parse-addresses.ts';
import { parseHistoryOn, parseHosts, parseOfHost } from './parse-hosts.ts';
import { parseExtend, parseLogs, parseNamed, parseRestart } from './parse-one.ts';
import { parseGive, parseShare } from './parse-people.ts';
import { parseUp } from './parse-up.ts';
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
  status: 'list',
  all: 'list all',
  mine: 'list mine',
  longer: 'extend',
  prolong: 'extend',
  renew: 'extend',
  info: 'show',
  inspect: 'show',
  describe: 'show',
  details: 'show',
  reboot: 'restart',
  bounce: 'restart',
  log: 'logs',
  tail: 'logs',
  invite: 'share',
  transfer: 'give',
  handover: 'give',
  audit: 'history',
  events: 'history',
  pin: 'keep',
  forever: 'keep',
  ip: 'addresses',
  ips: 'addresses',
  ipam: 'addresses',
  quarantine: 'addresses',
  pw: 'password',
  pass: 'password',
  passwd: 'password',
  ssh: 'password',
  nodes: 'hosts',
  machines: 'hosts',
  servers: 'hosts',
  cordon: 'drain',
  uncordon: 'undrain',
  approve: 'allow',
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
  if (verb === undefined) return unknownVerb(first.text, rest);
  return parsers[verb](rest);
};

const unknownVerb = (typed: string, words: readonly TypedWord[]): Parsed => {
  const nearest = nearestVerb(typed);
  const after = words.map(asTyped).join(' ');
  // `status demo` is no list of anything.
  const fits = nearest !== undefined && after !== '' && !isOddList(`${nearest} ${after}`);
  return mistake({ kind: 'unknown-verb', typed, nearest, rest: fits ? after : undefined });
};

const asTyped = (word: TypedWord): string => {
  if (word.kind === 'word') return word.text;
  return `${word.of === 'channel' ? '#' : '@'}${word.text}`;
};

const isOddList = (text: string): boolean => {
  const parsed = parseCommand(text);
  return parsed.kind === 'mistake' && parsed.mistake.kind === 'odd-list';
};

const verbOf = (typed: string): Verb | undefined =>
  verbs.find((verb) => verb === typed.toLowerCase().replace(/^[-/]+/, ''));

/** Near enough to be meant: for four letters at most two slips, for two letters one. */
export const nearestVerb = (typed: string): string | undefined => {
  const word = typed.toLowerCase().slice(0, 30);
  if (Object.hasOwn(synonyms, word)) return synonyms[word];
  const near = verbs
    .map((verb) => ({ verb, slips: isSwapOf(word, verb) ? 1 : distance(word, verb) }))
    .filter(({ verb, slips }) => slips <= Math.max(1, Math.floor(Math.min(verb.length, word.length) / 2)))
    .sort((one, other) => one.slips - other.slips);
  return near[0]?.verb;
};

/** Two letters that stand side by side the wrong way round: one slip, to whoever types. */
const isSwapOf = (typed: string, verb: string): boolean => {
  const at = [...verb].findIndex((letter, index) => letter !== typed[index]);
  if (at < 0) return false;
  const swapped = `${verb.slice(0, at)}${verb.slice(at + 1, at + 2)}${verb.slice(at, at + 1)}${verb.slice(at + 2)}`;
  return typed === swapped;
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
  const odd = ['all', 'on', 'for', 'until', 'tag', 'mine', 'quietly'].find((word) => names.has(word));
  if (odd !== undefined) return mistake({ kind: 'odd-down', typed: odd });
  if (names.size > mostNames) return mistake({ kind: 'too-many-names', most: mostNames });
  return command({ kind: 'down', names: [...names] });
};

const parsers: Readonly<Record<Verb, (words: readonly TypedWord[]) => Parsed>> = {
  up: parseUp,
  list: parseList,
  show: parseNamed('show'),
  extend: parseExtend,
  down: parseDown,
  restart: parseRestart,
  password: parseNamed('password'),
  logs: parseLogs,
  share: parseShare,
  give: parseGive,
  history: (words) => parseHistoryOn(words) ?? parseNamed('history')(words),
  keep: parseNamed('keep'),
  addresses: parseAddresses,
  hosts: parseHosts,
  drain: parseOfHost('drain'),
  undrain: parseOfHost('undrain'),
  forget: parseOfHost('forget'),
  allow: parseOfHost('allow'),
  help: parseHelp,
};
