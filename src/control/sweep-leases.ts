// Looks at every lease that ends soon, and does what is due. From state, so that no timer has to be trusted: whichever bot
// sweeps first does it, the others find it done.

import { QueueDown } from '../ports/faults.ts';
import type { Log } from '../ports/log.ts';
import type { Uses, Watch } from '../ports/registry.ts';
import type { Epochs } from '../ports/surveys.ts';
import type { Instant } from '../rig/duration.ts';
import { stopJob } from '../rig/job.ts';
import { decideLease, isExpired, type LeasePolicy } from '../rig/lease.ts';
import { hasOpenLease, type Rig } from '../rig/rig.ts';
import type { SeenUse } from '../rig/use.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { doEach } from './do-each.ts';
import { eachBatch } from './each-batch.ts';

export type SweepPorts = ChangePorts & {
  readonly watch: Watch;
  readonly uses: Uses;
  readonly epochs: Pick<Epochs, 'adopting'>;
  readonly log: Log;
};

/** Throws QueueDown while nothing is known for certain: then nothing expires. A rig that fails does so alone. */
export const sweepLeases = async (ports: SweepPorts, policy: LeasePolicy): Promise<void> => {
  const now = ports.clock.now();
  const watched = await ports.watch.last();
  const ending = await settledOnes(ports, await endingSoon(ports, policy, now));
  try {
    await doEach(ending, async (rig) => {
      const use = needsUse(rig, policy, now) ? await ports.uses.of(rig.id) : undefined;
      await doWhatIsDue(ports, policy, rig, use, now, watched);
    });
  } catch (fault) {
    // The others have been looked at, and must not seem to have been slept over.
    if (!(fault instanceof QueueDown)) await ports.watch.note(now);
    throw fault;
  }
  // After the work, so that a sweep that Redis ends half-way leaves the rest as unwatched as it was.
  await ports.watch.note(now);
};

/** Where a registry that was restored has not asked the hosts yet, leases may be longer than it knows: they wait. */
const settledOnes = async ({ epochs }: SweepPorts, rigs: readonly Rig[]): Promise<readonly Rig[]> => {
  const adopting = rigs.length === 0 ? new Map() : await epochs.adopting();
  return adopting.size === 0 ? rigs : rigs.filter(({ network }) => !adopting.has(network.lan));
};

/** Most only wait for their first reminder, which asks for no use. */
const needsUse = (rig: Rig, policy: LeasePolicy, now: Instant): boolean =>
  isExpired(rig.lease, now) || rig.lease.reminded !== undefined || isWatched(rig, policy);

/**
 * A rig that is kept since it is in use ends again and again in a quarter of an hour, and is reminded of its cap long before
 * that ends: it is always among those that end soon, as reminders come earlier than it is kept for.
 */
const endingSoon = ({ rigs }: SweepPorts, { remind, keepBy }: LeasePolicy, now: Instant) =>
  rigs.endingBefore(now + Math.max(keepBy, ...remind) + 1);

/** Looks at every rig for one that nobody uses; nothing is stopped for that unless the operator wants it. */
export const sweepIdle = async (ports: SweepPorts, policy: LeasePolicy): Promise<void> => {
  const now = ports.clock.now();
  const watched = await ports.watch.last();
  await doEach(watchedRigs(ports, policy), ({ rig, use }) =>
    doWhatIsDue(ports, policy, rig, use, now, watched),
  );
};

/** A page of them at a time, with what was seen of their use. */
const watchedRigs = async function* (
  ports: SweepPorts,
  policy: LeasePolicy,
): AsyncGenerator<{ readonly rig: Rig; readonly use: SeenUse | undefined }> {
  const { rigs, uses } = ports;
  // Where rigs are not stopped for that, those are left that were going to be when they were.
  const pages = policy.idle === undefined ? [await rigs.idling()] : eachBatch(rigs);
  for await (const page of pages) {
    const watched = page.filter((rig) => isWatched(rig, policy));
    const open = await settledOnes(ports, watched);
    const seen = await uses.ofRigs(open.map(({ id }) => id));
    for (const rig of open) yield { rig, use: seen.get(rig.id) };
  }
};

/** Whether anybody uses it decides about more than its end. */
const isWatched = (rig: Rig, { idle }: LeasePolicy): boolean =>
  // One that crashed is held for a restart, and nobody can use it meanwhile.
  hasOpenLease(rig) && (idle !== undefined || rig.lease.idleStop !== undefined);

const doWhatIsDue = async (
  ports: SweepPorts,
  policy: LeasePolicy,
  rig: Rig,
  use: SeenUse | undefined,
  now: Instant,
  watched: Instant | undefined,
): Promise<void> => {
  const seen = use?.generation === rig.generation ? use : undefined;
  const { lease, created, state, restarted } = rig;
  const runningSince = state.kind === 'running' ? state.since : undefined;
  const facts = { lease, created, runningSince, restartedAt: restarted?.at, seen };
  const step = decideLease(facts, now, watched, policy);
  if (step.kind === 'nothing') return;
  const change = await changeRig(ports, rig.id, { kind: 'due', step, rev: rig.lease.rev, at: now });
  if (change.kind !== 'changed') return;
  ports.log.info({ rig: rig.id, name: rig.name, due: step.kind, end: rig.lease.end }, 'lease');
  // Should Redis go away between the two, resume-jobs sends the job.
  if (step.kind === 'expire') await ports.jobs.send(change.rig.host, stopJob(change.rig));
};
