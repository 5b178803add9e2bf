// Looks at every lease that ends soon, and does what is due. From state, so that no timer has to be trusted: whichever bot
// sweeps first does it, the others find it done.

import type { Clock, Log, Rigs, Watch } from '../ports.ts';
import type { Instant } from '../rig/duration.ts';
import { stopJob } from '../rig/job.ts';
import { decideLease, type LeasePolicy } from '../rig/lease.ts';
import type { Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';

export type SweepPorts = ChangePorts & {
  readonly rigs: Rigs;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly log: Log;
};

/** Throws QueueDown while nothing is known for certain: then nothing expires. */
export const sweepLeases = async (ports: SweepPorts, policy: LeasePolicy): Promise<void> => {
  const now = ports.clock.now();
  const watched = await ports.watch.last();
  const horizon = now + Math.max(0, ...policy.remind) + 1;
  for (const rig of await ports.rigs.endingBefore(horizon)) {
    await doWhatIsDue(ports, policy, rig, now, watched);
  }
  // After the work, so that a sweep that fails half-way leaves the rest as unwatched as it was.
  await ports.watch.note(now);
};

const doWhatIsDue = async (
  ports: SweepPorts,
  policy: LeasePolicy,
  rig: Rig,
  now: Instant,
  watched: Instant | undefined,
): Promise<void> => {
  const step = decideLease(rig, now, watched, policy);
  if (step.kind === 'nothing') return;
  const change = await changeRig(ports, rig.id, { kind: 'due', step, rev: rig.lease.rev, at: now });
  if (change.kind !== 'changed') return;
  ports.log.info({ rig: rig.id, name: rig.name, due: step.kind, end: rig.lease.end }, 'lease');
  // Should Redis go away between the two, resume-jobs sends the job.
  if (step.kind === 'expire') await ports.jobs.send(change.rig.host, stopJob(change.rig));
};
