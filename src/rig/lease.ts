// A lease: until when a rig is somebody's, and the latest it may ever be extended to.

import type { Duration, Instant } from './duration.ts';

export type Lease = {
  readonly end: Instant;
  /** The latest end there can ever be, counted from the rig's creation. */
  readonly cap: Instant;
  /** Rises with each change; a stop for expiry names the one it saw. */
  readonly rev: number;
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
