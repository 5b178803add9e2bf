// What is said to somebody who mistyped: what was not understood, why, and what to type instead.

import { isRigName } from '../../rig/name.ts';
import type { Mistake } from '../parse/command.ts';
import { code } from './escape.ts';
import { hostMistake } from './hosts.ts';
import { sentenceAboutOne } from './one-rig.ts';
import { timeSentence } from './times.ts';

/** `command` is the slash command as it was typed, `/wcs-dev` say. */
export const mistakeSentence = (mistake: Mistake, command: string): string => {
  const say = (text: string): string => code(`${command} ${text}`, 120);
  const typed = 'typed' in mistake && typeof mistake.typed === 'string' ? mistake.typed : '';
  switch (mistake.kind) {
    case 'unknown-verb':
      return unknownVerb(mistake, say);
    case 'nothing-after':
      return nothingAfter(mistake, say);
    case 'said-twice':
      return saidTwice(mistake.what);
    case 'two-names':
      return `${code(mistake.first)} or ${code(mistake.second)}? For a host write ${code(`on ${mistake.second}`)}.`;
    case 'near-word':
      return `${code(typed)}: did you mean ${code(mistake.nearest)}? A rig has one name; if that is a host, write ${code(`on ${typed}`)}.`;
    case 'bad-name':
      return badName(mistake, (tag) => `If it is an image's tag, write ${code(`tag ${tag}`)}.`);
    case 'keyword-as-name':
      return `${code(mistake.word)} is one of my own words, so no rig can be called that. Take another name, or none and I make one up. All my words: ${say('help')}.`;
    case 'mention':
      return mentioned(mistake, say);
    case 'which-host':
    case 'one-host':
      return hostMistake(mistake, say);
    case 'bad-host':
      if (mistake.verb !== undefined)
        return `${code(typed)} cannot be the name of a host: those have letters, digits, dots and dashes. The hosts there are: ${say('hosts')}.`;
      return `${code(typed)} cannot be the name of a host: those have letters, digits, dots and dashes. The hosts in use are in ${say('list')}; or leave ${code('on')} out and I choose one.`;
    case 'bad-tag':
      return badTag(typed, 'tag 5.2.1945');
    case 'which-rig':
    case 'one-rig':
    case 'odd-word':
    case 'how-much-longer':
    case 'bad-lines':
    case 'with-whom':
    case 'not-chosen':
    case 'one-person':
      return sentenceAboutOne(mistake, say);
    case 'odd-addresses':
      return `I do not know ${code(typed)} there. ${say('addresses')} shows the addresses of every LAN, ${say('addresses LAN')} those of one; ${say('addresses release 10.0.0.7')} gives one back that was set aside.`;
    case 'release-what':
      return mistake.typed === undefined
        ? `Release which address? ${say('addresses release 10.0.0.7')}, say; ${say('addresses')} shows which are set aside.`
        : `${code(mistake.typed)} is not an address: those are four numbers, ${say('addresses release 10.0.0.7')} say. ${say('addresses')} shows which are set aside.`;
    case 'odd-list':
      return `I do not know ${code(typed)} after ${code('list')}. There is ${say('list')} for all rigs, ${say('list mine')} for yours, and ${say('list on HOST')}.`;
    case 'odd-down':
      return `${code('down')} takes names only, or ${code('all')} alone, so nothing was stopped because of ${code(typed)}. Write ${say('down NAME')}, or ${say('down')} to choose.`;
    case 'too-many-names':
      return `That is more than ${mistake.most} names at once, so nothing was stopped. Name fewer, or write ${say('down all')} for all of yours.`;
    default:
      return timeSentence(mistake);
  }
};

const unknownVerb = (
  { typed, nearest, rest }: Mistake & { kind: 'unknown-verb' },
  say: (text: string) => string,
): string =>
  nearest === undefined
    ? `I do not know ${code(typed)}. ${say(isRigName(typed) ? `up ${typed}` : 'up')} starts a rig, ${say('list')} shows them, ${say('down')} stops one; ${say('help')} has the rest.`
    : `${code(typed)}: did you mean ${code(nearest)}? Then write ${say(rest === undefined ? nearest : `${nearest} ${rest}`)}; ${say('help')} has all commands.`;

