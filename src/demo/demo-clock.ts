// The try-out's time: the machine's, moved on by what was skipped. Bot, worker and the emulated Slack all live by it.

import { setTimeout as delay } from 'node:timers/promises';
import { type Duration, day, type Instant, minute, second } from '../rig/duration.ts';

export type DemoClock = {
  readonly now: () => Instant;
  /** So far ahead of the machine's time. */
  readonly skew: () => Duration;
  /** Where a skip under way will arrive. */
  readonly movingTo: () => Instant | undefined;
  /** `settled` resolves when what a step brought about has been told: the next one waits for it. */
  readonly skip: (length: Duration, settled: () => Promise<void>) => Promise<Skipped>;
  /** Called after each step; returns how to end that. */
  readonly onStep: (listener: () => void) => () => void;
};

export type Skipped =
  | { readonly kind: 'skipped'; readonly length: Duration; readonly now: Instant }
  /** An earlier skip is still under way. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'too-long'; readonly most: Duration };

/** Longer ones would only jump over what there is to see. */
export const longestSkip: Duration = 7 * day;

const [usualSteps, mostSteps, longestStep] = [12, 60, 5 * minute];

/**
 * The steps of a skip: in one leap a lease would be over before anybody was reminded of it. Usually twelve; more where one
 * would be longer than five minutes, and so miss the last reminder, but never more than sixty.
 */
export const stepsOf = (length: Duration): readonly Duration[] => {
  const wanted = Math.max(usualSteps, Math.ceil(length / longestStep));
  const count = Math.max(1, Math.min(wanted, mostSteps, Math.floor(length / second)));
  return Array.from(
    { length: count },
    (_, index) => Math.round((length * (index + 1)) / count) - Math.round((length * index) / count),
  );
};

export type DemoClockOptions = {
  readonly local?: () => Instant;
  /** Between two steps, so that the bot looks at the leases in each. */
  readonly pause?: Duration;
};

export const createDemoClock = ({ local = Date.now, pause = 150 }: DemoClockOptions = {}): DemoClock => {
  const listeners = new Set<() => void>();
  let ahead: Duration = 0;
  /** Of the skip under way. */
  let left: Duration | undefined;
  const now = (): Instant => local() + ahead;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  const walk = async (length: Duration, settled: () => Promise<void>): Promise<void> => {
    for (const step of stepsOf(length)) {
      ahead += step;
      left = (left ?? step) - step;
      tell();
      await delay(pause);
      await settled();
    }
  };

  return {
    now,
    skew: () => ahead,
    movingTo: () => (left === undefined ? undefined : now() + left),
    skip: async (length, settled) => {
      if (length > longestSkip) return { kind: 'too-long', most: longestSkip };
      if (left !== undefined) return { kind: 'busy' };
      left = length;
      try {
        await walk(length, settled);
      } finally {
        left = undefined;
        tell();
      }
      return { kind: 'skipped', length, now: now() };
    },
    onStep: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
