// Who asks for something, and how.

import type { Asker } from '../../rig/access.ts';

export type Asking = {
  readonly by: Asker;
  /** The command as it was typed, for sentences that name it. */
  readonly command: string;
};
