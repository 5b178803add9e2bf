// Who may do what to a rig. Asked at each command and each click, not only when a button was shown.

import { isOwnedBy, type Person, type Rig } from './rig.ts';

/** Somebody who asks for something. */
export type Asker = Person & {
  /** One of the operator's, who may act on every rig. */
  readonly isAdmin: boolean;
};

/** Without what only the moment of asking knows: this is what is kept. */
export const personOf = ({ id, name }: Person): Person => ({ id, name });

export const isSharedWith = ({ shared }: Pick<Rig, 'shared'>, user: string): boolean =>
  shared.some(({ id }) => id === user);

/** Stop, extend, restart, its password and its log: the owner, those it is shared with, and admins. */
export const mayAct = (rig: Rig, asker: Asker): boolean =>
  isOwnedBy(rig, asker.id) || isSharedWith(rig, asker.id) || asker.isAdmin;

/** Share it and give it away: not those it is shared with. */
export const mayHandOver = (rig: Rig, asker: Asker): boolean => isOwnedBy(rig, asker.id) || asker.isAdmin;
