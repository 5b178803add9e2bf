// Takes each new survey, plans what is to be done about it, and does it. From state alone: a pass that was cut off, or that two
// bots make side by side, ends the same.

import { QueueDown } from '../ports/faults.ts';
import type { KeptRig } from '../ports/surveys.ts';
import type { Instant } from '../rig/duration.ts';
import { type Host, isSameHost } from '../rig/host.ts';
import { type KnownRig, planReconcile, type ReconcileStep, sightingOf, tooMany } from '../rig/reconcile.ts';
import type { HostName, LanId, RigId } from '../rig/rig.ts';
import type { Survey } from '../rig/survey.ts';
import { doEach } from './do-each.ts';
import { noteMoved } from './note-moved.ts';
import type { ReconcilePolicy, ReconcilePorts } from './reconcile-parts.ts';
import { doStep } from './reconcile-step.ts';
import { daily } from './tell-notices.ts';

export type Reconciler = {
  /** All surveys since the last pass, and the end of adoptions that are through. */
  readonly pass: () => Promise<void>;
};

export const createReconciler = (ports: ReconcilePorts, policy: ReconcilePolicy): Reconciler => {
  let cursor = 0;
  return {
    pass: async () => {
      const hosts = await ports.hosts.current();
      const faults: unknown[] = [];
      // One host that cannot be dealt with keeps neither the others nor the end of an adoption from theirs.
      const each: typeof doEach = (all, act) =>
        doEach(all, act).catch((fault: unknown) => {
          if (fault instanceof QueueDown) throw fault;
          faults.push(fault);
        });
      for (;;) {
        const { surveys, cursor: next } = await ports.surveys.since(cursor);
        if (next === cursor) break;
        // Before the work: what cannot be done about one host now is tried again with its next survey.
        cursor = next;
        await each(surveys, (survey) => reconcileHost(ports, policy, survey, hosts));
        await each([surveys], (all) => giveBackVanished(ports, all));
      }
      await finishAdoptions(ports, policy);
      if (faults.length > 0) throw new AggregateError(faults, `${faults.length} hosts: ${String(faults[0])}`);
    },
  };
};

/** What is to be done about one host, by all that is known now. */
export const planFor = async (
  ports: Pick<ReconcilePorts, 'rigs' | 'surveys' | 'epochs' | 'clock'>,
  { grace }: Pick<ReconcilePolicy, 'grace'>,
  survey: Survey<KeptRig>,
  lan: LanId,
): Promise<readonly ReconcileStep<KeptRig>[]> => {
  const [known, sightings, adopting] = await Promise.all([
    knownOf(ports, survey),
    ports.surveys.sighted(survey.host),
    ports.epochs.adopting(),
  ]);
  return planReconcile({
    survey,
    known,
    adopting: adopting.has(lan),
    sightings,
    grace,
    now: ports.clock.now(),
  });
};

const knownOf = async (
  { rigs }: Pick<ReconcilePorts, 'rigs'>,
  survey: Survey<KeptRig>,
): Promise<ReadonlyMap<RigId, KnownRig>> => {
  const known = new Map<RigId, KnownRig>();
  for (const stored of await rigs.onHost(survey.host)) known.set(stored.rig.id, stored);
  for (const { rig } of [...survey.containers, ...survey.notes]) {
    if (known.has(rig)) continue;
    const stored = await rigs.get(rig);
    if (stored) known.set(rig, stored);
  }
  return known;
};

const reconcileHost = async (
  ports: ReconcilePorts,
  policy: ReconcilePolicy,
  survey: Survey<KeptRig>,
  hosts: readonly Host[],
): Promise<void> => {
  const host = hosts.find(({ name }) => isSameHost(name, survey.host));
  if (!host || ports.clock.now() - survey.started > policy.fresh) return;
  const plan = await planFor(ports, policy, survey, host.network.lan);
  const allowed = await withoutTooMany(ports, survey, plan);
  await ports.surveys.sight(survey.host, sightingsIn(plan));
  await noteUnknown(ports, survey.host, plan);
  await noteMoved(ports, survey.host, plan);
  const waiting: string[] = [];
  await doEach(allowed, async (step) => {
    if ((await doStep(ports, policy, survey, host, step)) === 'later') waiting.push(step.kind);
  });
  const since = (await ports.epochs.adopting()).get(host.network.lan);
  const epoch = ports.epochs.known();
  if (since === undefined || survey.started < since || waiting.length > 0 || !epoch) return;
  await ports.epochs.markAdopted(survey.host, epoch.id);
};

/** Those to be removed stay among them: until they are gone somebody has to remember since when they are there. */
const sightingsIn = (plan: readonly ReconcileStep<KeptRig>[]): ReadonlyMap<string, Instant> => {
  const seen = new Map<string, Instant>();
  for (const step of plan) {
    if (step.kind === 'watch') seen.set(sightingOf(step), step.since);
    else if (step.kind === 'remove' && step.why === 'nobody-knows') seen.set(sightingOf(step), 0);
  }
  return seen;
};

const withoutTooMany = async (
  { breaker, notices, clock, log }: ReconcilePorts,
  survey: Survey<KeptRig>,
  plan: readonly ReconcileStep<KeptRig>[],
): Promise<readonly ReconcileStep<KeptRig>[]> => {
  const many = tooMany(plan, survey);
  if (!many) {
    await breaker.clear(survey.host);
    return plan;
  }
  const { allowed } = await breaker.put({ host: survey.host, at: clock.now(), ...many });
  if (allowed) return plan;
  log.warn({ host: survey.host, ...many }, 'so many are not removed without a word of an admin');
  await notices.put({ kind: 'too-many-removals', host: survey.host, ...many }, daily);
  return plan.filter(({ kind }) => kind !== 'remove');
};

/** Nobody else hears of it: it has no owner that we could believe. */
const noteUnknown = async (
  { notices }: ReconcilePorts,
  host: HostName,
  plan: readonly ReconcileStep<KeptRig>[],
): Promise<void> => {
  const unknown = plan.filter((step) => step.kind === 'remove' && step.why === 'nobody-knows');
  if (unknown.length > 0)
    await notices.put({ kind: 'unknown-containers', host, count: unknown.length }, daily);
};

/** A host that was given up is back, and what had the address there is gone. */
const giveBackVanished = async (
  { addresses, log }: ReconcilePorts,
  surveys: readonly Survey<KeptRig>[],
): Promise<void> => {
  const byHost = new Map(surveys.map((survey) => [survey.host.toLowerCase(), survey]));
  for (const [lan, entries] of await addresses.quarantined()) {
    for (const [address, { why, host }] of entries) {
      const survey = why === 'host-vanished' ? byHost.get(host.toLowerCase()) : undefined;
      if (!survey || survey.containers.some((one) => one.address === address)) continue;
      await addresses.release(lan, address, why);
      log.info(
        { lan, address, host },
        'the host that was given up is back, and nothing of it is on this address',
      );
    }
  }
};

/** Every present host of it has been taken in, and there was time for those that are not present to come back. */
const finishAdoptions = async (
  { epochs, clock, notices, log }: ReconcilePorts,
  { adoption }: ReconcilePolicy,
): Promise<void> => {
  const epoch = epochs.known();
  if (!epoch) return;
  for (const [lan, since] of await epochs.adopting()) {
    await notices.put({ kind: 'adoption', epoch: epoch.id }, daily);
    if (clock.now() - since < adoption || !(await epochs.finish(lan, epoch.id))) continue;
    log.info({ lan }, 'all that its hosts have is known again');
  }
};
