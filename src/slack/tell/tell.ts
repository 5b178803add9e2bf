// The teller: news about rigs becomes a card that is edited in place, and replies in its thread.
//
// INVARIANTS
// - What Slack does not take now comes back as `later`; only what it can never take is `impossible`.
// - Where a card may not be (a shared channel) nothing is posted while Slack cannot say what kind of place it is.
// - Each step may be cut off by a kill and done again: messages are looked for by their ids, and the card's place is kept
//   before anything is said under it.

import type { Teller, Telling } from '../../ports/outbox.ts';
import { type Duration, minute, second } from '../../rig/duration.ts';
import { answeredMessage } from '../draw/end-messages.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { tellCard } from './tell-card.ts';
import { closeOpen } from './tell-open.ts';
import type { Piece, TellerParts } from './tell-parts.ts';
import { tellReply } from './tell-reply.ts';

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
  const { news, card, rig } = piece;
  switch (news.kind) {
    case 'card':
      return tellCard(parts, piece, news.progress);
    case 'answered':
      return closeOpen(parts, card, answeredMessage(rig, news.answer));
    case 'log':
      return parts.sendLog(piece, news);
    default:
      return tellReply(parts, piece, news);
  }
};
