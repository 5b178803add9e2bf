// The one function that moves a rig from state to state. It is total: an event that comes late, twice or out of order
// changes nothing, because states only move forward.

import { fail, gone, isFirstStart, missing } from './advance-ended.ts';
import { forget, givenUp } from './advance-given-up.ts';
import { extend, keepForEver, leaseDue, want } from './advance-lease.ts';
import { give, share } from './advance-people.ts';
import { isBooting, ready, resumed } from './advance-up.ts';
import { assertNever } from './assert-never.ts';
import type { Duration, Instant } from './duration.ts';
import { endedByHost } from './ended-by-host.ts';
import { isSameHost } from './host.ts';
import type { Extension, LeaseStep } from './lease.ts';
import { card, cardProgress } from './news.ts';
import type { Report } from './report.ts';
import type { Person, Rig, StopReason } from './rig.ts';
import { answered, changed, type Step, to, unchanged } from './step.ts';

export type { Step } from './step.ts';

export type RigEvent =
  | { readonly kind: 'reported'; readonly report: Report; readonly hold: Duration }
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly at: Instant }
  /**
   * Its launch job was taken out of the queue before any worker began it. `mayHaveRun`: so long after that the queue may have
   * forgotten an earlier life of the job.
   */
  | { readonly kind: 'withdrawn'; readonly mayHaveRun: boolean; readonly at: Instant }
  /** `keyId`: of the secret that its host has now. */
  | {
      readonly kind: 'restart';
      readonly by: Person;
      readonly tag: string | undefined;
      readonly keyId?: string | undefined;
      readonly at: Instant;
    }
  /** Its host does not answer any more, and one of the operator's gave it up: whatever runs there is nobody's rig. */
  | { readonly kind: 'forget'; readonly by: Person; readonly at: Instant }
  /** It crashed, and nobody restarted it in time. */
  | { readonly kind: 'given-up'; readonly at: Instant }
  | { readonly kind: 'extend'; readonly by: Person; readonly wanted: Extension; readonly at: Instant }
  | { readonly kind: 'keep'; readonly by: Person; readonly at: Instant }
  /** It is unused, and somebody wants it all the same. */
  | { readonly kind: 'want'; readonly by: Person; readonly at: Instant }
  | { readonly kind: 'share'; readonly by: Person; readonly with: readonly Person[] }
  | { readonly kind: 'give'; readonly by: Person; readonly to: Person }
  /** What a sweep found due. It names the `rev` it saw: a lease that changed since is looked at anew. */
  | {
      readonly kind: 'due';
      readonly step: Exclude<LeaseStep, { kind: 'nothing' }>;
      readonly rev: number;
      readonly at: Instant;
    };

const report = (rig: Rig, { saw, at, generation, host }: Report, hold: Duration): Step => {
  // A log was asked for by somebody who waits for it, whatever became of the rig since.
  if (saw.kind === 'log') return changed(rig, [{ kind: 'log', to: saw.to, lines: saw.lines, host }]);
  // No rig ever moves: whatever another host saw was another one's, or is made up.
  if (generation !== rig.generation || !isSameHost(rig.host, host)) return unchanged;
  switch (saw.kind) {
    case 'pulling': {
      if (!isBooting(rig)) return unchanged;
      if (rig.state.kind === 'starting' && rig.state.phase.kind === 'booting') return unchanged;
      const known = rig.state.kind === 'starting';
      const since = rig.state.kind === 'starting' ? rig.state.since : at;
      const phase = { kind: 'pulling', percent: saw.percent } as const;
      return to(rig, { kind: 'starting', since, phase }, [known ? cardProgress : card]);
    }
    case 'starting':
      if (!isBooting(rig)) return unchanged;
      if (rig.state.kind === 'starting' && rig.state.phase.kind === 'booting') return unchanged;
      return to({ ...rig, image: saw.image }, { kind: 'starting', since: at, phase: { kind: 'booting' } }, [
        card,
      ]);
    case 'ready':
      return ready(rig, saw.image, at);
    case 'resumed':
      return resumed(rig, at);
    // What its host knows and we do not is taken in from the next survey.
    case 'refused':
      return unchanged;
    case 'failed':
      return endedByHost(rig, saw.reason, at) ?? fail(rig, saw.reason, saw.tail, at, hold);
    case 'gone':
      return gone(rig, at);
    case 'missing':
      return missing(rig, saw.restored, at, hold);
    default:
      return assertNever(saw);
  }
};

