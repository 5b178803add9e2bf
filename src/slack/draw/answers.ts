// Answers that are more than a sentence: refusals with buttons, rigs to choose from, links to cards.

import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../ports/log.ts';
import type { CardPlace } from '../../ports/outbox.ts';
import type { Instant } from '../../rig/duration.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { Rig } from '../../rig/rig.ts';
import type { Answer } from '../act/answering.ts';
import { askAll, chooseToStop, refusalSentence } from '../words/answers.ts';
import { bounded, escapeText, oneLine } from '../words/escape.ts';
import { stateAndLeft, stateSign } from '../words/rig.ts';
import { type StopAction, stopButton } from './card-buttons.ts';
import { type Message, mrkdwn, plainText, section, sentence, withButtons } from './message.ts';
import { actions, writeCommandValue } from './values.ts';

/** Each is a block of its own; Slack takes 50 in a message. */
const mostRows = 40;

export const refusalAnswer = (refusal: Refusal, command: string, now: Instant): Answer => {
  const text = refusalSentence(refusal, command);
  return refusal.kind === 'user-quota'
    ? withStopButtons(text, refusal.mine, command, now, actions.stop)
    : sentence(text);
};

const withStopButtons = (
  text: string,
  rigs: readonly Rig[],
  command: string,
  now: Instant,
  action: StopAction,
): Message => {
  const rest = rigs.length - mostRows;
  return {
    text,
    blocks: [
      section(text),
      ...rigs.slice(0, mostRows).map((rig) => stopRow(rig, command, now, action)),
      ...(rest > 0 ? [section(`… and ${rest} more.`)] : []),
    ],
  };
};

const stopRow = (rig: Rig, command: string, now: Instant, action: StopAction): KnownBlock => {
  const host = escapeText(bounded(oneLine(rig.host), 64));
  const text = `${stateSign(rig)} *${escapeText(rig.name)}* · ${host} · ${stateAndLeft(rig, now)}`;
  return {
    type: 'section',
    text: mrkdwn(text),
    ...(rig.state.kind === 'stopping' ? {} : { accessory: stopButton(rig, command, 'Stop', action) }),
  };
};

export const chooseAnswer = (mine: readonly Rig[], command: string, now: Instant): Answer =>
  withStopButtons(
    chooseToStop(
      mine.map(({ name }) => name),
      command,
    ),
    mine,
    command,
    now,
    actions.stopListed,
  );

export const askAllAnswer = (mine: readonly Rig[], command: string): Answer =>
  withButtons(askAll(mine.map(({ name }) => name)), [
    {
      type: 'button',
      action_id: actions.stopAll,
      text: plainText(mine.length === 1 ? 'Stop it' : `Stop all ${mine.length}`),
      style: 'danger',
      value: writeCommandValue(command),
      confirm: {
        title: plainText('Stop all of your rigs?', 100),
        text: plainText('They end for everybody who uses them, and what was recorded on them is lost.', 300),
        confirm: plainText('Stop them', 30),
        deny: plainText('Keep them', 30),
        style: 'danger',
      },
    },
  ]);

/** `undefined` where Slack does not tell: a sentence without a link is better than none. */
export const linkTo = async (
  client: WebClient,
  place: CardPlace | undefined,
  log: Log,
): Promise<string | undefined> => {
  if (place === undefined) return undefined;
  try {
    const { permalink } = await client.chat.getPermalink({ channel: place.channel, message_ts: place.ts });
    return permalink;
  } catch (err) {
    log.info({ place, err }, 'no link to a card');
    return undefined;
  }
};
