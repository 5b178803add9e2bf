// Does something again for a person when it is wanted: soon, at most once in a while, and one time after the other.

import type { Duration, Instant } from '../../rig/duration.ts';
import type { UserId } from '../../rig/rig.ts';

export type Refresher = {
  /** Wanted several times before it is done, it is done once. */
  readonly want: (user: UserId) => void;
  /** Somebody does it now: what was wanted is part of that. Resolves when what is under way has ended. */
  readonly instead: (user: UserId) => Promise<void>;
  /** Nothing is begun any more. */
  readonly stop: () => void;
};

const mostNoted = 10_000;

/** `again` never rejects. */
export const createRefresher = (
  every: Duration,
  now: () => Instant,
  again: (user: UserId) => Promise<void>,
): Refresher => {
  const waiting = new Map<UserId, NodeJS.Timeout>();
  const under = new Map<UserId, Promise<void>>();
  const begun = new Map<UserId, Instant>();
  const ending: { ended: boolean } = { ended: false };

  const note = (user: UserId): void => {
    if (begun.size >= mostNoted) begun.clear();
    begun.set(user, now());
  };

  const run = (user: UserId): void => {
    waiting.delete(user);
    note(user);
    const mine = (under.get(user) ?? Promise.resolve())
      .then(() => again(user))
      .finally(() => under.get(user) === mine && under.delete(user));
    under.set(user, mine);
  };

  return {
    want: (user) => {
      if (ending.ended || waiting.has(user)) return;
      const wait = Math.max(0, (begun.get(user) ?? 0) + every - now());
      waiting.set(
        user,
        setTimeout(() => run(user), wait),
      );
    },
    instead: async (user) => {
      clearTimeout(waiting.get(user));
      waiting.delete(user);
      note(user);
      await under.get(user);
    },
    stop: () => {
      ending.ended = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
};
