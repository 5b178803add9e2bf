// The registry's identity. One that is not the registry that was last seen has been lost, or restored from a copy: then
// nothing is given out before the hosts have said what they have.

import type { Instant } from './duration.ts';

export type Epoch = {
  /** Made anew with each registry; jobs carry it. */
  readonly id: string;
  /** Rises with each change; lower than it was means that the registry is an older one. */
  readonly seq: number;
};

/** What a process remembers of the registry. `at`: by the registry's own clock. */
export type SeenEpoch = Epoch & { readonly at: Instant };

/** `born`: since when there is this registry. */
export type KnownEpoch = SeenEpoch & { readonly born: Instant };

/**
 * What a look says, compared with what was seen last.
 * `first`: there was none, and nothing had been seen. `lost`: there was none, though one had been seen. `restored`: it is an
 * older one, from a copy. `newer`: somebody else has noticed before. All but `same` and `first` begin an adoption.
 */
export type EpochVerdict = 'same' | 'first' | 'lost' | 'restored' | 'newer';

export type EpochLook = {
  readonly epoch: KnownEpoch;
  readonly verdict: EpochVerdict;
  /** What the asking host has was taken into this registry; until then it goes on remembering the one before. */
  readonly adopted: boolean;
};