const nothingAfter = (
  { word, verb }: Mistake & { kind: 'nothing-after' },
  say: (text: string) => string,
): string => {
  switch (word) {
    case 'for':
      return `For how long? After ${code('for')} comes a time, ${code('for 4h')} say; without it you get the usual one.`;
    case 'on':
      return `On which host? After ${code('on')} comes a host's name, ${say(`${verb} on HOST`)}; without it ${verb === 'up' ? 'I choose one' : 'you see all'}.`;
    case 'until':
      return `Until when? After ${code('until')} comes a time of day, ${code('until 18:00')} or ${code('until tomorrow 9:00')} say.`;
    case 'tag':
      return `Which tag? After ${code('tag')} comes an image's tag, ${code('tag 5.2.1945')} say; without it ${verb === 'restart' ? 'the rig keeps its own' : 'you get the usual one'}.`;
  }
};

const saidTwice = (what: (Mistake & { kind: 'said-twice' })['what']): string => {
  switch (what) {
    case 'lease':
      return `You gave two lengths of time. Which one? ${code('for 4h')}, say, once.`;
    case 'until':
      return `You gave two times of day. Which one? ${code('until 18:00')}, say, once.`;
    case 'lines':
      return `You gave two numbers of lines. Which one? ${code('200 lines')}, say, once.`;
    case 'for':
    case 'on':
    case 'tag':
      return `You said ${code(what)} twice. Which one did you mean? Say it once.`;
  }
};

/** `example`: as it is to be typed there. */
export const badTag = (typed: string, example: string): string =>
  `${code(typed)} cannot be an image's tag: those have letters, digits, dots, dashes and underscores, ${code(example)} say.`;

/** `asTag`: what is to be done if it was meant as an image's tag. */
export const badName = (
  { typed, why, proposal }: Mistake & { kind: 'bad-name' },
  asTag: (tag: string) => string,
): string => {
  const rule = {
    'too-long': `has ${[...typed].length} characters, and a rig's name at most 20`,
    'first-letter': 'does not begin with a letter, as a rig’s name does',
    characters: 'has characters that a rig’s name cannot have: those are a to z, digits and dashes',
  }[why].replaceAll('’', "'");
  const wayOut =
    proposal === undefined
      ? `Take another one, ${code('demo')} say, or none and I make one up.`
      : `How about ${code(proposal)}?`;
  const hint = /^\d+[.]/.test(typed) ? ` ${asTag(typed)}` : '';
  return `${code(typed)} ${rule}. ${wayOut}${hint}`;
};

const mentioned = (
  { of, typed, wanted }: Mistake & { kind: 'mention' },
  say: (text: string) => string,
): string => {
  const sign = of === 'channel' ? '#' : '@';
  const what = { person: 'a person', channel: 'a channel', group: 'a group of people' }[of];
  const shown = code(`${sign}${typed}`);
  switch (wanted) {
    case 'command':
      return `${shown} is ${what}, and I expected a command. ${say('help')} has all of them.`;
    case 'name':
      return `${shown} is ${what}, and where it stands I expected the name of a rig. Write it without the ${code(sign)}.`;
    case 'lease':
      return `${shown} is ${what}. After ${code('for')} comes a time, ${code('for 4h')} say.`;
    case 'time':
      return `${shown} is ${what}. After ${code('until')} comes a time of day, ${code('until 18:00')} say.`;
    case 'person':
      return `${shown} is ${what}, and I expected one person, or several, each by name. Type ${code('@')} and choose from the list that appears.`;
    case 'named-host':
      return `${shown} is ${what}, and where it stands I expected the name of a host. ${say('hosts')} has all of them.`;
    case 'host':
      return `${shown} is ${what}. After ${code('on')} comes a host's name, without a ${code(sign)}.`;
    case 'lan':
      return `${shown} is ${what}, and where it stands I expected a LAN or an address. ${say('addresses')} has all of them.`;
    case 'tag':
      return `${shown} is ${what}. After ${code('tag')} comes an image's tag, ${code('tag 5.2.1945')} say.`;
  }
};
