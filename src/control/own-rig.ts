// The rig that somebody means and may act on: one of their own, living.

import type { Rigs } from '../ports.ts';
import type { RigName } from '../rig/name.ts';
import type { Refusal } from '../rig/refusal.ts';
import { isLiving, isOwnedBy, type Person, type Rig, type RigId } from '../rig/rig.ts';

/** By name as typed, or by id as a button says it: a card that outlived its rig must not act on a younger one of its name. */
export type Which = { readonly name: RigName; readonly id?: RigId | undefined };

export type Refused = { readonly kind: 'refused'; readonly refusal: Refusal };

export const ownRig = async (
  rigs: Rigs,
  { name, id }: Which,
  by: Person,
): Promise<{ readonly kind: 'own'; readonly rig: Rig } | Refused> => {
  const stored = id === undefined ? await rigs.named(name) : await rigs.get(id);
  if (!stored || !isLiving(stored.rig)) return noSuchRig(rigs, name, by);
  const { rig } = stored;
  return isOwnedBy(rig, by.id)
    ? { kind: 'own', rig }
    : { kind: 'refused', refusal: { kind: 'not-owner', name: rig.name, owner: rig.owner } };
};

export const noSuchRig = async (rigs: Rigs, name: RigName, by: Person): Promise<Refused> => {
  const mine = await rigs.ownedBy(by.id);
  return { kind: 'refused', refusal: { kind: 'no-such-rig', name, mine: mine.map((rig) => rig.name) } };
};
