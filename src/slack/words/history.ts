// `history`: what was done about a rig of this name, a line for each act.

import { assertNever } from '../../rig/assert-never.ts';
import type { Actor, AuditEntry } from '../../rig/audit.ts';
import type { RigName } from '../../rig/name.ts';
import type { HostName } from '../../rig/rig.ts';
import { type Message, section, sections, sentence } from '../draw/message.ts';
import { bounded, code, escapeText, nameOf, oneLine } from './escape.ts';
import { reasonWords } from './reasons.ts';
import { timeOf } from './rig.ts';

export const mostEntries = 30;
/** Slack takes about 12,000 characters in all blocks of a message. */
const mostCharacters = 10_000;

const actorOf = (by: Actor): string => {
  switch (by.kind) {
    case 'person':
      return nameOf(by);
    case 'bot':
      return 'the bot';
    case 'host':
      return `host ${escapeText(bounded(oneLine(by.name), 40))}`;
    default:
      return assertNever(by);
  }
};

/** The audit keeps moments and people as machines write them; people read their own clock, and names. */
const readable = (why: string): string =>
  escapeText(bounded(oneLine(why), 200))
    .replaceAll(/ \([UW][A-Z0-9]{4,}\)/g, '')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (text) => timeOf(Date.parse(text)));

const lineOf = ({ at, by, what, outcome, why }: AuditEntry): string => {
  const how = outcome === 'done' ? '' : ` *${outcome}*`;
  const reason = why === undefined ? '' : ` (${readable(reasonWords(outcome, why))})`;
  return `${timeOf(at)} · ${actorOf(by)} · ${escapeText(bounded(oneLine(what), 30))}${how}${reason}`;
};

/** The newest that fit. */
const fitting = (lines: readonly string[]): readonly string[] => {
  let room = mostCharacters;
  const first = lines.findLastIndex((line) => {
    room -= line.length + 1;
    return room < 0;
  });
  return lines.slice(first + 1);
};

/** Newest last, as one reads. */
export const drawHistory = (name: RigName, entries: readonly AuditEntry[], command: string): Message => {
  if (entries.length === 0) {
    return sentence(`Nothing is known of a rig ${code(name)}. All rigs: ${code(`${command} list`)}.`);
  }
  return drawEntries(`*What happened to rigs called* ${code(name)}`, entries);
};

/** What happened to its rigs stands in the history of each. */
export const drawHostHistory = (host: HostName, entries: readonly AuditEntry[], command: string): Message =>
  entries.length === 0
    ? sentence(`Nothing was done to a host ${code(host)}. All hosts: ${code(`${command} hosts`)}.`)
    : drawEntries(`*What was done to host* ${code(host)}`, entries);

const drawEntries = (head: string, entries: readonly AuditEntry[]): Message => {
  const lines = entries.slice(-mostEntries).map(lineOf);
  return { text: head, blocks: [section(head), ...sections(fitting(lines))] };
};
