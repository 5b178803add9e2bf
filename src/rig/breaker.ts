// A pass that would remove many of a host's rigs at once does not, until one of the operator's has said yes.

import type { Instant } from './duration.ts';
import type { HostName, Person } from './rig.ts';

/** What such a pass would do, and whether it may. */
export type Tripped = {
  readonly host: HostName;
  readonly at: Instant;
  /** So many rigs it would remove, of so many on the host. */
  readonly would: number;
  readonly of: number;
  readonly allowed?: { readonly by: Person; readonly at: Instant } | undefined;
};
