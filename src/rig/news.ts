// What is to be told in Slack about a rig. News is written with the state change, in order, and told from the outbox.

import type { Duration, Instant } from './duration.ts';
import type { FailReason, Person, Rig, StopReason } from './rig.ts';

export type News =
  /** The card no longer shows the truth. `progress`: only a figure moved, so this one may be left out. */
  | { readonly kind: 'card'; readonly progress: boolean }
  | { readonly kind: 'ready'; readonly took: Duration }
  | { readonly kind: 'failed'; readonly reason: FailReason; readonly tail: readonly string[] }
  | { readonly kind: 'ended'; readonly reason: StopReason }
  /** Its lease ends soon. `late`: it should have ended while no bot was there, so it has got a grace. */
  | { readonly kind: 'reminder'; readonly end: Instant; readonly left: Duration; readonly late: boolean }
  /** The open reminder has no use any more: its buttons go. */
  | { readonly kind: 'answered'; readonly answer: ReminderAnswer };

export type ReminderAnswer =
  | { readonly kind: 'extended'; readonly by: Person; readonly end: Instant; readonly most: boolean }
  | { readonly kind: 'stopped'; readonly by: Person }
  | { readonly kind: 'expired' }
  | { readonly kind: 'failed' };

/** `id` is `RIG.VERSION.N`: unique, so that a message whose fate is unknown can be looked for. */
export type Told = { readonly id: string; readonly news: News };

export const card: News = { kind: 'card', progress: false };
export const cardProgress: News = { kind: 'card', progress: true };

/** Numbers the news of one state change. */
export const numberNews = (rig: Pick<Rig, 'id'>, version: number, news: readonly News[]): Told[] =>
  news.map((one, index) => ({ id: `${rig.id}.${version}.${index}`, news: one }));
