// The teller: news about rigs becomes a card that is edited in place, and replies in its thread.
//
// INVARIANTS
// - What Slack does not take now comes back as `later`; only what it can never take is `impossible`.
// - Where a card may not be (a shared channel) nothing is posted while Slack cannot say what kind of place it is.

import type { CardPlace, Cards, Log, Teller, Telling } from '../ports.ts';
import { assertNever } from '../rig/assert-never.ts';
import { type Duration, minute, second } from '../rig/duration.ts';
import type { News } from '../rig/news.ts';
import type { Rig } from '../rig/rig.ts';
import { type CardView, drawCard } from './card.ts';
import type { Destinations } from './destination.ts';
import {
  answeredMessage,
  crashedMessage,
  endedMessage,
  failedMessage,
  idleMessage,
  keptMessage,
  reminderMessage,
} from './end-messages.ts';
import { type Message, sentence } from './message.ts';
import type { Pacing } from './pacing.ts';
import type { Sender, Sent, Target } from './send.ts';
import type { SendLog } from './send-log.ts';
import { readSlackFailure } from './slack-errors.ts';
import { closeOpen, editOpenMessage, replaceOpen } from './tell-open.ts';
import { givenReply, sharedReply } from './words-people.ts';
import { readyReply } from './words-rig.ts';

export type TellerParts = {
  readonly sender: Sender;
  readonly destinations: Destinations;
  readonly pacing: Pacing;
  readonly cards: Cards;
  /** What cards need to know besides the rig. */
  readonly view: () => Omit<CardView, 'because'>;
  /** A sentence of the operator's, for people who cannot reach a rig. */
  readonly note: string | undefined;
  /** 18:00 in this person's zone is still to come, and soon enough to make sense; false where Slack does not say. */
  readonly isEveningNear: (user: string) => Promise<boolean>;
  readonly sendLog: SendLog;
  readonly log: Log;
};

type Piece = Parameters<Teller['tell']>[0];
type Reply = Exclude<News, { kind: 'card' | 'answered' | 'log' }>;

/** First, and at most, between two attempts at news that Slack did not take without saying when to come back. */
const patience = { first: second, most: minute } satisfies Record<string, Duration>;

export const createTeller = (parts: TellerParts): Teller => {
  /** Failed attempts in a row, by the news's id. */
  const attempts = new Map<string, number>();

  const later = (id: string, wanted: Duration | undefined): Telling => {
    const before = attempts.get(id) ?? 0;
    if (attempts.size > 10_000) attempts.clear();
    attempts.set(id, before + 1);
    return {
      kind: 'later',
      after: wanted ?? Math.min(patience.most, patience.first * 2 ** Math.min(before, 10)),
    };
  };

  return {
    tell: async (piece) => {
      try {
        const telling = await tellPiece(parts, piece);
        if (telling.kind !== 'later') attempts.delete(piece.id);
        return telling;
      } catch (error) {
        const failure = readSlackFailure(error);
        if (failure === undefined) throw error;
        const facts = { rig: piece.rig.id, news: piece.news.kind, id: piece.id };
        if (failure.kind === 'refused') {
          attempts.delete(piece.id);
          return { kind: 'impossible', why: `Slack says ${failure.code}` };
        }
        parts.log.warn({ ...facts, why: failure.why }, 'Slack did not take it; again later');
        return later(piece.id, failure.after);
      }
    },
  };
};

const tellPiece = async (parts: TellerParts, piece: Piece): Promise<Telling> => {
  const { news, card } = piece;
  if (news.kind === 'card') {
    return card === undefined
      ? postCard(parts, piece, piece.id)
      : editCard(parts, piece, card, news.progress);
  }
  if (news.kind === 'answered') return closeOpen(parts, card, answeredMessage(piece.rig, news.answer));
  if (news.kind === 'log') return parts.sendLog(piece, news);
  if (news.kind === 'kept' && card?.open !== undefined) return editOpen(parts, piece, card, news);
  if (card !== undefined) return reply(parts, piece, card, news);
  // The card could not be told. What happened is told all the same, under a card that is posted now.
  const posted = await postCard(parts, piece, `${piece.id}.card`);
  if (posted.kind !== 'told' || posted.card === undefined) return posted;
  await parts.cards.put(piece.rig.id, posted.card);
  const replied = await reply(parts, piece, posted.card, news);
  return replied.kind === 'told' ? { kind: 'told', card: replied.card ?? posted.card } : replied;
};

// ── the card ────────────────────────────────────────────────────────────────────────────────────────────────────────

