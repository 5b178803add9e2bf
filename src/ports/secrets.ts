// What is derived from the fleet's secret.

import type { RigId } from '../rig/rig.ts';

/** What is derived from the fleet's secret. */
export type Secrets = {
  /** The SSH password of one generation of a rig. */
  readonly password: (rig: RigId, generation: number) => string;
  /** Cuts every known secret out of a text. */
  readonly redact: (text: string, known: readonly string[]) => string;
};