const stop = (rig: Rig, reason: StopReason, at: Instant): Step => {
  switch (rig.state.kind) {
    case 'placed':
    case 'starting':
    case 'running':
    case 'crashed':
      return to(rig, { kind: 'stopping', since: at, reason }, [card, ...answered(rig, answerOf(reason))]);
    case 'stopping':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

const answerOf = (reason: StopReason) => {
  switch (reason.kind) {
    case 'asked':
    case 'drained':
      return { kind: 'stopped', by: reason.by } as const;
    case 'expired':
    case 'idle':
      return { kind: reason.kind };
    case 'not-restarted':
    case 'not-there':
    case 'address-twice':
    case 'licence-twice':
    case 'overdue':
      return { kind: 'failed' } as const;
    default:
      return assertNever(reason);
  }
};

/** Nothing of a first launch is on its host; of a restart the generation before may be, so that somebody has to look. */
const withdrawn = (rig: Rig, { at, mayHaveRun }: RigEvent & { kind: 'withdrawn' }): Step => {
  if (rig.state.kind !== 'placed') return unchanged;
  return isFirstStart(rig) && !mayHaveRun
    ? fail(rig, { kind: 'too-late' }, [], at, 0)
    : stop(rig, { kind: 'not-restarted' }, at);
};

/** A new generation on the same address, with the same lease. */
const restart = (rig: Rig, { by, tag, keyId, at }: RigEvent & { kind: 'restart' }): Step => {
  switch (rig.state.kind) {
    case 'running':
    case 'crashed': {
      const crashed = rig.state.kind === 'crashed' ? rig.state.crash : undefined;
      const next: Rig = {
        ...rig,
        generation: rig.generation + 1,
        tag: tag ?? rig.tag,
        keyId,
        restarted: { at, by },
        image: undefined,
        took: undefined,
      };
      const news = crashed ? answered(rig, { kind: 'restarted', by, crash: crashed }) : [];
      return to(next, { kind: 'placed', since: at }, [card, ...news]);
    }
    case 'placed':
    case 'starting':
    case 'stopping':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

export const advance = (rig: Rig, event: RigEvent): Step => {
  switch (event.kind) {
    case 'reported':
      return report(rig, event.report, event.hold);
    case 'stop':
      return stop(rig, event.reason, event.at);
    case 'withdrawn':
      return withdrawn(rig, event);
    case 'restart':
      return restart(rig, event);
    case 'forget':
      return forget(rig, event.by, event.at);
    case 'given-up':
      return givenUp(rig, event.at);
    case 'extend':
      return extend(rig, event.by, event.wanted, event.at);
    case 'keep':
      return keepForEver(rig, event.by, event.at);
    case 'want':
      return want(rig, event.by, event.at);
    case 'share':
      return share(rig, event.by, event.with);
    case 'give':
      return give(rig, event.by, event.to);
    case 'due':
      return event.step.kind === 'expire'
        ? expire(rig, event.step.reason, event)
        : leaseDue(rig, event.step, event.rev, event.at);
    default:
      return assertNever(event);
  }
};

const expire = (rig: Rig, kind: 'expired' | 'idle', { rev, at }: RigEvent & { kind: 'due' }): Step =>
  rig.lease.rev === rev ? stop(rig, { kind }, at) : unchanged;
