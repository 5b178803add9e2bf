// What is said when a rig is shared with somebody, or given to somebody.

import type { News } from '../../rig/news.ts';
import { shownAddress } from '../../rig/outside.ts';
import type { Person, Rig } from '../../rig/rig.ts';
import { code, escapeText, nameOf } from './escape.ts';
import { webInterface } from './links.ts';
import { mention, mentionOf } from './rig.ts';

/** Those it is shared with are called once, so that they know. */
export const sharedReply = (rig: Rig, { by, with: people }: News & { kind: 'shared' }): string =>
  `${people.map(mentionOf).join(' ')} ${nameOf(by)} shares *${escapeText(rig.name)}* with you: <${webInterface(rig)}|${shownAddress(rig)}>. You may stop, extend and restart it, and see its password and log.`;

/** Its new owner is called; what the old one knows stays known until there is another password. */
export const givenReply = (rig: Rig, { by, from }: News & { kind: 'given' }): string => {
  const whose = by.id === from.id ? nameOf(by) : `${nameOf(by)} took it from ${nameOf(from)} and`;
  return `${mention(rig)} *${escapeText(rig.name)}* is yours now: ${whose} gave it to you. ${nameOf(from)} still knows its SSH password until the next restart (${code(`${rig.asked.command} restart ${rig.name}`, 120)}).`;
};

/** In place of the card, and of what was open under it, in the direct messages of whoever had it. */
export const passedOn = (rig: Rig): string =>
  `*${escapeText(rig.name)}* is ${nameOf(rig.owner)}'s now: its card, and what happens to it, is in their direct messages.`;

const names = (people: readonly Person[]): string => people.map(nameOf).join(', ');

export const sharedSentence = (rig: Rig, people: readonly Person[]): string =>
  `${code(rig.name)} is shared with ${names(people)}, who may stop, extend and restart it and see its password. They are told.`;

export const givenSentence = (rig: Rig, to: Person, from: Person): string =>
  `${code(rig.name)} is ${nameOf(to)}'s now, and they are told. ${nameOf(from)} still knows its SSH password until the next restart.`;

export const notAllowed = (who: Person): string =>
  `${nameOf(who)} may not use me, so a rig is of no use to them; nothing was changed. Whoever runs this bot can let them in.`;

export const notAPerson = (who: Person): string =>
  `${nameOf(who)} is a bot, or nobody any more, and cannot use a rig; nothing was changed.`;
