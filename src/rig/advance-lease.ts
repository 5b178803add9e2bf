// What happens to a rig's lease: somebody extends it, or a sweep finds something due.

import { assertNever } from './assert-never.ts';
import type { Instant } from './duration.ts';
import { type Extension, endlessLease, extendLease, type Lease, type LeaseStep } from './lease.ts';
import { card, type News } from './news.ts';
import { hasOpenLease, type Person, type Rig } from './rig.ts';
import { answered, changed, type Step, unchanged } from './step.ts';

export const extend = (rig: Rig, by: Person, wanted: Extension, at: Instant): Step => {
  if (!hasOpenLease(rig)) return unchanged;
  const extended = extendLease(rig.lease, wanted, at);
  if (extended.kind !== 'extended') return unchanged;
  const { lease, most } = extended;
  if (lease.end === undefined) return unchanged;
  return changed({ ...rig, lease }, [card, ...answered(rig, { kind: 'extended', by, end: lease.end, most })]);
};

export const keepForEver = (rig: Rig, by: Person, at: Instant): Step => {
  if (!hasOpenLease(rig) || rig.lease.end === undefined) return unchanged;
  const news = answered(rig, { kind: 'endless', by });
  return changed({ ...rig, lease: endlessLease(rig.lease, at) }, [card, ...news]);
};

/** Its end stays where it is. */
export const want = (rig: Rig, by: Person, at: Instant): Step => {
  if (!hasOpenLease(rig) || rig.lease.idleStop === undefined) return unchanged;
  const lease = { ...rig.lease, idleStop: undefined, wanted: at, rev: rig.lease.rev + 1 };
  return changed({ ...rig, lease }, answered(rig, { kind: 'wanted', by }));
};

type Due = Exclude<LeaseStep, { kind: 'nothing' | 'expire' }>;

/** `rev`: the lease that the sweep saw. One that changed since is looked at anew. */
export const leaseDue = (rig: Rig, step: Due, rev: number, at: Instant): Step => {
  if (!hasOpenLease(rig) || rig.lease.rev !== rev) return unchanged;
  const change = (facts: Partial<Lease>, news: readonly News[]): Step =>
    changed({ ...rig, lease: { ...rig.lease, ...facts, rev: rev + 1 } }, news);
  switch (step.kind) {
    case 'remind': {
      // Of a kept rig the end that counts is the last there can be.
      const end = step.deadline + step.before;
      return change({ reminded: step.deadline }, [{ kind: 'reminder', end, left: end - at, late: false }]);
    }
    case 'grace':
      // One reminder is enough for a grace: those before its end count as told.
      return change({ end: step.end, reminded: step.end }, [
        card,
        { kind: 'reminder', end: step.end, left: step.end - at, late: true },
      ]);
    case 'keep': {
      const { end, cap, keptFrom } = rig.lease;
      const news: News = { kind: 'kept', use: step.use, end: step.end, cap };
      return change({ end: step.end, keptFrom: keptFrom ?? end }, [card, news]);
    }
    case 'idle':
      return change({ idleStop: step.stop }, [{ kind: 'idle', unused: at - step.since, stop: step.stop }]);
    case 'used':
      return change({ idleStop: undefined }, answered(rig, { kind: 'used' }));
    default:
      return assertNever(step);
  }
};
