// What a host ends by itself was over: it has not failed.

import { assertNever } from './assert-never.ts';
import type { Instant } from './duration.ts';
import { isExpired, type Lease } from './lease.ts';
import { card, type News } from './news.ts';
import { type FailReason, hasOpenLease, type Rig, type StopReason } from './rig.ts';
import { answered, type Step, to } from './step.ts';

/** `undefined`: it failed. So has one whose lease went on, which its host did not know. */
export const overAt = (lease: Lease, reason: FailReason, at: Instant): StopReason | undefined => {
  switch (reason.kind) {
    case 'not-resumed':
      return isExpired(lease, at) ? { kind: 'expired' } : undefined;
    case 'overdue':
      return lease.cap !== undefined && at > lease.cap ? { kind: 'overdue' } : undefined;
    case 'exited':
    case 'not-ready':
    case 'no-image':
    case 'address-in-use':
    case 'ports-taken':
    case 'licence-in-use':
    case 'died':
    case 'removed':
    case 'too-late':
    case 'superseded':
    case 'host-forgotten':
    case 'engine':
      return undefined;
    default:
      return assertNever(reason);
  }
};

/** `undefined`: it has failed. */
export const endedByHost = (rig: Rig, reason: FailReason, at: Instant): Step | undefined => {
  const over = overAt(rig.lease, reason, at);
  if (over === undefined || !hasOpenLease(rig)) return undefined;
  const news: News[] = [card, ...answered(rig, { kind: 'expired' }), { kind: 'ended', reason: over }];
  return to(rig, { kind: 'stopped', since: at, reason: over }, news, true);
};
