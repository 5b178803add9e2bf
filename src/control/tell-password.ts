// The SSH password of a rig: for its owner, when asked for, never stored.

import type { Rigs, Secrets } from '../ports.ts';
import type { RigName } from '../rig/name.ts';
import type { Refusal } from '../rig/refusal.ts';
import { isLiving, isOwnedBy, type Person, type Rig, type RigId } from '../rig/rig.ts';
import { noSuchRig } from './stop-rig.ts';

export type PasswordOutcome =
  | { readonly kind: 'password'; readonly rig: Rig; readonly password: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type PasswordPorts = { readonly rigs: Rigs; readonly secrets: Secrets };

/** `which`: by name as typed, or by id as a button says it. */
export const tellPassword = async (
  { rigs, secrets }: PasswordPorts,
  which: { readonly name: RigName; readonly id?: RigId | undefined },
  by: Person,
): Promise<PasswordOutcome> => {
  const stored = which.id === undefined ? await rigs.named(which.name) : await rigs.get(which.id);
  if (!stored || !isLiving(stored.rig)) return noSuchRig(rigs, which.name, by);
  const { rig } = stored;
  if (!isOwnedBy(rig, by.id)) {
    return { kind: 'refused', refusal: { kind: 'not-owner', name: rig.name, owner: rig.owner } };
  }
  return { kind: 'password', rig, password: secrets.password(rig.id, rig.generation) };
};
