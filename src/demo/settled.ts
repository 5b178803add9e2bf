// When the emulated Slack has fallen silent: what was about to be told has been told.

import { type Duration, second } from '../rig/duration.ts';
import type { SlackEmulator } from './slack/surface.ts';

/** Longer than the pace at which the bot posts in one channel, so that a second message is waited for, too. */
const silence: Duration = 1.3 * second;
const patience: Duration = 8 * second;

/**
 * Gives a function that resolves at once if nothing went over the wire since it was called last; else after a silence, or
 * when patience ends.
 */
export const createSettled = (slack: Pick<SlackEmulator, 'onChange'>): (() => Promise<void>) => {
  let lastChange: number | undefined;
  slack.onChange(() => {
    lastChange = performance.now();
  });
  return async () => {
    const until = performance.now() + patience;
    while (lastChange !== undefined && performance.now() < until) {
      const left = lastChange + silence - performance.now();
      if (left <= 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, until - performance.now())));
    }
    lastChange = undefined;
  };
};
