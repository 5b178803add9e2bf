// Whose a rig is: shared with somebody, given to somebody.

import { personOf } from './access.ts';
import { card } from './news.ts';
import { isLiving, type Person, type Rig } from './rig.ts';
import { changed, type Step, unchanged } from './step.ts';

/** More people than that want a rig of their own. */
export const mostShared = 20;

/** Those who have it already are not told again. */
export const share = (rig: Rig, by: Person, people: readonly Person[]): Step => {
  if (!isLiving(rig) || rig.state.kind === 'stopping') return unchanged;
  const has = new Set([rig.owner.id, ...rig.shared.map(({ id }) => id)]);
  const added = people.filter(
    ({ id }, index) => !has.has(id) && people.findIndex((one) => one.id === id) === index,
  );
  if (added.length === 0 || rig.shared.length + added.length > mostShared) return unchanged;
  const shared = [...rig.shared, ...added.map(personOf)];
  return changed({ ...rig, shared }, [card, { kind: 'shared', by: personOf(by), with: added.map(personOf) }]);
};

/** Whoever had it is a stranger to it then, unless it was shared with them. */
export const give = (rig: Rig, by: Person, receiver: Person): Step => {
  if (!isLiving(rig) || rig.state.kind === 'stopping' || rig.owner.id === receiver.id) return unchanged;
  const shared = rig.shared.filter(({ id }) => id !== receiver.id);
  const given = { ...rig, owner: personOf(receiver), shared };
  return changed(given, [card, { kind: 'given', by: personOf(by), from: rig.owner }]);
};
