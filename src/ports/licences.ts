// Licences as the bot asks about them. They are taken and given back with all else that a rig has: see Rigs.

import type { LicenceHolders, PoolId, PoolSize } from '../rig/licence.ts';

export type Licences = {
  /** Of every host's pool. Whoever asks often asks only when it matters: all licences are looked at. */
  readonly pools: () => Promise<ReadonlyMap<PoolId, PoolSize>>;
  /** Of these pools; `most` of the rigs are read. */
  readonly holders: (pools: readonly PoolId[], most: number) => Promise<LicenceHolders>;
};
