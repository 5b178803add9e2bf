// The narrow interfaces that control/ and host/ speak to, in our words. Adapters stand in redis/, queue/, docker/ and
// slack/; one contract suite per port runs on the fake and on the real adapter.

import type { AuditEntry } from './rig/audit.ts';
import type { ClaimOutcome, ClaimRequest, HeldClaim } from './rig/claim.ts';
import type { Duration, Instant } from './rig/duration.ts';
import type { Host, Registration } from './rig/host.ts';
import type { Job, LaunchJob } from './rig/job.ts';
import type { RigName } from './rig/name.ts';
import type { News, Told } from './rig/news.ts';
import type { Notice } from './rig/notice.ts';
import type { Report } from './rig/report.ts';
import type { ChannelId, HostName, NetworkMode, Person, Rig, RigId, UserId } from './rig/rig.ts';
import type { SeenUse, Statistics } from './rig/use.ts';
import type { UseSample } from './rig/use-sample.ts';

/** Redis, and the queue with it, does not answer: the user is told so at once. Everything else that throws is a fault. */
export class QueueDown extends Error {
  override readonly name = 'QueueDown';
}

/** Docker does not answer: the job is tried again later. */
export class EngineDown extends Error {
  override readonly name = 'EngineDown';
}

/** The engine answered "no"; the message is its one line. Trying the same again is of no use. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused';
}

/** One line, facts as fields; secrets never. */
export type Log = {
  readonly info: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (facts: Readonly<Record<string, unknown>>, message: string) => void;
};

/** Redis' time plus the measured offset; throws QueueDown until it was measured once. */
export type Clock = { readonly now: () => Instant };

// ── the registry ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A rig with the version that a save has to name. */
export type StoredRig = { readonly rig: Rig; readonly version: number };

export type Rigs = {
  readonly get: (id: RigId) => Promise<StoredRig | undefined>;
  /** Among the living only. */
  readonly named: (name: RigName) => Promise<StoredRig | undefined>;
  /** All living rigs, oldest first. */
  readonly living: () => Promise<readonly Rig[]>;
  /** Those that may still go on, and may stop before this moment: at their end, or for want of use. The earliest first. */
  readonly endingBefore: (moment: Instant) => Promise<readonly Rig[]>;
  /** A person's living rigs, oldest first. */
  readonly ownedBy: (user: UserId) => Promise<readonly Rig[]>;
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
    readonly audit?: AuditEntry | undefined;
    readonly perUser?: number | undefined;
  }) => Promise<'saved' | 'conflict' | 'user-quota'>;
};

/** Who did what, append-only. What changes a rig is written with the change; this is for all else, and for reading. */
export type Audit = {
  readonly append: (entry: AuditEntry) => Promise<void>;
  /** The last `count` about rigs of this name, oldest first. */
  readonly ofRig: (name: RigName, count: number) => Promise<readonly AuditEntry[]>;
  /** All there are, oldest first, `count` at a time; `next` is undefined at the end. */
  readonly page: (
    after: string | undefined,
    count: number,
  ) => Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | undefined }>;
};

/** What operators are to be told, each cause once in a while. */
export type Notices = {
  /** Nothing happens where this cause waits already, or was told within `quiet`. */
  readonly put: (notice: Notice, quiet: Duration) => Promise<void>;
  /** Takes one that waits, for `length`: told by then, or somebody else takes it. */
  readonly take: (length: Duration) => Promise<Notice | undefined>;
  readonly told: (notice: Notice) => Promise<void>;
};

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
  /** Of all living rigs that were looked at. */
  readonly all: () => Promise<ReadonlyMap<RigId, SeenUse>>;
};

export type Hosts = {
  /** All registered hosts with what is free on them at this moment. */
  readonly list: () => Promise<readonly Host[]>;
  /** Median of the last times to ready on this host, once there are three. */
  readonly usualTook: (host: HostName) => Promise<Duration | undefined>;
  readonly recordTook: (host: HostName, took: Duration) => Promise<void>;
};

/** `lost-place`: the bot was removed from there, or it was archived; `deleted`: somebody deleted the card. */
export type WhyDirect = 'cannot-post' | 'shared-channel' | 'quietly' | 'lost-place' | 'deleted';

/** Where a rig's card is. Kept beside the rig, since only the teller writes it. */
export type CardPlace = {
  readonly channel: ChannelId;
  /** Slack's timestamp, the message's id. */
  readonly ts: string;
  /** Why it is in a direct message; absent where it is in the channel that was asked in. */
  readonly because?: WhyDirect | undefined;
  /** The message in its thread whose buttons still stand: a reminder, a crash. */
  readonly open?: { readonly channel: ChannelId; readonly ts: string } | undefined;
  /** Where it was before we could write there no more: it may be possible again. */
  readonly left?: { readonly channel: ChannelId; readonly ts: string } | undefined;
};

