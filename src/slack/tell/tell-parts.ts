// What the teller's parts share: what they work with, and what they are given to tell.

import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Cards, Teller, Telling } from '../../ports/outbox.ts';
import type { News } from '../../rig/news.ts';
import type { Person, Rig } from '../../rig/rig.ts';
import type { CardView } from '../draw/card.ts';
import type { EveningOf } from '../evening.ts';
import { nameOf } from '../words/escape.ts';
import type { Destinations } from './destination.ts';
import type { Pacing } from './pacing.ts';
import type { Sender } from './send.ts';

export type SendLog = (
  piece: { readonly rig: Rig; readonly id: string; readonly uncertain: boolean },
  news: News & { kind: 'log' },
) => Promise<Telling>;

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
  readonly eveningOf: EveningOf;
  readonly sendLog: SendLog;
  readonly clock: Clock;
  readonly log: Log;
};

export type Piece = Parameters<Teller['tell']>[0];

/** What is said in a message of its own, under the card. */
export type Reply = Exclude<News, { kind: 'card' | 'answered' | 'log' }>;

export const told: Telling = { kind: 'told' };

/** Their accounts are closed: Slack would take the message, and nobody read it. */
export const nobodyThere = (...people: readonly Person[]): Telling & { kind: 'impossible' } => ({
  kind: 'impossible',
  why: `the account of ${people.map(nameOf).join(', ')} is closed`,
  gone: people,
});
