// The worker's own disk.

import type { Instant } from '../rig/duration.ts';
import type { RigRecord } from '../rig/record.ts';
import type { FailReason, RigId } from '../rig/rig.ts';

/** The worker's signed note about a rig. */
export type RigFile = RigRecord & {
  /** Its container was cleared away, and why: written before that, so that a worker that dies in between knows it. */
  readonly ended?: { readonly reason: FailReason; readonly at: Instant } | undefined;
};

export type RigFiles = {
  /** `may` is asked about what is there at that moment; nothing comes in between. */
  readonly write: (file: RigFile, may?: (present: RigFile | undefined) => boolean) => Promise<void>;
  /** `undefined` if there is none, or it is not ours: a forged one is the same as none, with a log line. */
  readonly read: (rig: RigId) => Promise<RigFile | undefined>;
  /** All that are ours. */
  readonly all: () => Promise<readonly RigFile[]>;
  readonly remove: (rig: RigId) => Promise<void>;
};
