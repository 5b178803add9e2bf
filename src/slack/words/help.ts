// The help: six lines that are enough for most days, and the rest on request.

import { type Duration, formatDuration, hour } from '../../rig/duration.ts';
import type { Verb } from '../parse/command.ts';
import { code } from './escape.ts';

/** What an operator has configured, as far as people want to know it. */
export type HelpFacts = { readonly usualLease: Duration; readonly longestLease: Duration | undefined };

/** `24 h`, as operators write it, rather than `1 d`. */
export const formatLimit = (length: Duration): string =>
  length % hour === 0 && length <= 72 * hour ? `${length / hour} h` : formatDuration(length);

/** Five commands that are enough for most days. */
const usualDays = (command: string): readonly string[] => [
  `${code(`${command} up demo for 4h`)} starts a rig: a Web Call Server with an address of its own; or ${code('until 18:00')}`,
  `${code(`${command} list`)} shows all rigs, yours first (${code('list mine')}, ${code('list on HOST')})`,
  `${code(`${command} down demo`)} stops one; ${code('down')} alone lets you choose, ${code('down all')} asks and stops all of yours`,
  `${code(`${command} extend demo 2h`)} keeps it for longer; you are reminded in its thread before it ends`,
  `${code(`${command} password demo`)} tells you, and only you, its SSH password`,
];

const further = [
  'show',
  'restart',
  'logs',
  'share',
  'give',
  'history',
  'keep',
  'addresses',
  'hosts',
  'drain',
  'undrain',
  'forget',
  'allow',
] as const satisfies Verb[];

/** Six lines. */
export const help = (command: string): string =>
  [
    ...usualDays(command),
    `${code(`${command} help more`)} has the rest: ${further.map((verb) => code(verb)).join(', ')}`,
  ].join('\n');

const does: Readonly<Record<(typeof further)[number], { readonly usage: string; readonly what: string }>> = {
  show: { usage: 'show demo', what: 'says all there is to know about a rig' },
  restart: {
    usage: 'restart demo [tag TAG]',
    what: 'gives it a new container with the same address and end, of another build if you name a tag',
  },
  logs: { usage: 'logs demo [200]', what: 'sends you its last lines' },
  share: { usage: 'share demo @ben', what: 'lets somebody else act on it, too' },
  give: { usage: 'give demo @ben', what: "makes it somebody else's" },
  history: {
    usage: 'history demo',
    what: 'shows what was done with it, and by whom; `history on HOST` of a host',
  },
  keep: { usage: 'keep demo', what: 'takes its end away; for admins' },
  addresses: {
    usage: 'addresses [LAN]',
    what: 'shows who has which address, and which are set aside and why',
  },
  hosts: { usage: 'hosts', what: 'shows how the Docker hosts are and what is free on them' },
  drain: {
    usage: 'drain HOST [now]',
    what: 'lets a host take no new rigs, and stops those on it now; for admins',
  },
  undrain: { usage: 'undrain HOST', what: 'lets it take rigs again; for admins' },
  forget: { usage: 'forget HOST', what: 'gives up a host that is gone for good; for admins' },
  allow: {
    usage: 'allow HOST',
    what: 'says yes where many of its rigs would be removed at once; for admins',
  },
};

export const moreHelp = (command: string, { usualLease, longestLease }: HelpFacts): string =>
  [
    ...usualDays(command),
    ...further.map((verb) => `${code(`${command} ${does[verb].usage}`)} ${does[verb].what}`),
    '',
    `*More about* ${code(`${command} up [name] [for 4h] [until 18:00] [on HOST] [tag TAG] [quietly]`, 120)}`,
    `The words come in any order, in capitals or not. ${code(`${command} up`)} alone is enough: name, time and host are chosen for you.`,
    `• name: begins with a letter, then a to z, digits and dashes, 20 at most`,
    `• ${code('for 4h')}, or just ${code('4h')}: ${code('90m')}, ${code('1h30m')}, ${code('1d')}; usually ${formatLimit(usualLease)}${longestLease === undefined ? '' : `, at most ${formatLimit(longestLease)}`}. Then the rig ends by itself`,
    `• ${code('until 18:00')}: ${code('until 6pm')}, ${code('until noon')}, ${code('until tomorrow 9:00')}, by your own clock; ${code('extend demo until 18:00')} likewise`,
    `• ${code('on HOST')}: this Docker host and no other`,
    `• ${code('tag TAG')}: another version of the image`,
    `• ${code('quietly')}: the card goes to a direct message with you`,
    `${code(`${command} down a b`)} stops several at once. A rig's owner, those it is shared with and admins may act on it; only its owner and admins share it or give it away.`,
    'Slack takes no commands in threads: type them in the channel.',
  ].join('\n');

/** For the bare command. */
export const greeting = (command: string): string =>
  `I hand out rigs: Web Call Servers, each with an address of its own, for a while. Try ${code(`${command} up`)}; a message here will say when it is ready. ${code(`${command} help`)} has the other commands.`;