const editCard = async (
  { sender, pacing, view, isEveningNear, log }: TellerParts,
  { rig }: Piece,
  place: CardPlace,
  progress: boolean,
): Promise<Telling> => {
  const evening = await isEveningNear(rig.owner.id);
  const message = drawCard(rig, { ...view(), because: place.because, evening });
  if (!progress) {
    const done = await sender.edit(place, message);
    return done === 'done' ? { kind: 'told' } : done;
  }
  // A figure that cannot move now is out of date by the time it can.
  if (!pacing.progress(rig.id)) return { kind: 'told' };
  try {
    await sender.editNow(place, message);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure === undefined) throw error;
    log.info({ rig: rig.id, failure }, 'a figure on the card did not move');
  }
  return { kind: 'told' };
};

const postCard = async (parts: TellerParts, piece: Piece, id: string): Promise<Telling> => {
  const { rig } = piece;
  const destination = await parts.destinations.of(rig);
  if (destination.kind === 'direct') return postCardTo(parts, piece, id, destination.because);
  try {
    return await postCardTo(parts, piece, id, undefined);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused') throw error;
    parts.log.info(
      { rig: rig.id, channel: rig.asked.channel, why: failure.code },
      'the card goes to a direct message',
    );
    return postCardTo(parts, piece, id, 'cannot-post');
  }
};

const postCardTo = async (
  { sender, view }: TellerParts,
  { rig, uncertain }: Piece,
  id: string,
  because: CardPlace['because'],
): Promise<Telling> => {
  const target: Target =
    because === undefined
      ? { kind: 'channel', channel: rig.asked.channel }
      : { kind: 'direct', user: rig.owner.id };
  const message = drawCard(rig, { ...view(), because });
  const sent = await sender.post({
    target,
    owner: rig.owner.id,
    message,
    id,
    rig: rig.id,
    uncertain,
    since: rig.created,
  });
  // What arrived earlier shows the state of then, and nothing else in the outbox may speak of the state of now.
  if (sent.kind === 'sent' && sent.before) {
    const done = await sender.edit(sent, message);
    if (done !== 'done') return done;
  }
  return asTelling(sent, (channel, ts) => ({ channel, ts, ...(because === undefined ? {} : { because }) }));
};

const asTelling = (sent: Sent, place?: (channel: string, ts: string) => CardPlace): Telling =>
  sent.kind === 'later' ? sent : { kind: 'told', card: place?.(sent.channel, sent.ts) };

// ── replies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const replyMessage = (rig: Rig, news: Reply, note: string | undefined, evening: boolean): Message => {
  switch (news.kind) {
    case 'ready':
      return sentence(readyReply(rig, news, note));
    case 'failed':
      return failedMessage(rig, news);
    case 'ended':
      return endedMessage(rig, news.reason);
    case 'crashed':
      return crashedMessage(rig, news);
    case 'reminder':
      return reminderMessage(rig, news, evening);
    case 'kept':
      return keptMessage(rig, news, evening);
    case 'idle':
      return idleMessage(rig, news);
    case 'shared':
      return sentence(sharedReply(rig, news));
    case 'given':
      return sentence(givenReply(rig, news));
    default:
      return assertNever(news);
  }
};

/** With this the message that was open before is out of date. */
const hasButtons = ({ kind }: Reply): boolean =>
  kind === 'reminder' || kind === 'kept' || kind === 'idle' || kind === 'crashed';

/** A rig that is kept says so where it was said that it ends: one message, edited each time. */
const editOpen = async (
  parts: TellerParts,
  { rig }: Piece,
  card: CardPlace & { readonly open?: { readonly channel: string; readonly ts: string } | undefined },
  news: News & { kind: 'kept' },
): Promise<Telling> => {
  const message = keptMessage(rig, news, await parts.isEveningNear(rig.owner.id));
  const done = await editOpenMessage(parts, card.open, message);
  return done === 'done' ? { kind: 'told' } : done;
};

const reply = async (parts: TellerParts, piece: Piece, card: CardPlace, news: Reply): Promise<Telling> => {
  const { rig, id, uncertain } = piece;
  const sending = {
    owner: rig.owner.id,
    message: replyMessage(rig, news, parts.note, await parts.isEveningNear(rig.owner.id)),
    id,
    rig: rig.id,
    uncertain,
    since: rig.created,
  };
  try {
    const thread: Target = { kind: 'channel', channel: card.channel, threadTs: card.ts };
    const sent = await parts.sender.post({ ...sending, target: thread });
    return hasButtons(news) ? replaceOpen(parts, rig, card, sent) : asTelling(sent);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused' || card.because !== undefined) throw error;
    // The channel is gone or closed to us; its owner is told all the same.
    parts.log.info(
      { rig: rig.id, channel: card.channel, why: failure.code },
      'the reply goes to a direct message',
    );
    return asTelling(await parts.sender.post({ ...sending, target: { kind: 'direct', user: rig.owner.id } }));
  }
};
