// Keeps to Slack's speed: a message a second in a conversation, some 50 edits a minute in a whole workspace.
// A place in the queue is a moment in time: nothing is held in memory but when the next message may go.

import { type Duration, type Instant, minute, second } from '../../rig/duration.ts';

export type PacingOptions = {
  /** Between two messages in one conversation; Slack's limit is a second, and clocks and networks jitter. */
  readonly postEvery: Duration;
  /** Edits in any minute, all cards together. */
  readonly updatesPerMinute: number;
  /** Between two edits of one card that only move a figure. */
  readonly progressEvery: Duration;
  /** Longer than this is not waited for: the news goes back into the outbox, whose lease must not run out meanwhile. */
  readonly longestWait: Duration;
};

export const usualPacing: PacingOptions = {
  postEvery: 1.2 * second,
  updatesPerMinute: 45,
  progressEvery: 10 * second,
  longestWait: 5 * second,
};

export type Slot =
  /** Wait this long, then send. */
  | { readonly kind: 'in'; readonly wait: Duration }
  /** Too many are before it: ask again after this. */
  | { readonly kind: 'full'; readonly after: Duration };

export type Pacing = {
  readonly post: (conversation: string) => Slot;
  readonly update: () => Slot;
  /** True: this card's figure may move now. It never waits, and leaves room for edits that matter. */
  readonly progress: (card: string) => boolean;
};

/** `now` is this process's clock: only differences count. */
export const createPacing = (options: PacingOptions, now: () => Instant): Pacing => {
  const nextPost = new Map<string, Instant>();
  const lastProgress = new Map<string, Instant>();
  /** When each edit of the last minute goes or went, oldest first. */
  const updates: Instant[] = [];

  const forgetOld = (at: Instant): void => {
    for (const [key, next] of nextPost) if (next <= at) nextPost.delete(key);
    for (const [key, last] of lastProgress) if (last + options.progressEvery <= at) lastProgress.delete(key);
    while (updates[0] !== undefined && updates[0] + minute <= at) updates.shift();
  };

  return {
    post: (conversation) => {
      const at = now();
      forgetOld(at);
      const go = Math.max(at, nextPost.get(conversation) ?? at);
      if (go - at > options.longestWait) return { kind: 'full', after: go - at };
      nextPost.set(conversation, go + options.postEvery);
      return { kind: 'in', wait: go - at };
    },
    update: () => {
      const at = now();
      forgetOld(at);
      const before = updates[updates.length - options.updatesPerMinute];
      const go = before === undefined ? at : Math.max(at, before + minute);
      if (go - at > options.longestWait) return { kind: 'full', after: go - at };
      updates.push(go);
      return { kind: 'in', wait: go - at };
    },
    progress: (card) => {
      const at = now();
      forgetOld(at);
      if (lastProgress.has(card) || updates.length >= options.updatesPerMinute / 2) return false;
      lastProgress.set(card, at);
      updates.push(at);
      return true;
    },
  };
};
