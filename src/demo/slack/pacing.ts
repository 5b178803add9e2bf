// How fast Slack lets an app be: one message a second and channel, so many updates a minute in the whole workspace.

import type { Limits } from './surface.ts';

export type Pacing = {
  /** `undefined` if it may pass, else the whole seconds after which it may. Only what passes counts. */
  readonly post: (channel: string) => number | undefined;
  readonly update: () => number | undefined;
};

const MINUTE = 60_000;

export const createPacing = (limits: Limits, clock: () => number): Pacing => {
  const lastPost = new Map<string, number>();
  let updates: readonly number[] = [];
  return {
    post: (channel) => {
      const now = clock();
      const wait = (lastPost.get(channel) ?? Number.NEGATIVE_INFINITY) + limits.postEveryMs - now;
      if (wait > limits.postToleranceMs) return Math.max(1, Math.ceil(wait / 1000));
      lastPost.set(channel, now);
      return undefined;
    },
    update: () => {
      const now = clock();
      updates = updates.filter((at) => at > now - MINUTE);
      const oldest = updates[0];
      if (updates.length >= limits.updatesPerMinute && oldest !== undefined)
        return Math.max(1, Math.ceil((oldest + MINUTE - now) / 1000));
      updates = [...updates, now];
      return undefined;
    },
  };
};
