// The SSH password of a rig: for those who may act on it, when asked for, never stored.

import type { Rigs } from '../ports/registry.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Asker } from '../rig/access.ts';
import type { Rig } from '../rig/rig.ts';
import { findRig, type Refused, refused, type Which } from './find-rig.ts';

export type PasswordOutcome =
  | { readonly kind: 'password'; readonly rig: Rig; readonly password: string }
  | Refused;

export type PasswordPorts = { readonly rigs: Rigs; readonly secrets: Secrets };

export const tellPassword = async (
  { rigs, secrets }: PasswordPorts,
  which: Which,
  by: Asker,
): Promise<PasswordOutcome> => {
  const found = await findRig(rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  const { rig } = found;
  const password = secrets.passwordUnder(rig.keyId, rig);
  return password === undefined
    ? refused({ kind: 'earlier-secret', name: rig.name })
    : { kind: 'password', rig, password };
};
