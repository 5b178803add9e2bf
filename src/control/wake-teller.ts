// A wake saves the second until the next sweep of the outboxes, which finds what nobody was woken for.

import { QueueDown } from '../ports/faults.ts';
import type { Jobs } from '../ports/queue.ts';
import type { RigId } from '../rig/rig.ts';

/** What was decided is decided: nobody must hear that the queue is down because only this was lost. */
export const wakeTeller = async (jobs: Jobs, rig: RigId): Promise<void> => {
  try {
    await jobs.wakeTeller(rig);
  } catch (error) {
    if (!(error instanceof QueueDown)) throw error;
  }
};
