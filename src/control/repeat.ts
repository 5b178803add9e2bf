// Loops that survive a bad pass. What a pass does is a function of its own, so that tests feed it and never sleep.

import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';

export type Repeating = {
  readonly stop: () => Promise<void>;
  /** The next pass comes at once, or right after the one under way. */
  readonly wake: () => void;
};

/** Runs `pass` again and again, `every` milliseconds after the last one ended; a fault is logged once until it changes. */
export const repeat = (name: string, every: Duration, pass: () => Promise<void>, log: Log): Repeating => {
  const controller = new AbortController();
  let lastFault: string | undefined;
  let nap = new AbortController();
  const run = async (): Promise<void> => {
    while (!controller.signal.aborted) {
      try {
        await pass();
        lastFault = undefined;
      } catch (error) {
        const fault = String(error);
        if (fault !== lastFault)
          log.warn({ loop: name, err: error }, 'a pass failed; the next one tries again');
        lastFault = fault;
      }
      const { signal } = nap;
      await delay(every, undefined, { signal }).catch(() => undefined);
      nap = new AbortController();
    }
  };
  const ended = run();
  return {
    stop: () => {
      controller.abort();
      nap.abort();
      return ended;
    },
    wake: () => nap.abort(),
  };
};
