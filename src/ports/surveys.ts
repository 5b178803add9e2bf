// What hosts say that they have, what they keep of it on their own disks, and which registry it is that asks.

import type { Instant } from '../rig/duration.ts';
import type { Epoch, EpochLook, KnownEpoch, SeenEpoch } from '../rig/epoch.ts';
import type { RigRecord } from '../rig/record.ts';
import type { HostName, LanId, Rig, RigId } from '../rig/rig.ts';
import type { Survey } from '../rig/survey.ts';
import type { CardPlace } from './outbox.ts';
import type { RigFile } from './rig-files.ts';

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
