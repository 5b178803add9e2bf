// One look at the use of one rig, as its host reports it.

import type { Instant } from './duration.ts';
import type { RigId } from './rig.ts';
import type { Use } from './use.ts';

export type UseSample = {
  readonly rig: RigId;
  readonly generation: number;
  readonly at: Instant;
  readonly use: Use;
};
