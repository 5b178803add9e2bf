// The one function that moves a rig from state to state. It is total: an event that comes late, twice or out of order
// changes nothing, because states only move forward.

import { assertNever } from './assert-never.ts';
import type { Instant } from './duration.ts';
import { type Extension, extendLease, type LeaseStep } from './lease.ts';
import { card, cardProgress, type News, type ReminderAnswer } from './news.ts';
import type { Report } from './report.ts';
import {
  type FailReason,
  hasOpenLease,
  type Person,
  type Rig,
  type RigState,
  type StopReason,
} from './rig.ts';

export type RigEvent =
  | { readonly kind: 'reported'; readonly report: Report }
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly at: Instant }
  /** Its launch job was taken out of the queue before any worker began it, so that there is no container. */
  | { readonly kind: 'withdrawn'; readonly at: Instant }
  | { readonly kind: 'extend'; readonly by: Person; readonly wanted: Extension }
  /** What a sweep found due. It names the `rev` it saw: a lease that changed since is looked at anew. */
  | {
      readonly kind: 'due';
      readonly step: Exclude<LeaseStep, { kind: 'nothing' }>;
      readonly rev: number;
      readonly at: Instant;
    };

export type Step =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'changed';
      readonly rig: Rig;
      readonly news: readonly News[];
      /** The claim (name, slot, address) is given back together with this change. */
      readonly release: boolean;
    };

const unchanged: Step = { kind: 'unchanged' };

const to = (rig: Rig, state: RigState, news: readonly News[], release = false): Step => ({
  kind: 'changed',
  rig: { ...rig, state },
  news,
  release,
});

const isBooting = (rig: Rig): boolean => rig.state.kind === 'placed' || rig.state.kind === 'starting';

/** An open reminder loses its buttons with whatever answers it. */
const answered = ({ lease }: Rig, answer: ReminderAnswer): News[] =>
  lease.reminded === undefined ? [] : [{ kind: 'answered', answer }];

const fail = (rig: Rig, reason: FailReason, tail: readonly string[], at: Instant): Step => {
  switch (rig.state.kind) {
    case 'placed':
    case 'starting':
    case 'running':
      return to(
        rig,
        { kind: 'failed', since: at, reason },
        [card, ...answered(rig, { kind: 'failed' }), { kind: 'failed', reason, tail }],
        true,
      );
    // Whoever asked for the stop gets what they asked for: the container is gone.
    case 'stopping':
      return gone(rig, at);
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

const gone = (rig: Rig, at: Instant): Step => {
  switch (rig.state.kind) {
    case 'stopping': {
      const { reason } = rig.state;
      return to(rig, { kind: 'stopped', since: at, reason }, [card, { kind: 'ended', reason }], true);
    }
    // Only a stop makes a worker look, so without one this is an echo of an earlier generation or a repeated report.
    case 'placed':
    case 'starting':
    case 'running':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

const report = (rig: Rig, { saw, at, generation }: Report): Step => {
  if (generation !== rig.generation) return unchanged;
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
    case 'ready': {
      if (!isBooting(rig)) return unchanged;
      const took = Math.max(0, at - rig.created);
      const image = rig.image ?? saw.image;
      return to({ ...rig, image, took }, { kind: 'running', since: at }, [card, { kind: 'ready', took }]);
    }
    case 'failed':
      return fail(rig, saw.reason, saw.tail, at);
    case 'gone':
      return gone(rig, at);
    default:
      return assertNever(saw);
  }
};

const stop = (rig: Rig, reason: StopReason, at: Instant): Step => {
  switch (rig.state.kind) {
    case 'placed':
    case 'starting':
    case 'running': {
      const answer: ReminderAnswer =
        reason.kind === 'asked' ? { kind: 'stopped', by: reason.by } : { kind: 'expired' };
      return to(rig, { kind: 'stopping', since: at, reason }, [card, ...answered(rig, answer)]);
    }
    case 'stopping':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

const extend = (rig: Rig, by: Person, wanted: Extension): Step => {
  if (!hasOpenLease(rig)) return unchanged;
  const extended = extendLease(rig.lease, wanted);
  if (extended.kind !== 'extended') return unchanged;
  const { lease, most } = extended;
  const answer: ReminderAnswer = { kind: 'extended', by, end: lease.end, most };
  return {
    kind: 'changed',
    rig: { ...rig, lease },
    news: [card, ...answered(rig, answer)],
    release: false,
  };
};

const due = (rig: Rig, { step, rev, at }: RigEvent & { kind: 'due' }): Step => {
  if (!hasOpenLease(rig) || rig.lease.rev !== rev) return unchanged;
  switch (step.kind) {
    case 'remind': {
      const lease = { ...rig.lease, reminded: step.deadline, rev: rev + 1 };
      const news: News = { kind: 'reminder', end: lease.end, left: lease.end - at, late: false };
      return { kind: 'changed', rig: { ...rig, lease }, news: [news], release: false };
    }
    case 'grace': {
      // One reminder is enough for a grace: those before its end count as told.
      const lease = { ...rig.lease, end: step.end, reminded: step.end, rev: rev + 1 };
      const news: News = { kind: 'reminder', end: step.end, left: step.end - at, late: true };
      return { kind: 'changed', rig: { ...rig, lease }, news: [card, news], release: false };
    }
    case 'expire':
      return stop(rig, { kind: 'expired' }, at);
    default:
      return assertNever(step);
  }
};

export const advance = (rig: Rig, event: RigEvent): Step => {
  switch (event.kind) {
    case 'reported':
      return report(rig, event.report);
    case 'stop':
      return stop(rig, event.reason, event.at);
    case 'withdrawn':
      return rig.state.kind === 'placed' ? fail(rig, { kind: 'too-late' }, [], event.at) : unchanged;
    case 'extend':
      return extend(rig, event.by, event.wanted);
    case 'due':
      return due(rig, event);
    default:
      return assertNever(event);
  }
};
