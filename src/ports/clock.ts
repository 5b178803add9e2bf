// The time that counts for all processes.

import type { Instant } from '../rig/duration.ts';

/** Redis' time plus the measured offset; throws QueueDown until it was measured once. */
export type Clock = { readonly now: () => Instant };
