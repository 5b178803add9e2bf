// `extend`: a later end, never past the cap, decided by the same save that decides a stop.

import { assertNever } from '../rig/assert-never.ts';
import { type Extension, extendLease } from '../rig/lease.ts';
import type { Refusal } from '../rig/refusal.ts';
import { hasOpenLease, type Person, type Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { noSuchRig, ownRig, type Refused, type Which } from './own-rig.ts';

export type ExtendOutcome =
  /** `most`: that is the cap, and more was asked for. */
  { readonly kind: 'extended'; readonly rig: Rig; readonly most: boolean } | Refused;

export const extendRig = async (
  ports: ChangePorts,
  which: Which,
  wanted: Extension,
  by: Person,
): Promise<ExtendOutcome> => {
  const found = await ownRig(ports.rigs, which, by);
  if (found.kind === 'refused') return found;
  const before = extendLease(found.rig.lease, wanted);
  const change = await changeRig(ports, found.rig.id, { kind: 'extend', by, wanted });
  switch (change.kind) {
    case 'changed':
      return { kind: 'extended', rig: change.rig, most: before.kind === 'extended' && before.most };
    case 'unchanged':
      return { kind: 'refused', refusal: whyNot(change.rig, wanted) };
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};

const whyNot = (rig: Rig, wanted: Extension): Refusal => {
  const { name, lease } = rig;
  if (!hasOpenLease(rig)) return { kind: 'already-stopping', name };
  const kind = extendLease(lease, wanted).kind === 'at-cap' ? 'at-cap' : 'no-longer';
  return { kind, name, end: lease.end };
};
