// What is said about the end of a lease: the reminder, that it is kept or unused, what became of that, and the answer to `extend`.

import { assertNever } from '../../rig/assert-never.ts';
import { formatDuration } from '../../rig/duration.ts';
import type { Answer, News } from '../../rig/news.ts';
import type { Rig } from '../../rig/rig.ts';
import type { Use } from '../../rig/use.ts';
import { code, escapeText, nameOf } from './escape.ts';
import { mention, timeOf } from './rig.ts';

const nameIn = (rig: Rig): string => `*${escapeText(rig.name)}*`;

/** Its owner is called: this is what they would otherwise be surprised by. */
export const reminderText = (rig: Rig, { end, left, late }: News & { kind: 'reminder' }): string => {
  const name = nameIn(rig);
  const { cap } = rig.lease;
  const isLast = cap !== undefined && end >= cap;
  const wayOut = isLast
    ? 'It has had its longest time, so it cannot be extended.'
    : 'Do you need it for longer?';
  if (late) {
    return `${mention(rig)} I was away when you should have been reminded of the end of ${name}. So that it does not go without a word, it stays until ${timeOf(end)}, for another ${formatDuration(left)}. ${wayOut}`;
  }
  return `${mention(rig)} ${name} ends ${timeOf(end)}, in ${formatDuration(left)}: its time is up then, and what was recorded on it is lost. ${wayOut}`;
};

export const useWords = (use: Use): string => {
  switch (use.kind) {
    case 'streams':
      return `in use: ${use.count === 1 ? '1 stream' : `${use.count} streams`}`;
    case 'traffic':
      return `in use: ${Math.max(1, Math.round(use.bytesPerSecond / 1000))} kB/s of media`;
    case 'idle':
      return 'not in use';
    case 'unknown':
      return 'I cannot see whether it is in use';
    default:
      return assertNever(use);
  }
};

/** Nobody is called: nothing has to be done. */
export const keptText = (rig: Rig, { use, end, cap }: News & { kind: 'kept' }): string => {
  const most = cap === undefined ? '' : end >= cap ? ', and that is the most' : `, at most ${timeOf(cap)}`;
  const why = use.kind === 'unknown' ? 'so it stays for a while' : 'so it stays';
  return `${nameIn(rig)} is past its end, but ${useWords(use)}, ${why}: kept until ${timeOf(end)}${most}.`;
};

export const idleText = (rig: Rig, { unused, stop }: News & { kind: 'idle' }): string =>
  `${mention(rig)} Nobody has used ${nameIn(rig)} for ${formatDuration(unused)} (no streams, no media). It stops ${timeOf(stop)} unless somebody uses it or you keep it.`;

/** In place of the open message and its buttons. */
export const answeredText = (
  rig: Rig,
  answer: Exclude<Answer, { kind: 'restarted' | 'given-up' }>,
): string => {
  const name = nameIn(rig);
  switch (answer.kind) {
    case 'extended':
      return `${name} was extended by ${nameOf(answer.by)}: it ends ${timeOf(answer.end)} now${answer.most ? ', that is the most' : ''}.`;
    case 'endless':
      return `${name} has no end any more: ${nameOf(answer.by)} keeps it.`;
    case 'wanted':
      return `${name} stays though nobody uses it: ${nameOf(answer.by)} keeps it.`;
    case 'stopped':
      return `${name} is being stopped by ${nameOf(answer.by)}.`;
    case 'expired':
      return `${name}: its time was up.`;
    case 'idle':
      return `${name} was not used.`;
    case 'used':
      return `${name} was to stop since nobody used it. It is used now, or I cannot see it any more, so it stays.`;
    case 'failed':
      return `${name} is no more; what happened is said below.`;
    default:
      return assertNever(answer);
  }
};

/** An earlier open message, once a later one has its buttons. */
export const remindedText = (rig: Rig): string =>
  `${nameIn(rig)}: I reminded of its end here; there is a later word below.`;

export const extendedSentence = (rig: Rig, most: boolean): string =>
  rig.lease.end === undefined
    ? endlessSentence(rig)
    : `${code(rig.name)} ends ${timeOf(rig.lease.end)} now${most ? '; that is the most' : ''}.`;

export const wantedSentence = (rig: Rig): string =>
  `${code(rig.name)} stays, though nobody uses it.${rig.lease.end === undefined ? '' : ` It ends ${timeOf(rig.lease.end)}.`}`;

export const endlessSentence = (rig: Rig): string =>
  `${code(rig.name)} has no end now: it stays until somebody stops it. Whoever runs this bot gets a list of such rigs every week.`;

export const eveningPassed = (command: string): string =>
  `It is 18:00 already, or nearly, or still long before it, so nothing was extended. For another time write ${code(`${command} extend NAME until 21:00`)}.`;
