// A Docker host as its worker registers it, and as the bot sees it.

import type { Instant } from './duration.ts';
import type { PoolId } from './licence.ts';
import type { Outside } from './outside.ts';
import type { HostName, LanId, LicenceId, NetworkMode, Person, RigNetwork } from './rig.ts';

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
  /** The tags under which it has its image's repository; older workers do not say. */
  readonly tags: readonly string[];
  /** Names the secret that it works with; older workers do not say. */
  readonly keyId?: string | undefined;
  readonly licensed: boolean;
  /** Those of which each of its rigs claims one; none where there is no choice. */
  readonly licences?: readonly LicenceId[] | undefined;
  readonly version: string;
  /** What an operator should know of this host, a sentence each. */
  readonly notes: readonly string[];
  readonly registered: Instant;
} & Outside;

/** One that is both is shown as `unreachable`, and its draining is said beside it. */
export type HostState = 'ready' | 'draining' | 'unreachable';

/** It takes no new rigs; those there live to their end. */
export type Draining = { readonly by: Person; readonly at: Instant };

/** A host as placement looks at it, and as people do. */
export type Host = {
  readonly name: HostName;
  readonly state: HostState;
  /** Of an unreachable one, too. */
  readonly draining?: Draining | undefined;
  /** When its worker was last heard of; older registries do not know. */
  readonly seen?: Instant | undefined;
  readonly network: RigNetwork;
  readonly slots: number;
  readonly freeSlots: number;
  /** That have a slot; more than there are slots, where those became fewer. */
  readonly rigs: number;
  readonly freeAddresses: number;
  /** Absent where rigs claim no licence. */
  readonly pool?: PoolId | undefined;
  /** Names the secret with which its rigs are made; hosts of an older version say none. */
  readonly keyId?: string | undefined;
  /** The image's tag that this host starts when none is asked for. */
  readonly tag: string;
  readonly tags: readonly string[];
  /** Of its engine and of its worker. */
  readonly versions: { readonly engine: string; readonly worker: string };
  /** What an operator should know of it, a sentence each. */
  readonly notes?: readonly string[] | undefined;
};

/** Host names differ by more than case. */
export const isSameHost = (one: HostName, other: HostName): boolean =>
  one.toLowerCase() === other.toLowerCase();

export const stateOfHost = (isPresent: boolean, draining: Draining | undefined): HostState => {
  if (!isPresent) return 'unreachable';
  return draining === undefined ? 'ready' : 'draining';
};
