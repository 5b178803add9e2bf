// A lease: until when a rig is somebody's, the latest it may ever be extended to, and what is due about it now.

import type { Duration, Instant } from './duration.ts';
import { isInUse, type SeenUse, type Use } from './use.ts';

export type Lease = {
  /** None: it goes on until somebody stops it. */
  readonly end: Instant | undefined;
  /** The latest end there can ever be, counted from the rig's creation; none where the operator sets no limit. */
  readonly cap: Instant | undefined;
  /** Rises with each change; a stop for expiry names the one it saw. */
  readonly rev: number;
  /** The last deadline of this end that its owner was reminded of; none since the end was last moved. */
  readonly reminded?: Instant | undefined;
  /** It is in use, or nobody knows, and therefore kept past the end that was agreed: this one. */
  readonly keptFrom?: Instant | undefined;
  /** Nobody uses it: it stops then, unless somebody does by then or extends it. */
  readonly idleStop?: Instant | undefined;
  /** When somebody last extended it: to want a rig is as good as to use it. */
  readonly wanted?: Instant | undefined;
};

export type LeaseLimits = { readonly usual: Duration; readonly most: Duration | undefined };

/** What was asked for (or the usual), never more than the most; `cut` says that more was asked for. */
export const grantLease = (
  asked: Duration | undefined,
  { usual, most }: LeaseLimits,
  now: Instant,
): { lease: Lease; cut: boolean } => {
  const length = Math.min(asked ?? usual, most ?? Number.POSITIVE_INFINITY);
  return {
    lease: { end: now + length, cap: most === undefined ? undefined : now + most, rev: 1 },
    cut: asked !== undefined && most !== undefined && asked > most,
  };
};

/** The earliest moment at which it may stop; none if it goes on for ever. */
export const earliestStop = ({ end, idleStop }: Pick<Lease, 'end' | 'idleStop'>): Instant | undefined =>
  end === undefined || idleStop === undefined ? end : Math.min(end, idleStop);

export const isExpired = ({ end }: Pick<Lease, 'end'>, now: Instant): boolean =>
  end !== undefined && now >= end;

/** By so much, counted from its end (from now where that has passed), or to a moment. */
export type Extension =
  | { readonly kind: 'by'; readonly length: Duration }
  | { readonly kind: 'until'; readonly end: Instant };

export type Extended =
  /** `most`: this is the cap, and more was asked for. */
  | { readonly kind: 'extended'; readonly lease: Lease; readonly most: boolean }
  /** It ends at its cap already. */
  | { readonly kind: 'at-cap' }
  /** It ends then, or later, already: nobody's lease is ever cut short. */
  | { readonly kind: 'no-longer' }
  /** It has no end that could be moved. */
  | { readonly kind: 'endless' };

/** What is said of reminders, use and idleness belongs to the end that was, and is forgotten with it. */
export const extendLease = ({ end, cap, rev }: Lease, wanted: Extension, now: Instant): Extended => {
  if (end === undefined) return { kind: 'endless' };
  const asked = wanted.kind === 'by' ? Math.max(end, now) + wanted.length : wanted.end;
  if (asked <= end) return { kind: 'no-longer' };
  const most = cap ?? Number.POSITIVE_INFINITY;
  // A grace may have carried the end past the cap.
  if (end >= most) return { kind: 'at-cap' };
  return {
    kind: 'extended',
    lease: { end: Math.min(asked, most), cap, rev: rev + 1, wanted: now },
    most: asked > most,
  };
};

/** Without an end, and without a cap: a customer's rig, say. */
export const endlessLease = ({ rev }: Lease, now: Instant): Lease => ({
  end: undefined,
  cap: undefined,
  rev: rev + 1,
  wanted: now,
});

