// Those with whom a rig can be shared, or to whom it can be given.

import type { Person, UserId } from '../../rig/rig.ts';
import { notAllowed, notAPerson } from '../words/people.ts';
import type { World } from '../world.ts';

export type KnownPeople =
  | { readonly kind: 'known'; readonly people: readonly Person[] }
  /** `why`: a sentence about the first of whom a rig would be of no use to. */
  | { readonly kind: 'no-use'; readonly why: string };

/**
 * A bot, somebody whose account was closed, or who may not use us at all, can do nothing with a rig. Throws what Slack's
 * client throws.
 */
export const knownPeople = async (
  { people, access }: Pick<World, 'people' | 'access'>,
  mentioned: readonly { readonly id: UserId }[],
): Promise<KnownPeople> => {
  const known: Person[] = [];
  for (const { id } of mentioned) {
    const { name, isBot, isGone } = await people.profile(id);
    const person = { id, name };
    if (isBot || isGone) return { kind: 'no-use', why: notAPerson(person) };
    if ((await access.admit(person, undefined)).kind !== 'welcome')
      return { kind: 'no-use', why: notAllowed(person) };
    known.push(person);
  }
  return { kind: 'known', people: known };
};
