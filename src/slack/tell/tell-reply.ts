// What is said under a rig's card: in its thread, where that is lost under a card in a direct message, and to those who cannot
// see the card in messages of their own.

import type { CardPlace, Telling } from '../../ports/outbox.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { News } from '../../rig/news.ts';
import { isOutOfDate } from '../../rig/out-of-date.ts';
import type { Rig } from '../../rig/rig.ts';
import {
  crashedMessage,
  endedMessage,
  failedMessage,
  idleMessage,
  keptMessage,
  reminderMessage,
} from '../draw/end-messages.ts';
import { type Message, sentence } from '../draw/message.ts';
import { readLoss, readSlackFailure } from '../slack-errors.ts';
import { adoptedReply, resumedReply } from '../words/fleet.ts';
import { givenReply, sharedReply } from '../words/people.ts';
import { readyReply } from '../words/rig.ts';
import type { Sending, Sent, Target } from './send.ts';
import { canMove, type Loss, moveCard, postCard } from './tell-card.ts';
import { editIfThere, replaceOpen } from './tell-open.ts';
import { nobodyThere, type Piece, type Reply, type TellerParts, told } from './tell-parts.ts';
import { moveToNewOwner, tellSharers, whoSees } from './tell-people.ts';

export const tellReply = async (parts: TellerParts, piece: Piece, news: Reply): Promise<Telling> => {
  // One that may have arrived is looked for all the same: its buttons would stay for ever.
  if (!piece.uncertain && isOutOfDate(piece.rig, news, parts.clock.now())) return told;
  if (piece.card !== undefined) return tellAt(parts, piece, piece.card, news);
  // The card could not be told. What happened is told all the same, under a card that is posted now.
  const posted = await postCard(parts, piece, `${piece.id}.card`);
  if (posted.kind !== 'posted') return posted;
  await parts.cards.put(piece.rig.id, posted.card);
  return withCard(posted.card, await tellAt(parts, piece, posted.card, news));
};

/** Where the card is now, unless the telling says it better. */
const withCard = (card: CardPlace, telling: Telling): Telling =>
  telling.kind === 'told' ? { kind: 'told', card: telling.card ?? card } : telling;

const tellAt = async (parts: TellerParts, piece: Piece, card: CardPlace, news: Reply): Promise<Telling> => {
  if (news.kind === 'kept') return tellKept(parts, piece, card, news);
  if (news.kind === 'shared') return tellShared(parts, piece, card, news);
  if (news.kind === 'given') return tellGiven(parts, piece, card, news);
  return tellUnder(parts, piece, card, news);
};

/** Those who see the card are called under it, everybody else in a direct message. */
const tellShared = async (
  parts: TellerParts,
  piece: Piece,
  card: CardPlace,
  news: News & { kind: 'shared' },
): Promise<Telling> => {
  const seeing = await whoSees(parts, card, news.with);
  const here = news.with.filter(({ id }) => seeing.has(id));
  const elsewhere = news.with.filter(({ id }) => !seeing.has(id));
  if (here.length === 0) return tellSharers(parts, piece, news);
  const under = await tellUnder(parts, piece, card, { ...news, with: here });
  if (elsewhere.length === 0 || under.kind === 'later') return under;
  const direct = await tellSharers(parts, piece, { ...news, with: elsewhere });
  return direct.kind === 'told' ? under : direct;
};

/** A new owner who does not see the card gets one; what happens from then on is told under that. */
const tellGiven = async (
  parts: TellerParts,
  piece: Piece,
  card: CardPlace,
  news: News & { kind: 'given' },
): Promise<Telling> => {
  const { owner } = piece.rig;
  if ((await whoSees(parts, card, [owner])).has(owner.id)) return tellUnder(parts, piece, card, news);
  const moved = await moveToNewOwner(parts, piece, card);
  return moved.kind === 'posted'
    ? withCard(moved.card, await tellUnder(parts, piece, moved.card, news))
    : moved;
};

/** A rig that is kept says so where it was said that it ends: one message, edited each time. */
const tellKept = async (
  parts: TellerParts,
  piece: Piece,
  card: CardPlace,
  news: News & { kind: 'kept' },
): Promise<Telling> => {
  const done = await editIfThere(parts, card.open, await draw(parts, piece.rig, news));
  if (done === 'not there') return tellUnder(parts, piece, card, news);
  return done === 'done' ? told : done;
};

