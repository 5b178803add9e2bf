// What came of a probe rig, before anything is judged.

import type { Duration } from '../../rig/duration.ts';
import type { PortReach, ReachAnswer } from '../../rig/reach.ts';
import type { HostName, LanId, NetworkMode } from '../../rig/rig.ts';

/** What a host of the LAN said when it was asked to connect. */
export type HostReach = {
  readonly host: HostName;
  /** Of its worker. */
  readonly version: string;
  readonly says:
    | { readonly kind: 'answered'; readonly answer: ReachAnswer }
    | { readonly kind: 'no-answer'; readonly waited: Duration };
};

/** Why none was started. */
export type NotStarted =
  /** The host has not joined this fleet. */
  | { readonly kind: 'no-worker' }
  /** Its worker was started on another LAN than this environment says. */
  | { readonly kind: 'other-lan'; readonly lan: LanId }
  | { readonly kind: 'other-doctor' }
  /** `adopting`: nothing is given out on its LAN at the moment. */
  | { readonly kind: 'no-address'; readonly adopting: boolean }
  | { readonly kind: 'no-image'; readonly reference: string }
  /** On its host's own network: another one has them, a rig most likely. */
  | { readonly kind: 'ports-taken'; readonly ports: readonly number[] }
  | { readonly kind: 'interrupted' };

/** Why the one that was begun came to nothing. */
export type Failed =
  | { readonly kind: 'fault'; readonly detail: string }
  | { readonly kind: 'address-in-use'; readonly address: string }
  /** It ended before it listened; `last`: the last line that it wrote. */
  | { readonly kind: 'ended'; readonly last: string | undefined }
  | { readonly kind: 'not-ready'; readonly missing: readonly number[]; readonly waited: Duration };

export type NoProbe = NotStarted | Failed;

export type Probed = {
  readonly kind: 'probed';
  readonly address: string;
  /** From start to listening. */
  readonly took: Duration;
  readonly ports: readonly number[];
  readonly own: readonly PortReach[];
  readonly others: readonly HostReach[];
  /** Hosts of the LAN that were not asked, since enough others were. */
  readonly unasked: number;
  /** Who came by themselves; only looked for where there was no other host to ask. */
  readonly colleagues: { readonly waited: Duration; readonly seen: readonly string[] } | undefined;
};

export type ProbeFacts = {
  readonly host: HostName;
  readonly mode: NetworkMode;
  readonly outcome: Probed | { readonly kind: 'none'; readonly why: NoProbe };
  /** Addresses that a doctor which was killed had left set aside here. */
  readonly cleared: readonly string[];
  /** What could not be taken back in the end. */
  readonly left: { readonly address: string | undefined; readonly faults: readonly string[] } | undefined;
};
