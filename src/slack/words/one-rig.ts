// What is said to somebody who named no rig or several where one is wanted, or nobody whom Slack knows.

import { assertNever } from '../../rig/assert-never.ts';
import type { Mistake, VerbOfOne } from '../parse/command.ts';
import { code } from './escape.ts';

export type MistakeAboutOne = Mistake & {
  readonly kind:
    | 'which-rig'
    | 'one-rig'
    | 'odd-word'
    | 'how-much-longer'
    | 'bad-lines'
    | 'with-whom'
    | 'not-chosen'
    | 'one-person';
};

/** A command as code, with the slash command that was used. */
type Say = (text: string) => string;

type Usage = { readonly question: string; readonly write: (name: string) => string };

const usages: Readonly<Record<VerbOfOne, Usage>> = {
  show: { question: 'Show which rig?', write: (name) => `show ${name}` },
  extend: { question: 'Extend which rig, and by how much?', write: (name) => `extend ${name} 2h` },
  restart: { question: 'Restart which rig?', write: (name) => `restart ${name}` },
  password: { question: 'The password of which rig?', write: (name) => `password ${name}` },
  logs: { question: 'The logs of which rig?', write: (name) => `logs ${name}` },
  share: { question: 'Share which rig, and with whom?', write: (name) => `share ${name} @somebody` },
  give: { question: 'Give which rig, and to whom?', write: (name) => `give ${name} @somebody` },
  history: { question: 'The history of which rig?', write: (name) => `history ${name}` },
  keep: { question: 'Keep which rig, without an end?', write: (name) => `keep ${name}` },
};

const choose = `type ${code('@')} and choose from the list that appears`;

export const sentenceAboutOne = (mistake: MistakeAboutOne, say: Say): string => {
  switch (mistake.kind) {
    case 'which-rig': {
      const { question, write } = usages[mistake.verb];
      return `${question} ${say(write('NAME'))}. Yours are in ${say('list mine')}.`;
    }
    case 'one-rig':
      return oneRig(mistake.verb, mistake.typed, say);
    case 'odd-word':
      return oddWord(mistake, say);
    case 'how-much-longer':
      return `By how much? ${say(`extend ${mistake.name} 2h`)}, say; or until when: ${say(`extend ${mistake.name} until 18:00`)}.`;
    case 'bad-lines':
      return `${code(mistake.typed)} is not a number of lines that I can send: those are 1 to 1000. Write ${say(`logs ${mistake.name ?? 'NAME'} 200`)}, say, or leave it out for the usual number.`;
    case 'with-whom':
      return `${mistake.verb === 'share' ? 'With' : 'To'} whom? Write ${say(usages[mistake.verb].write(mistake.name))}: ${choose}.`;
    case 'not-chosen':
      return `Slack does not tell me who ${code(mistake.typed)} is. Write ${say(usages[mistake.verb].write(mistake.name ?? 'NAME'))}: ${choose}.`;
    case 'one-person':
      return `A rig has one owner: ${either(mistake.typed, (name) => `give ${mistake.name} @${name}`, say)}? For several people there is ${say(`share ${mistake.name} @somebody`)}.`;
    default:
      return assertNever(mistake);
  }
};

/** Three are enough to see the point. */
const either = (names: readonly string[], write: (name: string) => string, say: Say): string =>
  names
    .slice(0, 3)
    .map((name) => say(write(name)))
    .join(' or ');

const oneRig = (verb: VerbOfOne, typed: readonly string[], say: Say): string => {
  const person = verb === 'share' || verb === 'give' ? ` If one of them is a person, ${choose}.` : '';
  return `One rig at a time: ${either(typed, usages[verb].write, say)}?${person}`;
};

const oddWord = ({ verb, typed, name = 'NAME' }: Mistake & { kind: 'odd-word' }, say: Say): string => {
  const takes = `${code(verb)} takes the name of a rig, and ${code(typed)} is none. Write ${say(usages[verb].write(name))}; yours are in ${say('list mine')}.`;
  const isTime = /^(?:for|by|until|till?|tomorrow|\+?\d.*[a-z])$/.test(typed);
  if (verb === 'restart' && /^\d/.test(typed))
    return `${takes} If it is an image's tag, write ${code(`tag ${typed}`)}.`;
  if (verb === 'keep' && isTime)
    return `${takes} It takes the end away; for some more time there is ${say(`extend ${name} 2h`)}.`;
  return takes;
};
