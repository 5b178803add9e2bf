// The messages in a rig's thread that have buttons: the reminder, that it is kept or unused, a crash, and the end with *Up
// again*. Pure.

import type { Button, KnownBlock } from '@slack/types';
import type { Instant } from '../../rig/duration.ts';
import type { Answer, News } from '../../rig/news.ts';
import type { Crash, Rig, StopReason } from '../../rig/rig.ts';
import { crashAnswered, crashedReply, failedReply, givenUp, restartedText } from '../words/failure.ts';
import { answeredText, idleText, keptText, reminderText } from '../words/lease.ts';
import { endedReply } from '../words/rig.ts';
import { stopButton } from './card-buttons.ts';
import { type Message, plainText, section, sentence, withButtons } from './message.ts';
import { actions, writeRigValue } from './values.ts';

const button = (rig: Rig, action: string, label: string): Button => ({
  type: 'button',
  action_id: action,
  text: plainText(label),
  value: writeRigValue(rig, rig.asked.command),
});

type Evening = Instant | undefined;

/** `evening`: when it is 18:00 for its owner, where that is soon enough to make sense. */
const extensions = (rig: Rig, end: Instant, evening: Evening): Button[] =>
  rig.lease.cap === undefined || end < rig.lease.cap
    ? [
        button(rig, actions.extendByOne, '+1 h'),
        button(rig, actions.extendByFour, '+4 h'),
        ...(evening !== undefined && evening > end
          ? [button(rig, actions.extendEvening, 'Until 18:00')]
          : []),
      ]
    : [];

const stopNow = (rig: Rig): Button => stopButton(rig, rig.asked.command, 'Stop now');

export const reminderMessage = (rig: Rig, news: News & { kind: 'reminder' }, evening: Evening): Message =>
  withButtons(reminderText(rig, news), [...extensions(rig, news.end, evening), stopNow(rig)]);

export const keptMessage = (rig: Rig, news: News & { kind: 'kept' }, evening: Evening): Message =>
  withButtons(keptText(rig, news), [...extensions(rig, news.end, evening), stopNow(rig)]);

export const idleMessage = (rig: Rig, news: News & { kind: 'idle' }): Message =>
  withButtons(idleText(rig, news), [button(rig, actions.want, 'Keep it'), stopNow(rig)]);

/** One that nobody ended can be had again at a click. */
export const endedMessage = (rig: Rig, reason: StopReason): Message => {
  const text = endedReply(rig, reason);
  return reason.kind === 'asked' ? sentence(text) : { text, blocks: [section(text), upAgain(rig)] };
};

const withLog = (
  { text, log }: { readonly text: string; readonly log: string },
  ...more: KnownBlock[]
): Message => ({
  text,
  blocks: [section(text), ...(log === '' ? [] : [section(log)]), ...more],
});

/** One that never came up needs a thought before the next try. */
export const failedMessage = (rig: Rig, crash: Crash): Message => withLog(failedReply(rig, crash));

/** One that was up can be brought back. */
export const crashedMessage = (rig: Rig, { crash, until }: News & { kind: 'crashed' }): Message =>
  withLog(crashedReply(rig, crash, until), {
    type: 'actions',
    elements: [restartButton(rig), stopButton(rig, rig.asked.command, 'Give it up')],
  });

export const restartButton = (rig: Rig): Button => button(rig, actions.restart, 'Restart');

/** What was open keeps its place and loses its buttons; what a crash had to say stays. */
export const answeredMessage = (rig: Rig, answer: Answer): Message => {
  switch (answer.kind) {
    case 'restarted':
      return answer.crash === undefined
        ? sentence(restartedText(answer.by))
        : withLog(crashAnswered(rig, answer.crash, restartedText(answer.by)));
    case 'given-up':
      return withLog(crashAnswered(rig, answer.crash, givenUp(rig)), upAgain(rig));
    default:
      return sentence(answeredText(rig, answer));
  }
};

const upAgain = (rig: Rig): KnownBlock => ({
  type: 'actions',
  elements: [button(rig, actions.upAgain, 'Up again')],
});
