// What somebody typed, at the prompt or into the page: a command for the bot, the try-out's own `/skip`, or Slack's
// `/invite`, which the bot asks for where it cannot post.

import { assertNever } from '../rig/assert-never.ts';
import { type Duration, formatDuration, type Instant, parseDuration } from '../rig/duration.ts';
import type { Skipped } from './demo-clock.ts';

export type Typed =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | { readonly kind: 'skip'; readonly length: Duration }
  | { readonly kind: 'invite'; readonly who: string }
  /** `/skip` without a length that can be read. */
  | { readonly kind: 'explain'; readonly text: string };

const skipHelp =
  '/skip 1h moves the time of the rigs on by an hour, in steps, so that reminders and ends come as they would (also /skip 30m, /skip 90s, /skip 1d). To answer a reminder, stop half an hour before the end. Nothing else moves: what takes time really takes it.';

/** Forgiving: `up demo` is meant as `/wcs up demo`, since that is all there is to talk to here. */
export const readTyped = (typed: string): Typed => {
  const [, command = '/wcs', text = typed.trim()] = /^\s*(\/\S+)\s*(.*)$/s.exec(typed) ?? [];
  if (command === '/invite' && text !== '') return { kind: 'invite', who: text.trim() };
  if (command !== '/skip') return { kind: 'command', command, text: text.trim() };
  const length = parseDuration(text.replaceAll(/\s/g, ''));
  return length === undefined ? { kind: 'explain', text: skipHelp } : { kind: 'skip', length };
};

/** What is told when a skip is over, or was not begun. */
export const skippedSentence = (skipped: Skipped, timeZone: string): string => {
  switch (skipped.kind) {
    case 'skipped':
      return `For the rigs it is ${formatDuration(skipped.length)} later: ${clockTime(skipped.now, timeZone)}.`;
    case 'busy':
      return 'Their time is still moving on; wait until it has arrived.';
    case 'too-long':
      return `${formatDuration(skipped.most)} is the most at once.`;
    default:
      return assertNever(skipped);
  }
};

/** What is told while it is under way. */
export const movingSentence = (now: Instant, movingTo: Instant, timeZone: string): string =>
  `… ${clockTime(now, timeZone)}, moving on to ${clockTime(movingTo, timeZone)}; what you type meanwhile waits until then`;

/** What is told of a command that was taken in the midst of a skip. */
export const meanwhileSentence = (movingTo: Instant, timeZone: string): string =>
  `The rigs’ time is still moving on to ${clockTime(movingTo, timeZone)}: what you start now may be over by then.`;

const clockTime = (at: Instant, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
