// In which indices of the registry a living rig stands, so that nobody has to read all rigs to find a few. Pure.

import { hasOpenLease, type Rig } from './rig.ts';

/** True at the call site: something is decided about it that may still have to be sent, or given up. */
export const isUnsettled = ({ state }: Pick<Rig, 'state'>): boolean =>
  state.kind === 'placed' ||
  state.kind === 'starting' ||
  state.kind === 'stopping' ||
  state.kind === 'crashed';

/** True at the call site: it goes on until somebody stops it. */
export const isEndless = ({ lease, state }: Pick<Rig, 'lease' | 'state'>): boolean =>
  lease.end === undefined && state.kind !== 'stopping';

/** True at the call site: nobody uses it, and it stops for that. */
export const isIdling = ({ lease, state }: Pick<Rig, 'lease' | 'state'>): boolean =>
  lease.idleStop !== undefined && hasOpenLease({ state });

/** Their names, in order; `shared:` with each person that it is shared with. */
export const indicesOf = (rig: Pick<Rig, 'lease' | 'state' | 'shared'>): readonly string[] => [
  ...(isUnsettled(rig) ? ['unsettled'] : []),
  ...(isEndless(rig) ? ['endless'] : []),
  ...(isIdling(rig) ? ['idling'] : []),
  ...rig.shared.map(({ id }) => `shared:${encodeURIComponent(id)}`),
];
