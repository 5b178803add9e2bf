// What is derived from the fleet's secret.

import type { Rig, RigId } from '../rig/rig.ts';

/** What is derived from the fleet's secret. */
export type Secrets = {
  /** The ids of the keys that are known, the current one first: a rig is made with its host's, and keeps it. */
  readonly keyIds: readonly string[];
  /** The SSH password of one generation of a rig that was made with the current key. */
  readonly password: (rig: RigId, generation: number) => string;
  /**
   * The same of one that was made with this key; `undefined` where it is no longer known. A rig that says none was made
   * before there were several, so with the earliest that is known.
   */
  readonly passwordUnder: (
    keyId: string | undefined,
    rig: Pick<Rig, 'id' | 'generation'>,
  ) => string | undefined;
  /** Under each of the known keys: what is to be cut out, whichever it was made with. */
  readonly passwords: (rig: RigId, generation: number) => readonly string[];
  /** Cuts every known secret out of a text. */
  readonly redact: (text: string, known: readonly string[]) => string;
};
