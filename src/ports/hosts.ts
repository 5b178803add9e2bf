// Hosts, their addresses and their presence, as bot and worker speak to the registry about them.

import type { Tripped } from '../rig/breaker.ts';
import type { Duration, Instant } from '../rig/duration.ts';
import type { Draining, Host, Registration } from '../rig/host.ts';
import type { Quarantined, Sighting, WhyQuarantined } from '../rig/quarantine.ts';
import type { HostName, LanId, Person, RigId } from '../rig/rig.ts';

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
  /** What is set aside on each LAN where anything is, also where no host is any more. */
  readonly quarantined: () => Promise<ReadonlyMap<LanId, ReadonlyMap<string, Quarantined>>>;
  /**
   * Out of every pool, and out of reach of claims. `held`: a rig has it, so that no stranger was seen; `known`: it is set
   * aside already; `released`: a rig of ours had it until after `entry.at`, which may be whom somebody saw; `adopting`: rigs of
   * ours may be there that are not known yet.
   */
  readonly quarantine: (
    lan: LanId,
    address: string,
    entry: Quarantined,
  ) => Promise<'quarantined' | 'held' | 'known' | 'released' | 'adopting'>;
  /** Back into the pools of the hosts in whose range it is, as the last one, unless a rig holds it. `why`: only if it is this. */
  readonly release: (
    lan: LanId,
    address: string,
    why?: WhyQuarantined,
  ) => Promise<'released' | 'not-quarantined'>;
  /** Overwrites what this host said before. */
  readonly sight: (sighting: Sighting) => Promise<void>;
  readonly sightings: () => Promise<readonly Sighting[]>;
  /** For the host itself; `count` free ones at most. Nothing while its LAN is in adoption: our own rigs would answer. */
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
