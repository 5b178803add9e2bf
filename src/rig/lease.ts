// A lease: until when a rig is somebody's, the latest it may ever be extended to, and what is due about it now.

import type { Duration, Instant } from './duration.ts';

export type Lease = {
  readonly end: Instant;
  /** The latest end there can ever be, counted from the rig's creation. */
  readonly cap: Instant;
  /** Rises with each change; a stop for expiry names the one it saw. */
  readonly rev: number;
  /** The last deadline of this end that its owner was reminded of; none since the end was last moved. */
  readonly reminded?: Instant | undefined;
};

export type LeaseLimits = { readonly usual: Duration; readonly most: Duration };

/** What was asked for (or the usual), never more than the most; `cut` says that more was asked for. */
export const grantLease = (
  asked: Duration | undefined,
  limits: LeaseLimits,
  now: Instant,
): { lease: Lease; cut: boolean } => {
  const length = Math.min(asked ?? limits.usual, limits.most);
  return {
    lease: { end: now + length, cap: now + limits.most, rev: 1 },
    cut: asked !== undefined && asked > limits.most,
  };
};

export const isExpired = (lease: Lease, now: Instant): boolean => now >= lease.end;

/** By so much, counted from its end, or to a moment. */
export type Extension =
  | { readonly kind: 'by'; readonly length: Duration }
  | { readonly kind: 'until'; readonly end: Instant };

export type Extended =
  /** `most`: this is the cap, and more was asked for. */
  | { readonly kind: 'extended'; readonly lease: Lease; readonly most: boolean }
  /** It ends at its cap already. */
  | { readonly kind: 'at-cap' }
  /** It ends then, or later, already: nobody's lease is ever cut short. */
  | { readonly kind: 'no-longer' };

export const extendLease = ({ end, cap, rev }: Lease, wanted: Extension): Extended => {
  const asked = wanted.kind === 'by' ? end + wanted.length : wanted.end;
  if (asked <= end) return { kind: 'no-longer' };
  // A grace may have carried the end past the cap.
  if (end >= cap) return { kind: 'at-cap' };
  return { kind: 'extended', lease: { end: Math.min(asked, cap), cap, rev: rev + 1 }, most: asked > cap };
};

export type LeasePolicy = {
  /** How long before the end its owner is reminded; those longer than half of the lease are left out. */
  readonly remind: readonly Duration[];
  /** What a lease gets that ended while nobody was looking. */
  readonly grace: Duration;
  /** Looks come every few seconds; a pause longer than this means that no bot was there. */
  readonly unwatched: Duration;
};

export type LeaseStep =
  | { readonly kind: 'nothing' }
  /** `before`: so long before the end this reminder was due. */
  | { readonly kind: 'remind'; readonly deadline: Instant; readonly before: Duration }
  /** It ended while no bot was looking: its owner is reminded now, and it ends then. */
  | { readonly kind: 'grace'; readonly end: Instant }
  | { readonly kind: 'expire' };

const nothing: LeaseStep = { kind: 'nothing' };

/**
 * What is due. `watched`: when leases were last looked at, by any bot; `undefined` before the first time. Of several
 * reminders that are due only the latest is told: the others are past their deadline.
 */
export const decideLease = (
  { lease, created }: { readonly lease: Lease; readonly created: Instant },
  now: Instant,
  watched: Instant | undefined,
  { remind, grace, unwatched }: LeasePolicy,
): LeaseStep => {
  if (isExpired(lease, now)) {
    const slept = watched !== undefined && now - watched > unwatched && watched < lease.end;
    return slept ? { kind: 'grace', end: now + grace } : { kind: 'expire' };
  }
  const [latest] = remind
    .filter((before) => before <= (lease.end - created) / 2)
    .map((before) => ({ before, deadline: lease.end - before }))
    .filter(({ deadline }) => deadline <= now)
    .sort((one, other) => other.deadline - one.deadline);
  if (!latest || latest.deadline <= (lease.reminded ?? Number.NEGATIVE_INFINITY)) return nothing;
  return { kind: 'remind', ...latest };
};
