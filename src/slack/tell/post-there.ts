// The button *Post there*: the card leaves the direct message for the conversation where its rig was asked for.

import type { WebClient } from '@slack/web-api';
import { noSuchRig } from '../../control/find-rig.ts';
import type { Log } from '../../ports/log.ts';
import type { CardPlace, Cards } from '../../ports/outbox.ts';
import type { Rigs } from '../../ports/registry.ts';
import { type Asker, mayAct } from '../../rig/access.ts';
import { isLiving, type Rig, type RigId } from '../../rig/rig.ts';
import { linkTo } from '../draw/answers.ts';
import { type CardView, drawCard } from '../draw/card.ts';
import { type Message, sentence } from '../draw/message.ts';
import type { RigValue } from '../draw/values.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { refusalSentence } from '../words/answers.ts';
import { code, escapeText } from '../words/escape.ts';
import type { Destinations } from './destination.ts';
import type { Sender } from './send.ts';

/** The answer for the one who pressed. */
export type PostThere = (value: RigValue, by: Asker) => Promise<Message>;

export type PostThereParts = {
  readonly rigs: Rigs;
  readonly cards: Cards;
  readonly client: WebClient;
  readonly sender: Sender;
  readonly destinations: Destinations;
  readonly view: () => Omit<CardView, 'because'>;
  readonly log: Log;
};

export const createPostThere = (parts: PostThereParts): PostThere => {
  /** Two presses in a row are one: a second card would be out of date for ever. */
  const under = new Map<RigId, Promise<Message>>();
  return async (value, by) => {
    const before = under.get(value.rig);
    if (before !== undefined) return before;
    const running = postThere(parts, value, by).finally(() => under.delete(value.rig));
    under.set(value.rig, running);
    return running;
  };
};

const postThere = async (parts: PostThereParts, value: RigValue, by: Asker): Promise<Message> => {
  const stored = await parts.rigs.get(value.rig);
  if (!stored || !isLiving(stored.rig)) {
    const { refusal } = await noSuchRig(parts.rigs, value.name, by);
    return sentence(refusalSentence(refusal, value.command));
  }
  const { rig } = stored;
  if (!mayAct(rig, by)) {
    return sentence(refusalSentence({ kind: 'not-owner', name: rig.name, owner: rig.owner }, value.command));
  }
  const before = await parts.cards.get(rig.id);
  if (before !== undefined && before.because === undefined) return alreadyThere(parts, rig, before);
  return move(parts, rig, before);
};

const alreadyThere = async (parts: PostThereParts, rig: Rig, place: CardPlace): Promise<Message> => {
  const link = await linkTo(parts.client, place, parts.log);
  return sentence(
    `The card of ${code(rig.name)} is there already${link === undefined ? '' : `: <${link}|open it>`}.`,
  );
};

const move = async (parts: PostThereParts, rig: Rig, before: CardPlace | undefined): Promise<Message> => {
  const { channel } = rig.asked;
  parts.destinations.forget(channel);
  const there = await parts.destinations.of({ asked: { ...rig.asked, quietly: false } });
  if (there.kind === 'direct') return sentence(stillNot(parts, rig, there.because));
  const place = (await bringBack(parts, rig, before?.left)) ?? (await postCard(parts, rig));
  if (typeof place === 'string') return sentence(place);
  await parts.cards.put(rig.id, { ...place, open: before?.open });
  const link = await linkTo(parts.client, place, parts.log);
  if (before !== undefined) await leavePointer(parts, rig, before, link);
  return sentence(
    `Done: the card of ${code(rig.name)} is ${pointer(rig, link)}. What happens to it is told there.`,
  );
};

const pointer = (rig: Rig, link: string | undefined): string => {
  const where = rig.asked.channel.startsWith('D') ? 'there' : `in <#${escapeText(rig.asked.channel)}>`;
  return link === undefined ? where : `${where}: <${link}|open it>`;
};

/** The card that stood there before, with its thread: nobody wants a second one beside it. */
const bringBack = async (
  { sender, view, log }: PostThereParts,
  rig: Rig,
  left: CardPlace['left'],
): Promise<CardPlace | string | undefined> => {
  if (left === undefined) return undefined;
  try {
    return (await sender.edit(left, drawCard(rig, view()))) === 'done' ? left : tooBusy(rig);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure === undefined) throw error;
    log.info({ rig: rig.id, failure }, 'the card that was there cannot be edited');
    return failure.kind === 'later' ? tooBusy(rig) : undefined;
  }
};

/** The new place, or a sentence why there is none. */
const postCard = async (
  { sender, view, ...parts }: PostThereParts,
  rig: Rig,
): Promise<CardPlace | string> => {
  try {
    const message = drawCard(rig, view());
    const sent = await sender.post({
      target: { kind: 'channel', channel: rig.asked.channel },
      owner: rig.owner.id,
      message,
      id: `${rig.id}.there`,
      rig: rig.id,
      // It is looked for where that is possible: an earlier press may have been lost on its way back.
      uncertain: true,
      since: rig.created,
    });
    if (sent.kind === 'later') return tooBusy(rig);
    if (sent.kind === 'gone') return stillNot({ view }, rig, 'cannot-post');
    if (sent.kind === 'sent' && sent.before && (await sender.edit(sent, message)) !== 'done')
      return tooBusy(rig);
    return { channel: sent.channel, ts: sent.ts };
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure === undefined) throw error;
    parts.log.info({ rig: rig.id, failure }, 'the card could not be posted there');
    return failure.kind === 'later' ? tooBusy(rig) : stillNot({ view }, rig, 'cannot-post');
  }
};

const tooBusy = (rig: Rig): string =>
  `Slack does not take the card of ${code(rig.name)} at the moment, so it stays here. Press *Post there* again in a minute.`;

const stillNot = (
  { view }: Pick<PostThereParts, 'view'>,
  rig: Rig,
  because: NonNullable<CardPlace['because']>,
): string =>
  because === 'shared-channel'
    ? `That channel is shared with another organisation, so the card of ${code(rig.name)}, which shows LAN addresses, stays here.`
    : `I still cannot post there, so the card of ${code(rig.name)} stays here. Type ${code(`/invite @${view().bot}`)} in that conversation, then press *Post there* again.`;

const leavePointer = async (
  { sender, log }: PostThereParts,
  rig: Rig,
  before: CardPlace,
  link: string | undefined,
): Promise<void> => {
  try {
    const done = await sender.edit(
      before,
      sentence(`The card of *${escapeText(rig.name)}* is now ${pointer(rig, link)}.`),
    );
    if (done !== 'done')
      log.warn({ rig: rig.id }, 'the old card keeps its old text: too many edits at the moment');
  } catch (err) {
    if (readSlackFailure(err) === undefined) throw err;
    log.warn({ rig: rig.id, err }, 'the old card keeps its old text');
  }
};
