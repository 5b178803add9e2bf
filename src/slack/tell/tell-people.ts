// A rig whose card is in a direct message, and people who cannot see into it: a new owner, and those it is shared with.

import type { CardPlace, Telling } from '../../ports/outbox.ts';
import type { News } from '../../rig/news.ts';
import type { Person } from '../../rig/rig.ts';
import { sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { passedOn, sharedReply } from '../words/people.ts';
import { type Posted, postDirect } from './tell-card.ts';
import { editOpenMessage } from './tell-open.ts';
import { nobodyThere, type Piece, type TellerParts, told } from './tell-parts.ts';

/**
 * There is a card in the new owner's direct messages, and the old one says no more than that. The old place is forgotten
 * last: after a kill in between all of it is done again, and found done.
 */
export const moveToNewOwner = async (parts: TellerParts, piece: Piece, card: CardPlace): Promise<Posted> => {
  const { rig } = piece;
  const direct = await parts.sender.openDirect(rig.owner.id);
  if (direct.kind === 'gone') return nobodyThere(rig.owner);
  if (direct.channel === card.channel) return { kind: 'posted', card };
  // A rig that was asked for in a direct message with us has no other place.
  const posted = await postDirect(parts, piece, `${piece.id}.card`, card.because ?? 'quietly');
  if (posted.kind !== 'posted') return posted;
  for (const place of [card, ...(card.open === undefined ? [] : [card.open])]) {
    const done = await editOpenMessage(parts, place, sentence(passedOn(rig)));
    if (done !== 'done') return done;
  }
  const moved = { ...posted.card, left: card.left };
  await parts.cards.put(rig.id, moved);
  return { kind: 'posted', card: moved };
};

/** Each in a direct message of their own; those who cannot be told keep nobody else from it. */
export const tellSharers = async (
  { sender, log }: TellerParts,
  { rig, id, uncertain }: Piece,
  news: News & { kind: 'shared' },
): Promise<Telling> => {
  const gone: Person[] = [];
  const refused: string[] = [];
  for (const person of news.with) {
    try {
      const sent = await sender.post({
        target: { kind: 'direct', user: person.id },
        owner: person.id,
        message: sentence(sharedReply(rig, { ...news, with: [person] })),
        id: `${id}.${person.id}`,
        rig: rig.id,
        uncertain,
        since: rig.created,
      });
      if (sent.kind === 'later') return sent;
      if (sent.kind === 'gone') gone.push(person);
    } catch (error) {
      const failure = readSlackFailure(error);
      if (failure?.kind !== 'refused') throw error;
      log.info({ rig: rig.id, user: person.id, why: failure.code }, 'somebody cannot be told of a share');
      refused.push(`${person.id}: ${failure.code}`);
    }
  }
  if (gone.length > 0) return nobodyThere(...gone);
  return refused.length > 0 ? { kind: 'impossible', why: `Slack says ${refused.join(', ')}` } : told;
};
