// Commands about one rig: its name, and what else the verb takes, in any order. Pure.

import { isRigName, type RigName } from '../../rig/name.ts';
import {
  type Command,
  type Mistake,
  mostLines,
  type Parsed,
  type VerbOfOne,
  type Wanted,
} from './command.ts';
import { isNeverName, withoutDashes } from './keywords.ts';
import { readTag } from './read-tag.ts';
import { readWanted, saidBefore, takersOfExtend } from './read-wanted.ts';
import type { TypedWord } from './typed-words.ts';

const mistake = (of: Mistake): Parsed => ({ kind: 'mistake', mistake: of });
const command = (of: Command): Parsed => ({ kind: 'command', command: of });

type OneName = { readonly kind: 'name'; readonly name: RigName };

/** For an answer that can be pasted: the one among these words that can be a rig's name. */
export const onlyName = (words: readonly TypedWord[]): RigName | undefined => {
  const names = words.flatMap((word) => (word.kind === 'word' ? [word.text.toLowerCase()] : []));
  const [name, ...others] = new Set(names.filter((one) => isRigName(one) && !isNeverName(one)));
  return others.length === 0 ? name : undefined;
};

/** The one name that there should be; as typed but in small letters. */
export const readOneName = (verb: VerbOfOne, words: readonly TypedWord[]): OneName | Mistake => {
  const mentioned = words.find((word) => word.kind === 'mention');
  if (mentioned) return { kind: 'mention', of: mentioned.of, typed: mentioned.text, wanted: 'name' };
  const names = [...new Set(words.map(({ text }) => text.toLowerCase()))];
  const odd = names.find((name) => isNeverName(withoutDashes(name)));
  if (odd !== undefined) return { kind: 'odd-word', verb, typed: odd, name: onlyName(words) };
  const [name] = names;
  if (name === undefined) return { kind: 'which-rig', verb };
  return names.length > 1 ? { kind: 'one-rig', verb, typed: names } : { kind: 'name', name };
};

export const parseNamed =
  (verb: 'show' | 'password' | 'history' | 'keep') =>
  (words: readonly TypedWord[]): Parsed => {
    const read = readOneName(verb, words);
    return read.kind === 'name' ? command({ kind: verb, name: read.name }) : mistake(read);
  };

/** `extend demo 2h`, `extend demo by 2 hours`, `extend 2h demo`, `extend demo until 18:00`. */
export const parseExtend = (words: readonly TypedWord[]): Parsed => {
  // `extend demo by` is on its way to a length: that is asked for.
  const last = withoutDashes(words.at(-1)?.text ?? '');
  const said = takersOfExtend.length.includes(last) ? words.slice(0, -1) : words;
  const names: TypedWord[] = [];
  let wanted: Wanted | undefined;
  for (let at = 0; at < said.length; ) {
    const read = readWanted(said, at, takersOfExtend);
    if (read.kind === 'mistake') return mistake(read.mistake);
    if (read.kind === 'wanted') {
      const wrong = saidBefore(wanted, read.wanted);
      if (wrong) return mistake(wrong);
      wanted = read.wanted;
      at += read.words;
    } else {
      names.push(...said.slice(at, at + 1));
      at += 1;
    }
  }
  const read = readOneName('extend', names);
  if (read.kind !== 'name') return mistake(read);
  return wanted === undefined
    ? mistake({ kind: 'how-much-longer', name: read.name })
    : command({ kind: 'extend', name: read.name, wanted });
};

/** `restart demo`, `restart demo tag 5.2`, `restart demo with tag 5.2`. */
export const parseRestart = (words: readonly TypedWord[]): Parsed => {
  const names: TypedWord[] = [];
  let tag: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const isTag = isWord(words[at], /^-*tag$/i);
    if (isTag) {
      at += 1;
      const read = readTag(words[at], tag, 'restart');
      if (read.kind !== 'tag') return mistake(read);
      tag = read.tag;
    } else if (!(isWord(words[at], /^(?:with|to)$/i) && isWord(words[at + 1], /^-*tag$/i))) {
      names.push(...words.slice(at, at + 1));
    }
  }
  const read = readOneName('restart', names);
  return read.kind === 'name' ? command({ kind: 'restart', name: read.name, tag }) : mistake(read);
};

const isWord = (word: TypedWord | undefined, pattern: RegExp): boolean =>
  word?.kind === 'word' && pattern.test(word.text);

/** Also before all of them have been read. */
const nameOfLogs = (words: readonly TypedWord[]): RigName | undefined =>
  onlyName(words.filter((word) => !isWord(word, /^-*(?:last|tail|lines?|n)$/i)));

const figure = /^-*\d/;
const wholeLines = /^-*(\d{1,6})(?:lines?)?$/i;

/** `logs demo`, `logs demo 200`, `logs 200 demo`, `logs demo last 200 lines`, `logs -n 200 demo`. */
export const parseLogs = (words: readonly TypedWord[]): Parsed => {
  const names: TypedWord[] = [];
  let lines: number | undefined;
  for (const [at, word] of words.entries()) {
    if (isWord(word, figure)) {
      const count = Number(wholeLines.exec(word.text)?.[1] ?? 0);
      if (count < 1 || count > mostLines)
        return mistake({ kind: 'bad-lines', typed: word.text, name: nameOfLogs(words) });
      if (lines !== undefined) return mistake({ kind: 'said-twice', what: 'lines' });
      lines = count;
      continue;
    }
    const introduces = isWord(word, /^-*(?:last|tail|lines|n)$/i) && isWord(words[at + 1], figure);
    const follows = isWord(word, /^lines?$/i) && isWord(words[at - 1], figure);
    if (!introduces && !follows) names.push(word);
  }
  const read = readOneName('logs', names);
  return read.kind === 'name' ? command({ kind: 'logs', name: read.name, lines }) : mistake(read);
};
