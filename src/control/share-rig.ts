// `share`: others may act on a rig beside its owner. `give`: somebody else owns it.

import { type Asker, isSharedWith, personOf } from '../rig/access.ts';
import { mostShared } from '../rig/advance-people.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { Refusal } from '../rig/refusal.ts';
import { isLiving, isOwnedBy, type Person, type Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { findRig, noSuchRig, type Refused, refused, type Which } from './find-rig.ts';

export type ShareOutcome =
  | { readonly kind: 'shared'; readonly rig: Rig; readonly with: readonly Person[] }
  | Refused;

export const shareRig = async (
  ports: ChangePorts,
  which: Which,
  people: readonly Person[],
  by: Asker,
): Promise<ShareOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'hand-over');
  if (found.kind === 'refused') return found;
  const { rig } = found;
  const added = people.filter(({ id }) => !isOwnedBy(rig, id) && !isSharedWith(rig, id));
  if (added.length === 0) return refused(sharedAlready(rig, people));
  const change = await changeRig(ports, rig.id, { kind: 'share', by: personOf(by), with: added });
  switch (change.kind) {
    case 'changed':
      return { kind: 'shared', rig: change.rig, with: added };
    case 'unchanged':
    case 'user-quota':
      return refused(whyNotShared(change.rig, added.length, people));
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};

const whyNotShared = (rig: Rig, added: number, people: readonly Person[]): Refusal => {
  const { name, state, shared } = rig;
  if (state.kind === 'stopping' || !isLiving(rig)) return { kind: 'already-stopping', name };
  return shared.length + added > mostShared
    ? { kind: 'shared-with-many', name, limit: mostShared }
    : sharedAlready(rig, people);
};

const sharedAlready = ({ name, owner }: Rig, people: readonly Person[]): Refusal => ({
  kind: 'shared-already',
  name,
  owner,
  people,
});

export type GiveOutcome = { readonly kind: 'given'; readonly rig: Rig; readonly from: Person } | Refused;

/** `perUser`: as many as one person may have; whom it is given to counts as anybody. */
export const giveRig = async (
  ports: ChangePorts,
  perUser: number,
  which: Which,
  to: Person,
  by: Asker,
): Promise<GiveOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'hand-over');
  if (found.kind === 'refused') return found;
  const { name, owner, id } = found.rig;
  const change = await changeRig(ports, id, { kind: 'give', by: personOf(by), to }, { perUser });
  switch (change.kind) {
    case 'changed':
      return { kind: 'given', rig: change.rig, from: owner };
    case 'unchanged':
      return refused(
        change.rig.owner.id === to.id
          ? { kind: 'theirs-already', name, owner: to }
          : { kind: 'already-stopping', name },
      );
    case 'user-quota':
      return refused({ kind: 'receiver-quota', to, limit: perUser });
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};
