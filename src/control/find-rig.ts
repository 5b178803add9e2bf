// The rig that somebody means and may act on: living, and theirs, or shared with them, or they are an admin.

import type { Rigs } from '../ports/registry.ts';
import { type Asker, mayAct, mayHandOver } from '../rig/access.ts';
import type { RigName } from '../rig/name.ts';
import type { Refusal } from '../rig/refusal.ts';
import { isLiving, type Rig, type RigId } from '../rig/rig.ts';

/** By name as typed, or by id as a button says it: a card that outlived its rig must not act on a younger one of its name. */
export type Which = { readonly name: RigName; readonly id?: RigId | undefined };

export type Refused = { readonly kind: 'refused'; readonly refusal: Refusal };

export type Found = { readonly kind: 'found'; readonly rig: Rig };

/** `act`: stop, extend and the like; `hand-over`: share and give; `look`: what everybody may see. */
export type Right = 'act' | 'hand-over' | 'look';

export const findRig = async (
  rigs: Rigs,
  { name, id }: Which,
  by: Asker,
  right: Right,
): Promise<Found | Refused> => {
  const stored = id === undefined ? await rigs.named(name) : await rigs.get(id);
  if (!stored || !isLiving(stored.rig)) return noSuchRig(rigs, name, by);
  const { rig } = stored;
  return isAllowed(rig, by, right) ? { kind: 'found', rig } : refused(notOwner(rig, right));
};

const notOwner = ({ name, owner }: Rig, right: Right): Refusal => ({
  kind: 'not-owner',
  name,
  owner,
  ...(right === 'hand-over' ? { handOver: true } : {}),
});

const isAllowed = (rig: Rig, by: Asker, right: Right): boolean => {
  switch (right) {
    case 'act':
      return mayAct(rig, by);
    case 'hand-over':
      return mayHandOver(rig, by);
    case 'look':
      return true;
  }
};

export const refused = (refusal: Refusal): Refused => ({ kind: 'refused', refusal });

export const noSuchRig = async (rigs: Rigs, name: RigName, by: Asker): Promise<Refused> => {
  const mine = await rigs.ownedBy(by.id);
  return refused({ kind: 'no-such-rig', name, mine: mine.map((rig) => rig.name) });
};
