// The worker's own disk.

import type { LaunchJob } from '../rig/job.ts';
import type { RigId } from '../rig/rig.ts';

/** The worker's signed note about a rig. */
export type RigFile = Pick<
  LaunchJob,
  'rig' | 'generation' | 'name' | 'owner' | 'lan' | 'address' | 'created' | 'lease'
>;

export type RigFiles = {
  readonly write: (file: RigFile) => Promise<void>;
  /** `undefined` if there is none, or it is not ours: a forged one is the same as none, with a log line. */
  readonly read: (rig: RigId) => Promise<RigFile | undefined>;
  readonly remove: (rig: RigId) => Promise<void>;
};
