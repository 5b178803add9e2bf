// Does one step of a plan.

import type { KeptRig } from '../ports/surveys.ts';
import { adoptBorn, adoptEnded, adoptKept, laterLease } from '../rig/adopt.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { Host } from '../rig/host.ts';
import { lookJob, removeJob } from '../rig/job.ts';
import { numberedName } from '../rig/name.ts';
import { card, type News } from '../rig/news.ts';
import type { ReconcileStep } from '../rig/reconcile.ts';
import type { Rig } from '../rig/rig.ts';
import type { Survey, SurveyedContainer } from '../rig/survey.ts';
import { changeByReport } from './change-rig.ts';
import type { ReconcilePolicy, ReconcilePorts } from './reconcile-parts.ts';
import { settleTwice } from './settle-twice.ts';
import { takeIn } from './take-in.ts';

/** `later`: it has to wait for something else, so that the host is not all taken in yet. */
export const doStep = async (
  ports: ReconcilePorts,
  policy: ReconcilePolicy,
  survey: Survey<KeptRig>,
  host: Host,
  step: ReconcileStep<KeptRig>,
): Promise<'done' | 'later'> => {
  const { jobs, clock, log } = ports;
  const now = clock.now();
  switch (step.kind) {
    case 'watch':
      return 'done';
    case 'adopt':
      return adopt(ports, policy, survey, host, step.container);
    case 'catch-up':
      return catchUp(ports, step);
    case 'tell-end': {
      const { rig, news } = adoptEnded(step.kept.rig, step.reason, now);
      await takeIn(
        ports,
        { rig, version: step.kept.version + 1, expected: undefined, card: step.kept.card },
        news,
      );
      return 'done';
    }
    case 'record-end': {
      const { id, generation } = step.rig;
      const saw = { kind: 'failed', reason: step.reason, tail: [] } as const;
      const report = { v: 1, host: survey.host, rig: id, generation, at: step.at, saw } as const;
      // Where it needs another address, and none is given out yet, the next survey says so again.
      await changeByReport(ports, id, {
        kind: 'reported',
        report,
        hold: policy.hold + Math.max(0, now - step.at),
      });
      return 'done';
    }
    case 'look':
      log.info(
        { rig: step.rig.id, name: step.rig.name, host: survey.host },
        'a survey lacks it: its host looks by id',
      );
      await jobs.send(survey.host, lookJob(step.rig, step.restored, now));
      // What it sees is a report; until then the registry says something that is perhaps not so.
      return step.restored ? 'later' : 'done';
    case 'remove':
      log.warn(
        { rig: step.rig, generation: step.generation, host: survey.host, why: step.why },
        'to be removed',
      );
      await jobs.send(survey.host, removeJob(step, now));
      return 'done';
    case 'forget':
      await jobs.send(survey.host, removeJob(step, now));
      return 'done';
    default:
      return assertNever(step);
  }
};

const adopt = async (
  ports: ReconcilePorts,
  policy: ReconcilePolicy,
  survey: Survey<KeptRig>,
  host: Host,
  container: SurveyedContainer<KeptRig>,
): Promise<'done' | 'later'> => {
  const now = ports.clock.now();
  const { kept } = container;
  const rig = kept
    ? adoptKept(kept.rig, container, now)
    : adoptBorn(container, { host: host.name, network: host.network }, now);
  if (!rig) return 'done';
  const agreed = kept?.rig.lease.end;
  const facts = { version: (kept?.version ?? 0) + 1, expected: undefined, card: kept?.card };
  // As many names as there can be of the same beginning; each taken one is another rig's.
  for (let count = 1; count < 50; count += 1) {
    const name = numberedName(rig.name, count);
    const was = count === 1 ? undefined : rig.name;
    const { end } = rig.lease;
    const news: News[] = [card, { kind: 'adopted', end, later: agreed !== undefined && end !== agreed, was }];
    const outcome = await takeIn(ports, { ...facts, rig: { ...rig, name } }, news);
    switch (outcome.kind) {
      case 'adopted':
      case 'conflict':
        return 'done';
      case 'name-taken':
        continue;
      case 'address-held':
      case 'licence-held': {
        const what = outcome.kind === 'address-held' ? 'address' : 'licence';
        return settleTwice(ports, policy, { what, survey, container, rig, holder: outcome.holder });
      }
      default:
        return assertNever(outcome);
    }
  }
  return 'later';
};

/** A stop that was decided in between, unless it was for a lease that had been extended by then: its host refuses that. */
const staysDecided = ({ state, lease }: Rig, kept: Rig): boolean =>
  state.kind === 'stopping' &&
  !((state.reason.kind === 'expired' || state.reason.kind === 'idle') && kept.lease.rev > lease.rev);

const catchUp = async (
  ports: ReconcilePorts,
  { kept, known, container }: ReconcileStep<KeptRig> & { kind: 'catch-up' },
): Promise<'done' | 'later'> => {
  const now = ports.clock.now();
  const isSame = kept.rig.generation === known.rig.generation;
  const lease = laterLease(kept.rig.lease, known.rig.lease);
  const licenceId = kept.rig.licenceId ?? known.rig.licenceId;
  const later = adoptKept({ ...kept.rig, lease, licenceId }, container, now);
  const rig = isSame && staysDecided(known.rig, kept.rig) ? { ...later, state: known.rig.state } : later;
  const agreed = kept.rig.lease.end;
  const { end } = rig.lease;
  const version = Math.max(kept.version, known.version) + 1;
  const news: News[] = [card, { kind: 'adopted', end, later: end !== agreed, was: undefined }];
  const outcome = await takeIn(ports, { rig, version, expected: known.version, card: kept.card }, news);
  return outcome.kind === 'adopted' ? 'done' : 'later';
};
