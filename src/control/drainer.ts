// Keeps the outboxes of all rigs empty: woken for one rig at a time, and sweeping for what a lost wake left behind.

import { QueueDown } from '../ports/faults.ts';
import { type Duration, second } from '../rig/duration.ts';
import type { RigId } from '../rig/rig.ts';
import { type DrainPorts, drainOutbox } from './drain-outbox.ts';

export type Drainer = {
  /** Drains one rig's list, unless Slack asked for patience or we are at it already. */
  readonly wake: (rig: RigId) => Promise<void>;
  /** Drains all that waits. */
  readonly sweep: () => Promise<void>;
};

/** A fault that comes after a message was posted must not post it once a second. */
const afterFault: Duration = 10 * second;

/** `elapsed`: milliseconds by a clock that never jumps. */
export const createDrainer = (
  ports: DrainPorts,
  elapsed: () => Duration = () => performance.now(),
): Drainer => {
  const notBefore = new Map<RigId, Duration>();
  const draining = new Map<RigId, { again: boolean }>();

  const drainOnce = async (rig: RigId): Promise<void> => {
    if (elapsed() < (notBefore.get(rig) ?? 0)) return;
    notBefore.delete(rig);
    try {
      const drained = await drainOutbox(ports, rig);
      if (drained.kind === 'later') notBefore.set(rig, elapsed() + drained.after);
    } catch (error) {
      if (!(error instanceof QueueDown)) notBefore.set(rig, elapsed() + afterFault);
      throw error;
    }
  };

  const wake = async (rig: RigId): Promise<void> => {
    const current = draining.get(rig);
    if (current) {
      // News that came while the list was read for the last time would otherwise wait for the sweep.
      current.again = true;
      return;
    }
    const mine = { again: true };
    draining.set(rig, mine);
    try {
      while (mine.again) {
        mine.again = false;
        await drainOnce(rig);
      }
    } finally {
      draining.delete(rig);
    }
  };

  return {
    wake,
    sweep: async () => {
      const outcomes = await Promise.allSettled((await ports.outbox.waiting()).map(wake));
      const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      if (faults.length > 0)
        throw new AggregateError(faults, `${faults.length} outboxes could not be drained: ${faults[0]}`);
    },
  };
};