// ── in the thread ───────────────────────────────────────────────────────────────────────────────────────────────────

const tellUnder = async (
  parts: TellerParts,
  piece: Piece,
  card: CardPlace,
  news: Reply,
): Promise<Telling> => {
  const { rig, id, uncertain } = piece;
  const message = await draw(parts, rig, news);
  const common = { owner: rig.owner.id, rig: rig.id, since: rig.created };
  const sending: Omit<Sending, 'target'> = { ...common, message, id, uncertain };
  const thread: Target = { kind: 'channel', channel: card.channel, threadTs: card.ts };
  const outcome = await tryToPost(parts, { ...sending, target: thread });
  switch (outcome.kind) {
    case 'lost':
      if (canMove(card, outcome.loss)) return tellElsewhere(parts, piece, card, news, outcome.loss);
      return settle(parts, rig, card, news, await postAlone(parts, sending));
    case 'refused':
      return settle(parts, rig, card, news, await postAlone(parts, sending));
    case 'astray':
      // In the owner's direct message, and under no card that could be posted once more: there it may stay.
      if (!canMove(card, 'deleted')) return settle(parts, rig, card, news, outcome);
      await parts.sender.remove(outcome);
      return tellElsewhere(parts, piece, card, news, 'deleted');
    case 'sent':
    case 'gone':
    case 'later':
      return settle(parts, rig, card, news, outcome);
    default:
      return assertNever(outcome);
  }
};

type Outcome = Sent | { readonly kind: 'lost'; readonly loss: Loss } | { readonly kind: 'refused' };

const tryToPost = async ({ sender, log }: TellerParts, sending: Sending): Promise<Outcome> => {
  try {
    return await sender.post(sending);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused') throw error;
    log.info({ rig: sending.rig, why: failure.code }, 'the reply goes to a direct message');
    const loss = readLoss(error);
    return loss === undefined ? { kind: 'refused' } : { kind: 'lost', loss };
  }
};

/** Its owner is told all the same. */
const postAlone = ({ sender }: TellerParts, sending: Omit<Sending, 'target'>): Promise<Sent> =>
  sender.post({ ...sending, target: { kind: 'direct', user: sending.owner } });

const tellElsewhere = async (
  parts: TellerParts,
  piece: Piece,
  card: CardPlace,
  news: Reply,
  loss: Loss,
): Promise<Telling> => {
  const moved = await moveCard(parts, piece, card, loss);
  if (moved.kind !== 'posted') return moved;
  // No loop: a card moves at most once for each kind of loss.
  return withCard(moved.card, await tellAt(parts, piece, moved.card, news));
};

const settle = async (
  parts: TellerParts,
  rig: Rig,
  card: CardPlace,
  news: Reply,
  sent: Sent,
): Promise<Telling> => {
  switch (sent.kind) {
    case 'later':
      return sent;
    case 'gone':
      return nobodyThere(rig.owner);
    case 'sent':
    case 'astray':
      return hasButtons(news) ? replaceOpen(parts, rig, card, sent) : told;
    default:
      return assertNever(sent);
  }
};

/** With this the message that was open before is out of date. */
const hasButtons = ({ kind }: Reply): boolean =>
  kind === 'reminder' || kind === 'kept' || kind === 'idle' || kind === 'crashed';

// ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────────

const draw = async ({ note, eveningOf, clock }: TellerParts, rig: Rig, news: Reply): Promise<Message> => {
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
      return reminderMessage(
        rig,
        { ...news, left: Math.max(0, Math.min(news.left, news.end - clock.now())) },
        await eveningOf(rig.owner.id),
      );
    case 'kept':
      return keptMessage(rig, news, await eveningOf(rig.owner.id));
    case 'idle':
      return idleMessage(rig, news);
    case 'shared':
      return sentence(sharedReply(rig, news));
    case 'given':
      return sentence(givenReply(rig, news));
    case 'adopted':
      return sentence(adoptedReply(rig, news));
    case 'resumed':
      return sentence(resumedReply(rig));
    default:
      return assertNever(news);
  }
};
