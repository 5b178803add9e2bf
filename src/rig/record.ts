// All that the registry holds of a rig, as its host keeps it on its own disk: with it a lost registry can be rebuilt.

import type { Lease } from './lease.ts';
import type { RigId } from './rig.ts';

/** How far a rig had come when it was written down. */
export type Progress = {
  readonly generation: number;
  readonly lease: Pick<Lease, 'rev'>;
  /** The registry's own count of changes. */
  readonly version: number;
};

export type RigRecord = Progress & {
  readonly rig: RigId;
  readonly lease: Pick<Lease, 'end' | 'cap' | 'rev'>;
  /** The rig and its card, as only the registry writes and reads them. */
  readonly text: string;
};

/**
 * True at the call site: does `one` know of a later change? A new container comes first, then the lease's `rev`: after a
 * registry was restored from an old copy, its versions count on from there and say nothing.
 */
export const isNewer = (one: Progress, other: Progress): boolean =>
  (one.generation - other.generation || one.lease.rev - other.lease.rev || one.version - other.version) > 0;
