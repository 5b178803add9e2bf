// Licences that each are one living rig's at most: their ids are what travels, the rest of them is the workers' alone.

import type { Rig } from './rig.ts';

/** Hosts that know the same licences are of one pool. */
export type PoolId = string;

export type PoolSize = {
  readonly size: number;
  /** Those that no rig has. */
  readonly free: number;
};

/** Who has the licences of some pools, each counted once. */
export type LicenceHolders = {
  readonly size: number;
  readonly taken: number;
  /** Not always all of them; whoever gives theirs back soonest comes first, as far as that is known. */
  readonly rigs: readonly Rig[];
};
