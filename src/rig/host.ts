// A Docker host as its worker registers it, and as the bot sees it.

import type { Instant } from './duration.ts';
import type { HostName, LanId, NetworkMode } from './rig.ts';

/** What a worker says of its host when it starts. */
export type Registration = {
  readonly v: 1;
  readonly name: HostName;
  readonly lan: LanId;
  readonly mode: NetworkMode;
  /** `192.168.23.0/24` */
  readonly subnet: string;
  readonly gateway: string | undefined;
  /** The range as the operator wrote it, for people to read. */
  readonly range: string;
  /** Every address of the range, in its order. */
  readonly addresses: readonly string[];
  /** Other hosts of the LAN that say the same may have some of these addresses, too. */
  readonly shared: boolean;
  /** Rigs at once. */
  readonly slots: number;
  readonly engine: string;
  readonly image: string;
  readonly licensed: boolean;
  readonly version: string;
  /** What an operator should know of this host, a sentence each. */
  readonly notes: readonly string[];
  readonly registered: Instant;
};

export type HostState = 'ready' | 'unreachable';

/** A host as placement looks at it. */
export type Host = {
  readonly name: HostName;
  readonly state: HostState;
  readonly network: { readonly lan: LanId; readonly mode: NetworkMode; readonly subnet: string };
  readonly slots: number;
  readonly freeSlots: number;
  readonly freeAddresses: number;
  /** The image's tag that this host starts when none is asked for. */
  readonly tag: string;
};
