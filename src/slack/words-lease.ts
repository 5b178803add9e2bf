// What is said about the end of a lease: the reminder, what became of it, and the answer to `extend`.

import { assertNever } from '../rig/assert-never.ts';
import { formatDuration } from '../rig/duration.ts';
import type { News, ReminderAnswer } from '../rig/news.ts';
import type { Rig } from '../rig/rig.ts';
import { code, escapeText, nameOf } from './escape.ts';
import { mention, timeOf } from './words-rig.ts';

/** Its owner is called: this is what they would otherwise be surprised by. */
export const reminderText = (rig: Rig, { end, left, late }: News & { kind: 'reminder' }): string => {
  const name = `*${escapeText(rig.name)}*`;
  const why = late
    ? `${name} should have ended while I was away. So that it does not go without a word, it stays until ${timeOf(end)}, for another ${formatDuration(left)}.`
    : `${name} ends ${timeOf(end)}, in ${formatDuration(left)}: its time is up then, and what was recorded on it is lost.`;
  const { cap } = rig.lease;
  return end < cap
    ? `${mention(rig)} ${why} Do you need it for longer?`
    : `${mention(rig)} ${why} It has had its longest time, so it cannot be extended.`;
};

/** In place of the reminder and its buttons. */
export const answeredText = (rig: Rig, answer: ReminderAnswer): string => {
  const name = `*${escapeText(rig.name)}*`;
  switch (answer.kind) {
    case 'extended':
      return `${name} was extended by ${nameOf(answer.by)}: it ends ${timeOf(answer.end)} now${answer.most ? ', that is the most' : ''}.`;
    case 'stopped':
      return `${name} is being stopped by ${nameOf(answer.by)}.`;
    case 'expired':
      return `${name}: its time was up.`;
    case 'failed':
      return `${name} is no more; what happened is said below.`;
    default:
      return assertNever(answer);
  }
};

/** An earlier reminder, once a later one has its buttons. */
export const remindedText = (rig: Rig): string =>
  `*${escapeText(rig.name)}*: I reminded of its end here; there is a later reminder below.`;

export const extendedSentence = (rig: Rig, most: boolean): string =>
  `${code(rig.name)} ends ${timeOf(rig.lease.end)} now${most ? '; that is the most' : ''}.`;
