// What is to be told in Slack about a rig. News is written with the state change, in order, and told from the outbox.

import type { Duration, Instant } from './duration.ts';
import type { RigName } from './name.ts';
import type { Crash, FailReason, HostName, Person, Rig, StopReason } from './rig.ts';
import type { Use } from './use.ts';

export type News =
  /** The card no longer shows the truth. `progress`: only a figure moved, so this one may be left out. */
  | { readonly kind: 'card'; readonly progress: boolean }
  /** `again`: after a restart, by whom. */
  | { readonly kind: 'ready'; readonly took: Duration; readonly again?: Person | undefined }
  | { readonly kind: 'failed'; readonly reason: FailReason; readonly tail: readonly string[] }
  /** It was up and is no more; it can be restarted until then. */
  | { readonly kind: 'crashed'; readonly crash: Crash; readonly until: Instant }
  | { readonly kind: 'ended'; readonly reason: StopReason }
  /** Its lease ends soon. `late`: no bot was there when it was due, so that it has got a grace. */
  | { readonly kind: 'reminder'; readonly end: Instant; readonly left: Duration; readonly late: boolean }
  /** It was in use at its end (or nobody knows), and stays until then; `cap`: never longer than this. */
  | { readonly kind: 'kept'; readonly use: Use; readonly end: Instant; readonly cap: Instant | undefined }
  /** Nobody has used it for so long; it stops then. */
  | { readonly kind: 'idle'; readonly unused: Duration; readonly stop: Instant }
  /** The open message with buttons (a reminder, a crash) has no use any more: its buttons go. */
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'shared'; readonly by: Person; readonly with: readonly Person[] }
  | { readonly kind: 'given'; readonly by: Person; readonly from: Person }
  /**
   * The registry was lost, or restored from an older copy, and has it again from its host. `later`: it ends later than was
   * agreed; `was`: its name, where somebody else has that by now.
   */
  | {
      readonly kind: 'adopted';
      readonly end: Instant | undefined;
      readonly later: boolean;
      readonly was: RigName | undefined;
    }
  /** Docker was restarted on its host, and it is up again. */
  | { readonly kind: 'resumed' }
  /** Its last log lines, for whoever asked; none: its host came to the question too late. */
  | {
      readonly kind: 'log';
      readonly to: Person;
      readonly lines: readonly string[] | undefined;
      readonly host: HostName;
    };

/** What became of the open message. */
export type Answer =
  | { readonly kind: 'extended'; readonly by: Person; readonly end: Instant; readonly most: boolean }
  | { readonly kind: 'endless' | 'wanted'; readonly by: Person }
  | { readonly kind: 'stopped'; readonly by: Person }
  | { readonly kind: 'expired' | 'idle' | 'failed' | 'used' }
  /** After a crash, which the message still tells. */
  | { readonly kind: 'restarted'; readonly by: Person; readonly crash: Crash | undefined }
  | { readonly kind: 'given-up'; readonly crash: Crash };

/** `id` is `RIG.VERSION.N`: unique, so that a message whose fate is unknown can be looked for. */
export type Told = { readonly id: string; readonly news: News };

export const card: News = { kind: 'card', progress: false };
export const cardProgress: News = { kind: 'card', progress: true };

/** Numbers the news of one state change. */
export const numberNews = (rig: Pick<Rig, 'id'>, version: number, news: readonly News[]): Told[] =>
  news.map((one, index) => ({ id: `${rig.id}.${version}.${index}`, news: one }));
