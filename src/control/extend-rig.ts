// `extend`: a later end, never past the cap, decided by the same save that decides a stop.

import type { Clock } from '../ports.ts';
import { type Extension, extendLease } from '../rig/lease.ts';
import type { RigName } from '../rig/name.ts';
import type { Refusal } from '../rig/refusal.ts';
import { hasOpenLease, isLiving, isOwnedBy, type Person, type Rig, type RigId } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { noSuchRig } from './stop-rig.ts';

export type ExtendOutcome =
  /** `most`: that is the cap, and more was asked for. */
  | { readonly kind: 'extended'; readonly rig: Rig; readonly most: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type ExtendPorts = ChangePorts & { readonly clock: Clock };

/** `which`: by name as typed, or by id as a button says it. */
export const extendRig = async (
  ports: ExtendPorts,
  which: { readonly name: RigName; readonly id?: RigId | undefined },
  wanted: Extension,
  by: Person,
): Promise<ExtendOutcome> => {
  const { rigs } = ports;
  const stored = which.id === undefined ? await rigs.named(which.name) : await rigs.get(which.id);
  if (!stored || !isLiving(stored.rig)) return noSuchRig(rigs, which.name, by);
  const { rig } = stored;
  if (!isOwnedBy(rig, by.id)) return refused({ kind: 'not-owner', name: rig.name, owner: rig.owner });
  const change = await changeRig(ports, rig.id, { kind: 'extend', by, wanted });
  switch (change.kind) {
    case 'changed': {
      const { end, cap } = change.rig.lease;
      const most = end === cap && moreThan(rig, wanted, cap);
      return { kind: 'extended', rig: change.rig, most };
    }
    case 'unchanged':
      return refused(whyNot(change.rig, wanted));
    case 'unknown-rig':
      return noSuchRig(rigs, which.name, by);
  }
};

const refused = (refusal: Refusal): ExtendOutcome => ({ kind: 'refused', refusal });

const moreThan = (before: Rig, wanted: Extension, cap: number): boolean =>
  (wanted.kind === 'by' ? before.lease.end + wanted.length : wanted.end) > cap;

const whyNot = (rig: Rig, wanted: Extension): Refusal => {
  if (!hasOpenLease(rig)) return { kind: 'already-stopping', name: rig.name };
  const { end } = rig.lease;
  return extendLease(rig.lease, wanted).kind === 'at-cap'
    ? { kind: 'at-cap', name: rig.name, end }
    : { kind: 'no-longer', name: rig.name, end };
};
