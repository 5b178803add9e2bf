// Policies as they are deployed by default, for tests that change what matters to them.

import { hour, minute } from '../../src/rig/duration.ts';
import type { LeasePolicy } from '../../src/rig/lease.ts';

export const aLeasePolicy = (change: Partial<LeasePolicy> = {}): LeasePolicy => ({
  remind: [30 * minute, 5 * minute],
  grace: 10 * minute,
  unwatched: minute,
  keepBy: 15 * minute,
  keepUnknown: hour,
  idle: undefined,
  useFresh: 3 * minute,
  ...change,
});

/** How long a rig that crashed keeps its name and address. */
export const aHold = 10 * minute;

/** With how long a host may take until it begins a start. */
export const aPatience = { hold: aHold, deadline: 10 * minute };
