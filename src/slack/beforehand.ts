// What Slack is asked before anything is done: where it does not answer, nothing was done, and that can be said.

import { readSlackFailure } from './slack-errors.ts';

/** Slack is slow, silent or says "later"; nothing was done yet. */
export class SlackSilent extends Error {
  override readonly name = 'SlackSilent';
}

/** What Slack refuses for good is thrown as it is. */
export const beforehand = async <T>(asking: Promise<T>): Promise<T> => {
  try {
    return await asking;
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'later') throw error;
    throw new SlackSilent(failure.why, { cause: error });
  }
};
