// The registry as bot and worker speak to it: rigs, claims, use, and what a rig's owner has open. Hosts and surveys have files of
// their own. Adapters stand in redis/; one contract suite runs on the fake and on the real one.

import type { AuditEntry } from '../rig/audit.ts';
import type { ClaimOutcome, ClaimRequest, HeldClaim, UnplacedRig } from '../rig/claim.ts';
import type { Instant } from '../rig/duration.ts';
import type { RigName } from '../rig/name.ts';
import type { Told } from '../rig/news.ts';
import type { Quarantined } from '../rig/quarantine.ts';
import type { HostName, Rig, RigId, UserId } from '../rig/rig.ts';
import type { SeenUse } from '../rig/use.ts';
import type { UseSample } from '../rig/use-sample.ts';
import type { CardPlace } from './outbox.ts';

/** A rig with the version that a save has to name. */
export type StoredRig = { readonly rig: Rig; readonly version: number };

export type Rigs = {
  readonly get: (id: RigId) => Promise<StoredRig | undefined>;
  /** Among the living only. */
  readonly named: (name: RigName) => Promise<StoredRig | undefined>;
  /** All living rigs, oldest first. Of a large fleet that is much at once: whoever looks often takes one of those below. */
  readonly living: () => Promise<readonly Rig[]>;
  /**
   * Some of all living rigs, and from where to go on; nothing there: those were the last. Of those that come meanwhile
   * nothing is promised; none that stays is passed over.
   */
  readonly batch: (
    from: number | undefined,
  ) => Promise<{ readonly rigs: readonly Rig[]; readonly next: number | undefined }>;
  /** Some of all living rigs, from the `offset`th on, and how many there are: a person's own first, each oldest first. */
  readonly page: (which: {
    readonly first: UserId;
    readonly offset: number;
    readonly count: number;
  }) => Promise<{ readonly rigs: readonly Rig[]; readonly total: number }>;
  readonly newest: () => Promise<Rig | undefined>;
  /** Those that may still go on, and may stop before this moment: at their end, or for want of use. The earliest first. */
  readonly endingBefore: (moment: Instant) => Promise<readonly Rig[]>;
  /** A person's living rigs, oldest first. */
  readonly ownedBy: (user: UserId) => Promise<readonly Rig[]>;
  /** Living rigs of others that a person may act on, oldest first. */
  readonly sharedWith: (user: UserId) => Promise<readonly Rig[]>;
  /** Living rigs about which something is decided that may still have to be sent, or given up; oldest first. */
  readonly unsettled: () => Promise<readonly Rig[]>;
  /** Living rigs that go on until somebody stops them, oldest first. */
  readonly endless: () => Promise<readonly Rig[]>;
  /** Living rigs that stop soon since nobody uses them, oldest first. */
  readonly idling: () => Promise<readonly Rig[]>;
  /**
   * The lists above come from indices, which each claim and save keeps. Rigs that a version without indices wrote are put
   * where they belong; gives how many there were.
   */
  readonly mendIndices: () => Promise<number>;
  /** Name, quotas, slot, licence and address, the rig itself and its news: all or nothing, in one script. */
  readonly claim: (request: ClaimRequest) => Promise<ClaimOutcome>;
  /**
   * The state change, its news, its line in the audit and, where `release` says so, the end of the claim, in one script;
   * `conflict` when somebody else saved since `version` was read. A rig that moves to `stopping` or `crashed` closes its
   * claim for starts at once; a new generation opens it again. `user-quota`: a new owner has as many as `perUser`.
   */
  readonly save: (change: {
    readonly rig: Rig;
    readonly version: number;
    readonly told: readonly Told[];
    readonly release: boolean;
    /** Instead of becoming free, its address is set aside: nobody gets it. Only with `release`. */
    readonly quarantine?: Quarantined | undefined;
    readonly audit?: AuditEntry | undefined;
    readonly perUser?: number | undefined;
  }) => Promise<'saved' | 'conflict' | 'user-quota'>;
  /**
   * The rig with another address of its host, chosen as for a claim; the one it had is set aside. All of it in one script,
   * or nothing. `adopting`: nothing is given out on its LAN at the moment.
   */
  readonly swap: (change: {
    readonly rig: UnplacedRig;
    readonly version: number;
    readonly told: readonly Told[];
    readonly audit?: AuditEntry | undefined;
    readonly setAside: Quarantined;
  }) => Promise<
    | { readonly kind: 'swapped'; readonly rig: Rig }
    | { readonly kind: 'conflict' | 'adopting' | 'no-address' }
  >;
  /** All living ones of this host. */
  readonly onHost: (host: HostName) => Promise<readonly StoredRig[]>;
  /**
   * Takes in what a host has, with its news, in one script: name, slot, licence and address unless another has them; no quota
   * is asked. One that is over holds nothing. `expected`: the version that was read; none where the registry did not know it.
   */
  readonly adopt: (adoption: {
    readonly rig: Rig;
    readonly version: number;
    readonly expected: number | undefined;
    readonly card: CardPlace | undefined;
    readonly told: readonly Told[];
    readonly audit: AuditEntry;
  }) => Promise<Adoption>;
};

export type Adoption =
  | { readonly kind: 'adopted' | 'conflict' }
  | { readonly kind: 'name-taken' | 'address-held' | 'licence-held'; readonly holder: RigId };

/** Who opened the app's home, so that it can be kept fresh. */
export type Homes = {
  readonly opened: (user: UserId, at: Instant) => Promise<void>;
  readonly isOpenSince: (user: UserId, moment: Instant) => Promise<boolean>;
};

/** When leases were last looked at, by any bot: what ended since then ended unwatched. */
export type Watch = {
  readonly last: () => Promise<Instant | undefined>;
  readonly note: (moment: Instant) => Promise<void>;
};

/** What hosts saw of the use of their rigs; forgotten some time after the rig is gone. */
export type Uses = {
  /** Of each generation the newest look counts; an older one, or one of an earlier generation, changes nothing. */
  readonly record: (samples: readonly UseSample[]) => Promise<void>;
  readonly of: (rig: RigId) => Promise<SeenUse | undefined>;
  /** Those of these rigs that were looked at. */
  readonly ofRigs: (rigs: readonly RigId[]) => Promise<ReadonlyMap<RigId, SeenUse>>;
};

export type Fence = { readonly claim: (rig: RigId) => Promise<HeldClaim | undefined> };
