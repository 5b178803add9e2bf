// The messages about the end of a rig, soon or now, that have buttons: the reminder, and the end with *Up again*. Pure.

import type { Button, KnownBlock } from '@slack/types';
import type { News } from '../rig/news.ts';
import type { Rig, StopReason } from '../rig/rig.ts';
import { stopButton } from './card.ts';
import { type Message, plainText, section, sentence } from './message.ts';
import { actions, writeRigValue } from './values.ts';
import { reminderText } from './words-lease.ts';
import { endedReply, failedReply } from './words-rig.ts';

const button = (rig: Rig, action: string, label: string): Button => ({
  type: 'button',
  action_id: action,
  text: plainText(label),
  value: writeRigValue(rig, rig.asked.command),
});

export const reminderMessage = (rig: Rig, news: News & { kind: 'reminder' }): Message => {
  const text = reminderText(rig, news);
  const extensions =
    news.end < rig.lease.cap
      ? [button(rig, actions.extendByOne, '+1 h'), button(rig, actions.extendByFour, '+4 h')]
      : [];
  return {
    text,
    blocks: [
      section(text),
      { type: 'actions', elements: [...extensions, stopButton(rig, rig.asked.command, 'Stop now')] },
    ],
  };
};

/** One that nobody ended can be had again at a click. */
export const endedMessage = (rig: Rig, reason: StopReason): Message => {
  const text = endedReply(rig, reason);
  if (reason.kind !== 'expired') return sentence(text);
  return { text, blocks: [section(text), upAgain(rig)] };
};

/** One that was up and is no more can be had again at a click; one that never came up needs a thought first. */
export const failedMessage = (rig: Rig, { reason, tail }: News & { kind: 'failed' }): Message => {
  const { text, log } = failedReply(rig, reason, tail);
  const wasUp = reason.kind === 'died' || reason.kind === 'removed';
  return {
    text,
    blocks: [section(text), ...(log === '' ? [] : [section(log)]), ...(wasUp ? [upAgain(rig)] : [])],
  };
};

const upAgain = (rig: Rig): KnownBlock => ({
  type: 'actions',
  elements: [button(rig, actions.upAgain, 'Up again')],
});
