// The registry as bot and worker speak to it: rigs, hosts, claims, presence. Adapters stand in redis/; one contract suite runs
// on the fake and on the real one.

import type { AuditEntry } from '../rig/audit.ts';
import type { Tripped } from '../rig/breaker.ts';
import type { ClaimOutcome, ClaimRequest, HeldClaim, UnplacedRig } from '../rig/claim.ts';
import type { Duration, Instant } from '../rig/duration.ts';
import type { Epoch, EpochLook, KnownEpoch, SeenEpoch } from '../rig/epoch.ts';
import type { Draining, Host, Registration } from '../rig/host.ts';
import type { RigName } from '../rig/name.ts';
import type { Told } from '../rig/news.ts';
import type { Quarantined, Sighting, WhyQuarantined } from '../rig/quarantine.ts';
import type { RigRecord } from '../rig/record.ts';
import type { HostName, LanId, Person, Rig, RigId, UserId } from '../rig/rig.ts';
import type { Survey } from '../rig/survey.ts';
import type { SeenUse } from '../rig/use.ts';
import type { UseSample } from '../rig/use-sample.ts';
import type { CardPlace } from './outbox.ts';
import type { RigFile } from './rig-files.ts';

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
  /** Name, quotas, slot and address, the rig itself and its news: all or nothing, in one script. */
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
   * or nothing.
   */
  readonly swap: (change: {
    readonly rig: UnplacedRig;
    readonly version: number;
    readonly told: readonly Told[];
    readonly audit?: AuditEntry | undefined;
    readonly setAside: Quarantined;
  }) => Promise<
    | { readonly kind: 'swapped'; readonly rig: Rig }
    | { readonly kind: 'conflict' }
    | { readonly kind: 'no-address' }
  >;
  /** All living ones of this host. */
  readonly onHost: (host: HostName) => Promise<readonly StoredRig[]>;
  /**
   * Takes in what a host has, with its news, in one script: name, slot and address unless another has them; no quota is
   * asked. One that is over holds nothing. `expected`: the version that was read; none where the registry did not know it.
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
  | { readonly kind: 'name-taken' | 'address-held'; readonly holder: RigId };

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

export type Hosts = {
  /** All registered hosts with what is free on them at this moment. */
  readonly list: () => Promise<readonly Host[]>;
  /** The same for whoever asks often: only what changed since it last asked is read. */
  readonly current: () => Promise<readonly Host[]>;
  /** Median of the last times to ready on this host, once there are three. */
  readonly usualTook: (host: HostName) => Promise<Duration | undefined>;
  readonly recordTook: (host: HostName, took: Duration) => Promise<void>;
  /** From then on no claim is taken on it, whoever registers it; false where it was so already, and by whom stays. */
  readonly drain: (host: HostName, mark: Draining) => Promise<boolean>;
  /** False where it was not draining. */
  readonly undrain: (host: HostName) => Promise<boolean>;
  /**
   * Its registration, its pools and all marks go. Not while its worker is there (`present`), nor while rigs have slots on it
   * (`has-rigs`).
   */
  readonly forget: (host: HostName) => Promise<'forgotten' | 'present' | 'has-rigs' | 'unknown'>;
};

/** Passes that would remove many of a host's rigs, and wait for a yes. */
export type Breaker = {
  readonly list: () => Promise<readonly Tripped[]>;
  /** A yes that was given already stays. Gives it as it is kept. */
  readonly put: (tripped: Omit<Tripped, 'allowed'>) => Promise<Tripped>;
  readonly allow: (host: HostName, by: Person, at: Instant) => Promise<'allowed' | 'nothing-waits'>;
  readonly clear: (host: HostName) => Promise<void>;
};

/** A rig as its host's disk has it, read again. */
export type KeptRig = {
  readonly rig: Rig;
  readonly version: number;
  readonly card: CardPlace | undefined;
};

export type Surveys = {
  /** Over the one before. */
  readonly put: (survey: Survey<RigFile>) => Promise<void>;
  /** Those that came after `cursor`, 0 at first, the earliest first, and from where to ask on. */
  readonly since: (
    cursor: number,
  ) => Promise<{ readonly surveys: readonly Survey<KeptRig>[]; readonly cursor: number }>;
  readonly of: (host: HostName) => Promise<Survey<KeptRig> | undefined>;
  /** Of all hosts that ever said something. */
  readonly all: () => Promise<readonly Survey<KeptRig>[]>;
  /** What nobody knew at earlier surveys of this host, each with the first one's time. */
  readonly sighted: (host: HostName) => Promise<ReadonlyMap<string, Instant>>;
  /** Over the ones before. */
  readonly sight: (host: HostName, sightings: ReadonlyMap<string, Instant>) => Promise<void>;
};

