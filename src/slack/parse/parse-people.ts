// `share` and `give`: a rig's name and people, in any order. Pure.

import type { Command, Mentioned, Mistake, Parsed } from './command.ts';
import { linkingWords } from './keywords.ts';
import { onlyName, readOneName } from './parse-one.ts';
import type { TypedWord } from './typed-words.ts';

const mistake = (of: Mistake): Parsed => ({ kind: 'mistake', mistake: of });
const command = (of: Command): Parsed => ({ kind: 'command', command: of });

type RigAndPeople = {
  readonly kind: 'read';
  readonly name: string;
  readonly first: Mentioned;
  readonly people: readonly Mentioned[];
};

/** Whoever is written `@ben` here was not chosen from the list: Slack would have said who it is. */
const isHandle = (text: string): boolean => text.startsWith('@');

const linking = (text: string): boolean => linkingWords.includes(text.toLowerCase()) || /^[&+]$/.test(text);

const readRigAndPeople = (verb: 'share' | 'give', words: readonly TypedWord[]): RigAndPeople | Mistake => {
  const people = new Map<string, Mentioned>();
  const others: TypedWord[] = [];
  for (const word of words) {
    if (word.kind === 'word') {
      if (!linking(word.text)) others.push(word);
    } else if (word.of === 'person') people.set(word.id, { id: word.id, name: word.text });
    else return { kind: 'mention', of: word.of, typed: word.text, wanted: 'person' };
  }
  const handle = others.find(({ text }) => isHandle(text));
  if (handle) return { kind: 'not-chosen', verb, typed: handle.text, name: onlyName(others) };
  const [first] = people.values();
  const [, second] = others;
  // `share demo ben`: the second one will be the person.
  if (first === undefined && second)
    return { kind: 'not-chosen', verb, typed: second.text, name: onlyName(others.slice(0, 1)) };
  const read = readOneName(verb, others);
  if (read.kind !== 'name') return read;
  if (first === undefined) return { kind: 'with-whom', verb, name: read.name };
  return { kind: 'read', name: read.name, first, people: [...people.values()] };
};

export const parseShare = (words: readonly TypedWord[]): Parsed => {
  const read = readRigAndPeople('share', words);
  return read.kind === 'read'
    ? command({ kind: 'share', name: read.name, with: read.people })
    : mistake(read);
};

/** A rig has one owner. */
export const parseGive = (words: readonly TypedWord[]): Parsed => {
  const read = readRigAndPeople('give', words);
  if (read.kind !== 'read') return mistake(read);
  const { name, first, people } = read;
  return people.length > 1
    ? mistake({ kind: 'one-person', name, typed: people.map((person) => person.name) })
    : command({ kind: 'give', name, to: first });
};
