// `extend`: a later end, never past the cap, decided by the same save that decides a stop. `keep`: none at all.

import { type Asker, personOf } from '../rig/access.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { Instant } from '../rig/duration.ts';
import { type Extension, extendLease } from '../rig/lease.ts';
import type { Refusal } from '../rig/refusal.ts';
import { hasOpenLease, type Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRig, changeRigOnce } from './change-rig.ts';
import { findRig, noSuchRig, type Refused, refused, type Which } from './find-rig.ts';

export type ExtendOutcome =
  /** `most`: that is the cap, and more was asked for. */
  { readonly kind: 'extended'; readonly rig: Rig; readonly most: boolean } | Refused;

export const extendRig = async (
  ports: ChangePorts,
  which: Which,
  wanted: Extension,
  by: Asker,
  delivery?: string,
): Promise<ExtendOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  const at = ports.clock.now();
  const event = { kind: 'extend', by: personOf(by), wanted, at } as const;
  const change = await changeRigOnce(ports, found.rig.id, event, delivery);
  switch (change.kind) {
    // Whoever did it may have died before it could say so: said twice is better than not at all.
    case 'repeated':
      return { kind: 'extended', rig: change.rig, most: false };
    case 'changed':
      return { kind: 'extended', rig: change.rig, most: wasCut(change.before, wanted, at) };
    case 'unchanged':
    case 'user-quota':
      return refused(whyNot(change.rig, wanted, at));
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};

/** More was asked for than there was to the cap. */
const wasCut = ({ lease }: Rig, wanted: Extension, at: Instant): boolean => {
  const extended = extendLease(lease, wanted, at);
  return extended.kind === 'extended' && extended.most;
};

const whyNot = (rig: Rig, wanted: Extension, now: Instant): Refusal => {
  const { name, lease, state } = rig;
  if (state.kind === 'crashed') return { kind: 'not-running', rig };
  if (!hasOpenLease(rig)) return { kind: 'already-stopping', name };
  if (lease.end === undefined) return { kind: 'endless', name };
  const kind = extendLease(lease, wanted, now).kind === 'at-cap' ? 'at-cap' : 'no-longer';
  return { kind, name, end: lease.end };
};

export type WantOutcome = { readonly kind: 'wanted'; readonly rig: Rig } | Refused;

/** It was to stop since nobody used it, and stays. One that stays anyway is as good. */
export const wantRig = async (ports: ChangePorts, which: Which, by: Asker): Promise<WantOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  const change = await changeRig(ports, found.rig.id, {
    kind: 'want',
    by: personOf(by),
    at: ports.clock.now(),
  });
  switch (change.kind) {
    case 'changed':
      return { kind: 'wanted', rig: change.rig };
    case 'unchanged':
    case 'user-quota':
      return hasOpenLease(change.rig)
        ? { kind: 'wanted', rig: change.rig }
        : refused({ kind: 'already-stopping', name: change.rig.name });
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};

export type KeepOutcome = { readonly kind: 'endless'; readonly rig: Rig } | Refused;

/** For admins; where the operator sets no longest lease, for everybody who may act on the rig. */
export const keepRig = async (ports: ChangePorts, which: Which, by: Asker): Promise<KeepOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  if (!by.isAdmin && found.rig.lease.cap !== undefined)
    return refused({ kind: 'for-admins', what: 'keep', name: found.rig.name });
  const at = ports.clock.now();
  const change = await changeRig(ports, found.rig.id, { kind: 'keep', by: personOf(by), at });
  switch (change.kind) {
    case 'changed':
      return { kind: 'endless', rig: change.rig };
    case 'unchanged':
    case 'user-quota':
      return refused(whyNot(change.rig, { kind: 'by', length: 0 }, at));
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};