/** What the registry holds of rigs, for their hosts' own disks. */
export type Records = {
  /** Rises with each change of one of this host's rigs; what only its card has changed in, it does not count. */
  readonly changes: (host: HostName) => Promise<number>;
  /** Of all living rigs of this host. */
  readonly ofHost: (host: HostName) => Promise<readonly RigRecord[]>;
  readonly of: (rig: RigId) => Promise<RigRecord | undefined>;
};

/** Which registry this is, and where it is finding out what there is. */
export type Epochs = {
  /** Compares with what was seen; with a host, its LAN is marked where that is called for. `rise`: counts as a change. */
  readonly look: (asking: {
    readonly seen: SeenEpoch | undefined;
    readonly host?: { readonly name: HostName; readonly lan: LanId } | undefined;
    readonly rise?: boolean | undefined;
  }) => Promise<EpochLook>;
  /** As this process last saw it, its own changes since counted; `undefined` before its first look. */
  readonly known: () => KnownEpoch | undefined;
  /** Its id at this moment. */
  readonly current: () => Promise<string | undefined>;
  /** LANs of which nothing is given out at the moment, each since when. */
  readonly adopting: () => Promise<ReadonlyMap<LanId, Instant>>;
  /** What this host has is in the registry. */
  readonly markAdopted: (host: HostName, epoch: Epoch['id']) => Promise<void>;
  readonly isAdopted: (host: HostName, epoch: Epoch['id']) => Promise<boolean>;
  /** Ends it, unless a host of the LAN is present that this epoch has not taken in: then false. */
  readonly finish: (lan: LanId, epoch: Epoch['id']) => Promise<boolean>;
};

export type Fence = { readonly claim: (rig: RigId) => Promise<HeldClaim | undefined> };

/** One LAN as operators look at it. */
export type LanMap = {
  readonly lan: LanId;
  /** `range` as it was written; `free`: how many addresses of it a claim may take. */
  readonly hosts: readonly (Pick<Registration, 'name' | 'range' | 'shared' | 'notes'> & {
    readonly size: number;
    readonly free: number;
  })[];
  readonly held: ReadonlyMap<string, RigId>;
  readonly quarantined: ReadonlyMap<string, Quarantined>;
};

/** What a host may probe at the moment. */
export type ToProbe = {
  /** The next ones that a claim would take, with the moment until which their last silence counts. */
  readonly free: readonly { readonly address: string; readonly until: Instant }[];
  /** Those of its range that are set aside because somebody answered. */
  readonly answered: readonly string[];
};

/** The addresses of the LANs: which are set aside and why, and what hosts saw on them. */
export type Addresses = {
  /** Every LAN with a host, in the order of their names. */
  readonly map: () => Promise<readonly LanMap[]>;
  /** What is set aside on each LAN where anything is. */
  readonly quarantined: () => Promise<ReadonlyMap<LanId, ReadonlyMap<string, Quarantined>>>;
  /**
   * Out of every pool, and out of reach of claims. `held`: a rig has it, so that no stranger was seen; `known`: it is set
   * aside already; `released`: a rig of ours had it until after `entry.at`, which may be whom somebody saw.
   */
  readonly quarantine: (
    lan: LanId,
    address: string,
    entry: Quarantined,
  ) => Promise<'quarantined' | 'held' | 'known' | 'released'>;
  /** Back into the pools of the hosts in whose range it is, as the last one, unless a rig holds it. `why`: only if it is this. */
  readonly release: (
    lan: LanId,
    address: string,
    why?: WhyQuarantined,
  ) => Promise<'released' | 'not-quarantined'>;
  /** Overwrites what this host said before. */
  readonly sight: (sighting: Sighting) => Promise<void>;
  readonly sightings: () => Promise<readonly Sighting[]>;
  /** For the host itself; `count` free ones at most. */
  readonly toProbe: (lan: LanId, host: HostName, count: number) => Promise<ToProbe>;
  /** Nobody answered on these; a claim takes one of which that counts before it takes another. */
  readonly silent: (
    lan: LanId,
    host: HostName,
    addresses: readonly string[],
    until: Instant,
  ) => Promise<void>;
};

export type Taking =
  | { readonly kind: 'taken' }
  | { readonly kind: 'held'; readonly session: string }
  /** Another host of the LAN has these addresses, in the order of the range, and not both of them share theirs. */
  | { readonly kind: 'overlap'; readonly host: HostName; readonly addresses: readonly string[] };

/** The exclusive lock on a host name, and what the host says of itself. */
export type Presence = {
  /**
   * Takes the lock, or says who has it, or with whose range that of the registration overlaps. `asks`: the registry has not
   * taken in yet what is on this host, so that its LAN is in adoption from then on.
   */
  readonly take: (registration: Registration, session: string, asks?: boolean) => Promise<Taking>;
  /** Keeps it for another while; false if somebody else has it now. */
  readonly keep: (host: HostName, session: string) => Promise<boolean>;
  readonly giveBack: (host: HostName, session: string) => Promise<void>;
};
