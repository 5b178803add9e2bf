// The card in Slack: posted once, then edited in place, and posted anew in a direct message where its place is lost.
//
// INVARIANTS
// - It is posted anew once for each loss: one that was deleted twice stays deleted, and progress alone posts none.
// - A new place is kept before anything is said there, so that a kill in between does not post a third card.

import type { CardPlace, Telling } from '../../ports/outbox.ts';
import { drawCard } from '../draw/card.ts';
import type { Message } from '../draw/message.ts';
import { readLoss, readSlackFailure } from '../slack-errors.ts';
import type { Target } from './send.ts';
import { nobodyThere, type Piece, type TellerParts, told } from './tell-parts.ts';

export type Posted =
  | { readonly kind: 'posted'; readonly card: CardPlace }
  | Exclude<Telling, { readonly kind: 'told' }>;

/** In a direct message, ours with one person, there is nothing to lose and nobody else to read it. */
export const isDirect = ({ channel }: Pick<CardPlace, 'channel'>): boolean => channel.startsWith('D');

export const tellCard = async (parts: TellerParts, piece: Piece, progress: boolean): Promise<Telling> => {
  if (piece.card !== undefined) {
    return progress ? moveFigure(parts, piece, piece.card) : editCard(parts, piece, piece.card);
  }
  return progress ? told : asTelling(await postCard(parts, piece, piece.id));
};

const asTelling = (posted: Posted): Telling =>
  posted.kind === 'posted' ? { kind: 'told', card: posted.card } : posted;

// ── edited ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Only a running rig has a menu in which its owner's evening matters. */
const draw = async (
  { view, eveningOf }: TellerParts,
  { rig }: Piece,
  because: CardPlace['because'],
): Promise<Message> => {
  const evening = rig.state.kind === 'running' ? await eveningOf(rig.owner.id) : undefined;
  return drawCard(rig, { ...view(), because, evening });
};

const editCard = async (parts: TellerParts, piece: Piece, card: CardPlace): Promise<Telling> => {
  try {
    const done = await parts.sender.edit(card, await draw(parts, piece, card.because));
    return done === 'done' ? told : done;
  } catch (error) {
    const loss = readLoss(error);
    if (loss === undefined || !canMove(card, loss)) throw error;
    return asTelling(await moveCard(parts, piece, card, loss));
  }
};

/** A figure that cannot move now is out of date by the time it can. */
const moveFigure = async (parts: TellerParts, piece: Piece, card: CardPlace): Promise<Telling> => {
  const { rig } = piece;
  if (!parts.pacing.progress(rig.id)) return told;
  try {
    await parts.sender.editNow(card, await draw(parts, piece, card.because));
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure === undefined) throw error;
    parts.log.info({ rig: rig.id, failure }, 'a figure on the card did not move');
  }
  return told;
};

// ── posted anew ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type Loss = 'lost-place' | 'deleted';

export const canMove = (card: CardPlace, loss: Loss): boolean =>
  loss === 'deleted' ? card.because !== 'deleted' : !isDirect(card);

/** Into a direct message with the owner. */
export const moveCard = async (
  parts: TellerParts,
  piece: Piece,
  from: CardPlace,
  because: Loss,
): Promise<Posted> => {
  const { rig } = piece;
  parts.log.info({ rig: rig.id, channel: from.channel, because }, 'the card goes to a direct message');
  const posted = await postDirect(parts, piece, `${piece.id}.${because}`, because);
  if (posted.kind !== 'posted') return posted;
  const { channel, ts } = from;
  // Replies outlive the card above them; in a lost place nothing can be edited.
  const kept = because === 'deleted' ? { open: from.open, left: from.left } : { left: { channel, ts } };
  const card = { ...posted.card, ...kept };
  await parts.cards.put(rig.id, card);
  return { kind: 'posted', card };
};

// ── posted ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const postCard = async (parts: TellerParts, piece: Piece, id: string): Promise<Posted> => {
  const { rig } = piece;
  const destination = await parts.destinations.of(rig);
  if (destination.kind === 'direct') return postDirect(parts, piece, id, destination.because);
  try {
    return await postTo(parts, piece, id, undefined);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused') throw error;
    const facts = { rig: rig.id, channel: rig.asked.channel, why: failure.code };
    parts.log.info(facts, 'the card goes to a direct message');
    return postDirect(parts, piece, id, 'cannot-post');
  }
};

export const postDirect = (
  parts: TellerParts,
  piece: Piece,
  id: string,
  because: NonNullable<CardPlace['because']>,
): Promise<Posted> => postTo(parts, piece, id, because);

const postTo = async (
  parts: TellerParts,
  piece: Piece,
  id: string,
  because: CardPlace['because'],
): Promise<Posted> => {
  const { sender } = parts;
  const { rig, uncertain } = piece;
  const target: Target =
    because === undefined
      ? { kind: 'channel', channel: rig.asked.channel }
      : { kind: 'direct', user: rig.owner.id };
  const message = await draw(parts, piece, because);
  const common = { owner: rig.owner.id, rig: rig.id, since: rig.created };
  const sent = await sender.post({ ...common, target, message, id, uncertain });
  if (sent.kind === 'later') return sent;
  if (sent.kind === 'gone') return nobodyThere(rig.owner);
  const { channel, ts } = sent;
  // What arrived earlier shows the state of then, and nothing else in the outbox may speak of the state of now.
  if (sent.kind === 'sent' && sent.before) {
    const done = await sender.edit(sent, message);
    if (done !== 'done') return done;
  }
  return { kind: 'posted', card: { channel, ts, ...(because === undefined ? {} : { because }) } };
};
