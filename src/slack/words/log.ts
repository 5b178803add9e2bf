// What is said around a rig's log.

import type { Rig } from '../../rig/rig.ts';
import { code, escapeText } from './escape.ts';

/** Plain text: a file's title has no markup. */
export const logTitle = ({ name }: Rig, lines: number): string =>
  `${name}: the last ${lines === 1 ? 'line' : `${lines} lines`} of its log`;

export const logComment = (rig: Rig, host: string): string =>
  `The log of *${escapeText(rig.name)}* on host ${code(host)}, as you asked. Only you see it.`;

/** Above what fits into a message. */
export const lastLines = (rig: Rig, host: string): string =>
  `The log of *${escapeText(rig.name)}* on host ${code(host)}, as you asked. Slack did not take it as a file, so here are its last lines; whoever runs this bot can look into why. Only you see this.`;

/** `lines`: undefined if its host came to the question too late. */
export const noLog = (rig: Rig, host: string, lines: readonly string[] | undefined): string =>
  lines === undefined
    ? `The log of *${escapeText(rig.name)}* did not come in time: host ${code(host)} was busy or away. Ask again.`
    : `*${escapeText(rig.name)}* on host ${code(host)} has not logged a line yet.`;

export const logAsked = (rig: Rig, lines: number): string =>
  `The last ${lines === 1 ? 'line' : `${lines} lines`} of ${code(rig.name)} are on their way from host ${code(rig.host)}; they come as a file in your direct messages with me.`;