/** The events to be told, in order per rig. */
export type Outbox = {
  /** Rigs with news, longest waiting first. */
  readonly waiting: () => Promise<readonly RigId[]>;
  /** The exclusive right to drain one rig's list for a while; `undefined` if another drainer has it. */
  readonly lease: (rig: RigId, length: Duration) => Promise<OutboxLease | undefined>;
};

export type OutboxLease = {
  readonly entries: () => Promise<readonly OutboxEntry[]>;
  /** Notes, before it is sent, that an entry is on its way: found so again, its fate is unknown. */
  readonly sending: (id: Told['id']) => Promise<void>;
  /** Holds it for another while; false if it was lost. */
  readonly keep: () => Promise<boolean>;
  /** Takes the first `count` entries off the list and keeps where the card is now; false if the lease was lost. */
  readonly done: (count: number, card: CardPlace | undefined) => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
};

export type OutboxEntry = Told & {
  /** A drainer had begun to send it, and did not come to say how it went. */
  readonly uncertain: boolean;
};

export type Cards = {
  readonly get: (rig: RigId) => Promise<CardPlace | undefined>;
  readonly put: (rig: RigId, place: CardPlace) => Promise<void>;
};

// ── the queue ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The bot's side. */
export type Jobs = {
  /** Adding a job whose id is stored already changes nothing. */
  readonly send: (host: HostName, job: Job) => Promise<void>;
  /** Takes a job out that no worker has ever begun; false if one has, or it is not there. */
  readonly withdraw: (host: HostName, job: Job) => Promise<boolean>;
  /** Wakes a drainer for this rig's outbox. */
  readonly wakeTeller: (rig: RigId) => Promise<void>;
};

/** The worker's side. */
export type Reports = { readonly send: (report: Report) => Promise<void> };

// ── Slack ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What came of telling one piece of news. */
export type Telling =
  | { readonly kind: 'told'; readonly card?: CardPlace | undefined }
  /** Slack is slow, silent or says "later": nothing is lost, it stays first in the list. */
  | { readonly kind: 'later'; readonly after: Duration }
  /** It can never be told: dropped, and those who run the bot hear of it. `gone`: whose accounts are closed. */
  | { readonly kind: 'impossible'; readonly why: string; readonly gone?: readonly Person[] | undefined };

export type Teller = {
  readonly tell: (telling: {
    readonly rig: Rig;
    readonly news: News;
    readonly id: Told['id'];
    readonly card: CardPlace | undefined;
    /** An earlier attempt may have arrived: look for it first. */
    readonly uncertain: boolean;
  }) => Promise<Telling>;
};

// ── the worker's side of the registry ───────────────────────────────────────────────────────────────────────────────

export type Fence = { readonly claim: (rig: RigId) => Promise<HeldClaim | undefined> };

/** The exclusive lock on a host name, and what the host says of itself. */
export type Presence = {
  /** Takes the lock, or says who has it. */
  readonly take: (
    registration: Registration,
    session: string,
  ) => Promise<{ readonly kind: 'taken' } | { readonly kind: 'held'; readonly session: string }>;
  /** Keeps it for another while; false if somebody else has it now. */
  readonly keep: (host: HostName, session: string) => Promise<boolean>;
  readonly giveBack: (host: HostName, session: string) => Promise<void>;
};

// ── the engine ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the worker's own network has to look like. */
export type NetworkPlan = {
  readonly name: string;
  readonly mode: NetworkMode;
  /** The host's interface; none for a bridge. */
  readonly parent: string | undefined;
  readonly subnet: string;
  readonly gateway: string | undefined;
};

export type NetworkOutcome =
  | { readonly kind: 'found' | 'created' }
  /** It is there and differs: `what is 10.0.0.0/24 and should be 10.0.1.0/24`. */
  | { readonly kind: 'differs'; readonly differences: readonly string[] }
  /** The engine refused to make it; `detail` is its one line. */
  | { readonly kind: 'refused'; readonly detail: string };

/** One image on the engine, by its id (`sha256:…`). */
export type LocalImage = {
  readonly id: string /** The first 12 hex digits of the id, as `docker images` shows them */;
  readonly digest: string;
};

export type ContainerState = 'created' | 'running' | 'paused' | 'exited' | 'removing';

