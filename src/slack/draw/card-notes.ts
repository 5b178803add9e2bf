// Why a card is in a direct message, and how it comes where it was asked for. Pure.

import type { KnownBlock } from '@slack/types';
import type { CardPlace } from '../../ports/outbox.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Rig } from '../../rig/rig.ts';
import { code, escapeText } from '../words/escape.ts';
import { mrkdwn, plainText } from './message.ts';
import { actions, writeRigValue } from './values.ts';

export type NoteView = {
  /** Why it is in a direct message; absent in the channel. */
  readonly because?: CardPlace['because'];
  /** The bot's name, for `/invite @…`. */
  readonly bot: string;
};

export const placeNotes = (rig: Rig, { because, bot }: NoteView): KnownBlock[] => {
  switch (because) {
    case undefined:
      return [];
    case 'quietly':
      return [
        note(
          `Only you see this, since it was asked for ${rig.asked.quietly ? '`quietly`' : 'in a direct message'}.`,
        ),
      ];
    case 'shared-channel':
      return [
        note(
          `The card is here and not in ${place(rig)}, since that is shared with another organisation and the card shows LAN addresses.`,
        ),
      ];
    case 'cannot-post':
      return [
        isDirect(rig)
          ? betweenTwo('I cannot post')
          : inviteNote(rig, `I cannot post in ${place(rig)}, so the card is here. To have it there`, bot),
      ];
    case 'lost-place':
      return [
        isDirect(rig)
          ? betweenTwo('I can no longer post')
          : inviteNote(
              rig,
              `I can no longer post in ${place(rig)}, so the card is here. To have it there again`,
              bot,
            ),
      ];
    case 'deleted':
      return [note('The card is here, once more, since somebody deleted the one before.')];
    case 'cannot-see':
      return [
        note(
          `The card is here and not in ${place(rig)}, since the rig was given to somebody who is not in there.`,
        ),
      ];
    default:
      return assertNever(because);
  }
};

const note = (text: string): KnownBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** Direct messages have no name to show. */
const isDirect = (rig: Rig): boolean => rig.asked.channel.startsWith('D');
const place = (rig: Rig): string =>
  isDirect(rig) ? 'that direct message' : `<#${escapeText(rig.asked.channel)}>`;

/** No *Post there*: it could not work. */
const betweenTwo = (what: string): KnownBlock =>
  note(
    `${what} in that direct message, so the card is here: Slack lets nobody invite me into a message between two people. Where others are to see the card, use a channel.`,
  );

const inviteNote = (rig: Rig, why: string, bot: string): KnownBlock => ({
  type: 'section',
  text: mrkdwn(`${why}, invite me with ${code(`/invite @${bot}`)}, then press *Post there*.`),
  accessory: {
    type: 'button',
    action_id: actions.postThere,
    text: plainText('Post there'),
    value: writeRigValue(rig, rig.asked.command),
  },
});