export type LeasePolicy = {
  /** How long before the end its owner is reminded; those longer than half of the lease are left out. */
  readonly remind: readonly Duration[];
  /** What a lease gets that ended while nobody was looking, and a rig that nobody uses. */
  readonly grace: Duration;
  /** Looks come every few seconds; a pause longer than this means that no bot was there. */
  readonly unwatched: Duration;
  /** How much longer a rig stays each time that it is in use at its end. */
  readonly keepBy: Duration;
  /** How long a rig stays at most of whose use nobody knows: past its end, its last use or its restart, the latest. */
  readonly keepUnknown: Duration;
  /** A rig that was not used for so long is stopped; none: it is not. */
  readonly idle: Duration | undefined;
  /** What was seen of its use counts for so long. */
  readonly useFresh: Duration;
};

export type LeaseStep =
  | { readonly kind: 'nothing' }
  /** `before`: so long before the end this reminder was due. */
  | { readonly kind: 'remind'; readonly deadline: Instant; readonly before: Duration }
  /** It ended, or nearly so, while no bot was looking: its owner is reminded now, and it ends then. */
  | { readonly kind: 'grace'; readonly end: Instant }
  /** It is in use at its end, or nobody knows: it stays until then. */
  | { readonly kind: 'keep'; readonly end: Instant; readonly use: Use }
  /** Nobody has used it since then: its owner is asked, and it stops at `stop`. */
  | { readonly kind: 'idle'; readonly since: Instant; readonly stop: Instant }
  /** It was to stop since nobody used it, and now somebody does. */
  | { readonly kind: 'used' }
  | { readonly kind: 'expire'; readonly reason: 'expired' | 'idle' };

/** What a decision looks at. `seen`: what its host saw of this generation, where it saw something. */
export type LeaseFacts = {
  readonly lease: Lease;
  readonly created: Instant;
  /** Since when it can be used; `undefined` while it cannot. */
  readonly runningSince: Instant | undefined;
  /** When somebody last started it anew; `undefined`: it runs, or boots, for the first time. */
  readonly restartedAt?: Instant | undefined;
  readonly seen: SeenUse | undefined;
};

const nothing: LeaseStep = { kind: 'nothing' };
const unknown: Use = { kind: 'unknown' };

/** What was seen too long ago says nothing of now. */
export const useNow = (seen: SeenUse | undefined, now: Instant, fresh: Duration): Use =>
  seen === undefined || now - seen.at > fresh ? unknown : seen.use;

/**
 * What is due. `watched`: when leases were last looked at, by any bot; `undefined` before the first time. Of several
 * reminders that are due only the latest is told: the others are past their deadline.
 */
export const decideLease = (
  facts: LeaseFacts,
  now: Instant,
  watched: Instant | undefined,
  policy: LeasePolicy,
): LeaseStep => {
  const { end } = facts.lease;
  if (end === undefined) return nothing;
  const slept = (stop: Instant): boolean =>
    watched !== undefined && now - watched > policy.unwatched && watched < stop;
  if (now >= end) {
    // First of all a word: who was away does not know what happened meanwhile.
    if (slept(end)) return { kind: 'grace', end: now + policy.grace };
    return keep(facts, end, now, policy) ?? expired;
  }
  const idle = decideIdle(facts, now, slept, policy);
  if (idle.kind !== 'nothing') return idle;
  const due = remind(facts, end, now, policy);
  if (due.kind !== 'remind' || facts.lease.reminded !== undefined) return due;
  // The first word of an end that is nearly there, late since nobody looked: it comes with the time to answer.
  const left = due.deadline + due.before - now;
  return left < policy.grace && slept(due.deadline) ? { kind: 'grace', end: now + policy.grace } : due;
};

const expired: LeaseStep = { kind: 'expire', reason: 'expired' };