/** A container with our installation's labels. */
export type RigContainer = {
  /** The engine's id. */
  readonly container: string;
  readonly name: string;
  readonly rig: RigId;
  readonly generation: number;
  readonly address: string;
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly image: LocalImage;
};

/** All that a container is made of. `environment` holds secrets: it goes into the request's body, never into its URL. */
export type ContainerSpec = {
  readonly job: LaunchJob;
  /** `sha256:…`, so that what was looked up is what runs. */
  readonly image: string;
  readonly network: string;
  readonly password: string;
  readonly licence: string | undefined;
  /** An HMAC of the licence, and of the secret: what labels may show. */
  readonly licenceId: string | undefined;
  readonly keyId: string;
  readonly memoryBytes: number;
  readonly cpus: number | undefined;
};

export type PullOutcome =
  | { readonly kind: 'pulled' }
  /** Denied, no such tag, cut connection, an error inside the stream: `detail` is one line. */
  | { readonly kind: 'failed'; readonly detail: string };

export type RegistryAnswer =
  /** The manifest's digest, `sha256:…`. */
  { readonly kind: 'digest'; readonly digest: string } | { readonly kind: 'silent'; readonly detail: string };

/** Docker, in our words. Methods are asked by rig and generation or by the engine's container id; all may be repeated. */
export type Engine = {
  readonly version: () => Promise<string>;
  readonly ensureNetwork: (plan: NetworkPlan) => Promise<NetworkOutcome>;

  /** The local image of this reference (`name:tag`), and the registry digests it is known under. */
  readonly localImage: (
    reference: string,
  ) => Promise<(LocalImage & { readonly registryDigests: readonly string[] }) | undefined>;
  /** Asks the registry what the reference points to now. */
  readonly registryDigest: (reference: string, signal: AbortSignal) => Promise<RegistryAnswer>;
  readonly pull: (
    reference: string,
    onPercent: (percent: number | undefined) => void,
    signal: AbortSignal,
  ) => Promise<PullOutcome>;
  /**
   * Removes images of this repository that no container uses and that have no other repository's name, but for the `keep`
   * that were made or pulled last. Gives the ids of those that went.
   */
  readonly pruneImages: (repository: string, keep: number) => Promise<readonly string[]>;

  /** All containers of this installation. */
  readonly rigs: () => Promise<readonly RigContainer[]>;
  /** This rig's containers, whatever their generation. */
  readonly rigContainers: (rig: RigId) => Promise<readonly RigContainer[]>;
  readonly create: (spec: ContainerSpec) => Promise<RigContainer>;
  /** `address-in-use`: Docker's own word for a taken address. */
  readonly start: (container: string) => Promise<'started' | 'address-in-use'>;
  /** SIGTERM, then SIGKILL after `grace`, then removed. A container that is not there is as good. */
  readonly remove: (container: string, grace: Duration) => Promise<void>;
  readonly inspect: (container: string) => Promise<RigContainer | undefined>;
  /** The ports it listens on, seen from inside; `undefined` if that cannot be seen at the moment (paused, ended). */
  readonly listeningPorts: (container: string) => Promise<ReadonlySet<number> | undefined>;
  readonly logTail: (container: string, lines: number) => Promise<readonly string[]>;
  /**
   * What its interfaces but loopback have carried since it was started; `undefined` if that cannot be seen (paused, ended,
   * an image without `cat`).
   */
  readonly networkBytes: (
    container: string,
  ) => Promise<{ readonly received: number; readonly sent: number } | undefined>;
  /** WCS's own statistics, asked from inside; `undefined` where they do not answer. */
  readonly statistics: (container: string) => Promise<Statistics | undefined>;
};

// ── the worker's own disk ───────────────────────────────────────────────────────────────────────────────────────────

/** The worker's signed note about a rig. */
export type RigFile = Pick<
  LaunchJob,
  'rig' | 'generation' | 'name' | 'owner' | 'lan' | 'address' | 'created' | 'lease'
>;

export type RigFiles = {
  readonly write: (file: RigFile) => Promise<void>;
  /** `undefined` if there is none, or it is not ours: a forged one is the same as none, with a log line. */
  readonly read: (rig: RigId) => Promise<RigFile | undefined>;
  readonly remove: (rig: RigId) => Promise<void>;
};

/** What is derived from the fleet's secret. */
export type Secrets = {
  /** The SSH password of one generation of a rig. */
  readonly password: (rig: RigId, generation: number) => string;
  /** Cuts every known secret out of a text. */
  readonly redact: (text: string, known: readonly string[]) => string;
};
