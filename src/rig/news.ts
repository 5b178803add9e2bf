// What is to be told in Slack about a rig. News is written with the state change, in order, and told from the outbox.

import type { Duration } from './duration.ts';
import type { FailReason, Rig, StopReason } from './rig.ts';

export type News =
  /** The card no longer shows the truth. `progress`: only a figure moved, so this one may be left out. */
  | { readonly kind: 'card'; readonly progress: boolean }
  | { readonly kind: 'ready'; readonly took: Duration }
  | { readonly kind: 'failed'; readonly reason: FailReason; readonly tail: readonly string[] }
  | { readonly kind: 'ended'; readonly reason: StopReason };

/** `id` is `RIG.VERSION.N`: unique, so that a message whose fate is unknown can be looked for. */
export type Told = { readonly id: string; readonly news: News };

export const card: News = { kind: 'card', progress: false };
export const cardProgress: News = { kind: 'card', progress: true };

/** Numbers the news of one state change. */
export const numberNews = (rig: Pick<Rig, 'id'>, version: number, news: readonly News[]): Told[] =>
  news.map((one, index) => ({ id: `${rig.id}.${version}.${index}`, news: one }));
