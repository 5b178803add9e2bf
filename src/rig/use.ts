// Whether a rig is in use. PURE.

import type { Instant } from './duration.ts';

/** What a worker saw of a rig's use at one look. */
export type Use =
  | { readonly kind: 'streams'; readonly count: number }
  | { readonly kind: 'traffic'; readonly bytesPerSecond: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'unknown' };

/** What the registry remembers of one generation. */
export type SeenUse = {
  readonly generation: number;
  readonly at: Instant;
  readonly use: Use;
  /** When it was last seen in use; none: never since it started. */
  readonly usedAt?: Instant | undefined;
  /** When its use was last known. */
  readonly knownAt?: Instant | undefined;
};

export const isInUse = (use: Use): boolean => use.kind === 'streams' || use.kind === 'traffic';
