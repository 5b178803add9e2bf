// What a rig is when the registry gets it back from its host: as it was when the host last noted it, or born anew from its
// container's labels.

import { type Duration, hour, type Instant, minute } from './duration.ts';
import { overAt } from './ended-by-host.ts';
import type { Lease } from './lease.ts';
import { card, type News } from './news.ts';
import type { FailReason, HostName, Rig, RigNetwork, RigState } from './rig.ts';
import type { SurveyedContainer } from './survey.ts';

/** Whoever was away while the registry was lost has so long to say that it is wanted. */
export const adoptedFor: Duration = 30 * minute;
/** So long after the cap nothing lives on, whatever happened; the worker's own rule is the same. */
export const pastCap: Duration = hour;

/** Ends no earlier than in half an hour, and no later than it ever may; what was said of the end before is forgotten. */
export const adoptLease = ({ end, cap, rev, wanted }: Lease, now: Instant): Lease => {
  if (end === undefined) return { end, cap, rev: rev + 1, wanted };
  const hard = cap === undefined ? Number.POSITIVE_INFINITY : cap + pastCap;
  return { end: Math.max(end, Math.min(now + adoptedFor, hard)), cap, rev: rev + 1, wanted };
};

type Where = {
  readonly host: HostName;
  readonly network: Omit<RigNetwork, 'lan'>;
};

/** What was being started is started on: its launch finds the container, and goes on from there. */
const stateOf = (before: RigState, container: SurveyedContainer<unknown>, now: Instant): RigState => {
  switch (before.kind) {
    case 'running':
    case 'stopping':
      return before;
    case 'placed':
    case 'starting':
      return { kind: 'placed', since: now };
    // The container is there, whatever was thought of it.
    case 'crashed':
    case 'stopped':
    case 'failed':
      return container.state === 'running' || container.state === 'paused'
        ? { kind: 'running', since: now }
        : { kind: 'placed', since: now };
  }
};

/** A note that says nothing of a licence may be a version's that knew of none: its container was born with it. */
export const adoptKept = (rig: Rig, container: SurveyedContainer<unknown>, now: Instant): Rig => ({
  ...rig,
  licenceId: rig.licenceId ?? container.birth?.licenceId,
  lease: adoptLease(rig.lease, now),
  state: stateOf(rig.state, container, now),
});

/** Without a note: its birth owner has it for half an hour, and is told in a direct message. */
export const adoptBorn = (
  { rig: id, generation, address, birth, state }: SurveyedContainer<unknown>,
  { host, network }: Where,
  now: Instant,
): Rig | undefined =>
  birth && {
    id,
    name: birth.name,
    generation,
    owner: birth.owner,
    shared: [],
    host,
    network: { lan: birth.lan, ...network },
    address,
    tag: birth.tag,
    keyId: birth.keyId,
    licenceId: birth.licenceId,
    created: birth.created,
    lease: { end: bornEnd(birth.cap, now), cap: birth.cap, rev: 1 },
    asked: { channel: birth.owner.id, command: '/wcs', quietly: true, cut: false },
    state:
      state === 'running' || state === 'paused'
        ? { kind: 'running', since: now }
        : { kind: 'placed', since: now },
  };

const bornEnd = (cap: Instant | undefined, now: Instant): Instant =>
  Math.max(now, Math.min(now + adoptedFor, cap === undefined ? Number.POSITIVE_INFINITY : cap + pastCap));

/** It is over, and its owner has not heard of that. */
export const adoptEnded = (
  rig: Rig,
  reason: FailReason,
  now: Instant,
): { readonly rig: Rig; readonly news: readonly News[] } => {
  const over = overAt(rig.lease, reason, now);
  return over === undefined
    ? {
        rig: { ...rig, state: { kind: 'failed', since: now, reason } },
        news: [card, { kind: 'failed', reason, tail: [] }],
      }
    : {
        rig: { ...rig, state: { kind: 'stopped', since: now, reason: over } },
        news: [card, { kind: 'ended', reason: over }],
      };
};

/** Of two leases that went on apart from one another nobody is cut short. */
export const laterLease = (one: Lease, other: Lease): Lease => {
  const newer = one.rev >= other.rev ? one : other;
  const end = one.end === undefined || other.end === undefined ? undefined : Math.max(one.end, other.end);
  const isLonger = end !== newer.end;
  return isLonger ? { end, cap: end === undefined ? undefined : newer.cap, rev: newer.rev + 1 } : newer;
};
