// The message in a rig's thread whose buttons stand: a reminder, that it is kept or unused, a crash. There is one at a time.

import type { Log } from '../../ports/log.ts';
import type { CardPlace, Telling } from '../../ports/outbox.ts';
import type { Rig } from '../../rig/rig.ts';
import { type Message, sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { remindedText } from '../words/lease.ts';
import type { Sender, Sent } from './send.ts';

export type OpenParts = { readonly sender: Sender; readonly log: Log };

/** An earlier one loses its buttons when a later one is there. */
export const replaceOpen = async (
  parts: OpenParts,
  rig: Rig,
  card: CardPlace,
  sent: Sent & { kind: 'sent' | 'astray' },
): Promise<Telling> => {
  if (card.open !== undefined) await editOpenMessage(parts, card.open, sentence(remindedText(rig)));
  return { kind: 'told', card: { ...card, open: { channel: sent.channel, ts: sent.ts } } };
};

/** What was answered keeps its place and loses its buttons. */
export const closeOpen = async (
  parts: OpenParts,
  card: CardPlace | undefined,
  message: Message,
): Promise<Telling> => {
  if (card?.open === undefined) return { kind: 'told' };
  const { open, ...rest } = card;
  const done = await editOpenMessage(parts, open, message);
  return done === 'done' ? { kind: 'told', card: rest } : done;
};

/** One that somebody deleted needs no edit. */
export const editOpenMessage = async (
  parts: OpenParts,
  place: CardPlace['open'],
  message: Message,
): ReturnType<Sender['edit']> => {
  const done = await editIfThere(parts, place, message);
  return done === 'not there' ? 'done' : done;
};

export const editIfThere = async (
  { sender, log }: OpenParts,
  place: CardPlace['open'],
  message: Message,
): Promise<'not there' | Awaited<ReturnType<Sender['edit']>>> => {
  if (place === undefined) return 'not there';
  try {
    return await sender.edit(place, message);
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused') throw error;
    log.info({ place, why: failure.code }, 'an open message could not be edited');
    return 'not there';
  }
};
