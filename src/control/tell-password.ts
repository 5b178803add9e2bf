// The SSH password of a rig: for its owner, when asked for, never stored.

import type { Rigs, Secrets } from '../ports.ts';
import type { Person, Rig } from '../rig/rig.ts';
import { ownRig, type Refused, type Which } from './own-rig.ts';

export type PasswordOutcome =
  | { readonly kind: 'password'; readonly rig: Rig; readonly password: string }
  | Refused;

export type PasswordPorts = { readonly rigs: Rigs; readonly secrets: Secrets };

export const tellPassword = async (
  { rigs, secrets }: PasswordPorts,
  which: Which,
  by: Person,
): Promise<PasswordOutcome> => {
  const found = await ownRig(rigs, which, by);
  if (found.kind === 'refused') return found;
  const { rig } = found;
  return { kind: 'password', rig, password: secrets.password(rig.id, rig.generation) };
};
