// What was started is stopped, last first, also when the rest of the start fails.

import type { Log } from './ports/log.ts';

export type Undo = {
  /** Registers the undo of what was just begun. */
  readonly push: (step: () => Promise<unknown> | unknown) => void;
  /** Takes every step back; one that fails is logged and does not hold up the others. May be repeated. */
  readonly all: () => Promise<void>;
};

/** `onFault` hears of each step that failed, beside the log. */
export const createUndo = (log: Log, onFault: (error: unknown) => void = () => undefined): Undo => {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  return {
    push: (step) => {
      steps.push(step);
    },
    all: async () => {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          log.warn({ err: error }, 'while stopping');
          onFault(error);
        }
      }
    },
  };
};