const keep = (
  { lease, runningSince, restartedAt, seen }: LeaseFacts,
  end: Instant,
  now: Instant,
  { keepBy, keepUnknown, useFresh }: LeasePolicy,
): LeaseStep | undefined => {
  // Whoever has just started it anew wants it, though nothing can be seen of that while it boots.
  if (runningSince === undefined && restartedAt === undefined) return undefined;
  const use = useNow(seen, now, useFresh);
  if (use.kind === 'idle') return undefined;
  // Of one that was in use past its end the hour begins when that was last seen: one look that fails ends nothing.
  const lastSure = Math.max(lease.keptFrom ?? end, seen?.usedAt ?? 0, restartedAt ?? 0);
  const latest = isInUse(use) ? Number.POSITIVE_INFINITY : lastSure + keepUnknown;
  const until = Math.min(end + keepBy > now ? end + keepBy : now + keepBy, latest, lease.cap ?? latest);
  return until > now ? { kind: 'keep', end: until, use } : undefined;
};

/**
 * Kept for no other reason than that nobody knows, which lasts for an hour at most, and its owner was reminded before that:
 * once more would be one too many.
 */
const isRemindedEnough = (
  { lease: { keptFrom, cap, reminded }, seen }: LeaseFacts,
  now: Instant,
  { keepUnknown, useFresh }: LeasePolicy,
): boolean =>
  keptFrom !== undefined &&
  cap !== undefined &&
  reminded !== undefined &&
  cap <= keptFrom + keepUnknown &&
  !isInUse(useNow(seen, now, useFresh));

/** In use, and told of its end once: it will be kept, and says so then. A second reminder would be about nothing. */
const isKeptAnyway = (
  { lease: { cap, keptFrom, reminded }, seen }: LeaseFacts,
  end: Instant,
  now: Instant,
  { useFresh }: LeasePolicy,
): boolean =>
  keptFrom === undefined &&
  reminded !== undefined &&
  (cap === undefined || end < cap) &&
  isInUse(useNow(seen, now, useFresh));

const remind = (facts: LeaseFacts, end: Instant, now: Instant, policy: LeasePolicy): LeaseStep => {
  const { lease, created } = facts;
  const { remind: befores } = policy;
  const { keptFrom, cap, reminded = Number.NEGATIVE_INFINITY } = lease;
  if (isRemindedEnough(facts, now, policy)) return nothing;
  // A kept rig's end moves on by itself, so that only the cap is worth a word, once.
  if (keptFrom !== undefined && cap === undefined) return nothing;
  if (isKeptAnyway(facts, end, now, policy)) return nothing;
  const last = keptFrom === undefined || cap === undefined ? end : cap;
  const wanted = keptFrom === undefined ? befores : befores.toSorted((one, other) => other - one).slice(0, 1);
  const [latest] = wanted
    .filter((before) => before <= (last - created) / 2)
    .map((before) => ({ before, deadline: last - before }))
    // Whoever extended it after that knows when it ends.
    .filter(({ deadline }) => deadline <= now && deadline > (lease.wanted ?? Number.NEGATIVE_INFINITY))
    .sort((one, other) => other.deadline - one.deadline);
  if (!latest || latest.deadline <= reminded) return nothing;
  return { kind: 'remind', ...latest };
};

/** Since when nobody has used or wanted it. What is not known is not idle. */
const decideIdle = (
  { lease, runningSince, seen }: LeaseFacts,
  now: Instant,
  slept: (stop: Instant) => boolean,
  policy: LeasePolicy,
): LeaseStep => {
  const { idle, grace, useFresh } = policy;
  const { idleStop, wanted = 0 } = lease;
  if (idle === undefined || runningSince === undefined)
    return idleStop === undefined ? nothing : { kind: 'used' };
  const since = Math.max(runningSince, wanted, seen?.usedAt ?? 0);
  const isIdle = useNow(seen, now, useFresh).kind === 'idle' && now - since >= idle;
  const warning: LeaseStep = { kind: 'idle', since, stop: now + grace };
  if (idleStop === undefined) return isIdle ? warning : nothing;
  if (!isIdle) return { kind: 'used' };
  if (now < idleStop) return nothing;
  // Perhaps nobody was told while no bot was there: so once more, with the time to answer.
  return slept(idleStop) ? warning : { kind: 'expire', reason: 'idle' };
};
