// Docker, in our words.

import type { Duration, Instant } from '../rig/duration.ts';
import type { LaunchJob } from '../rig/job.ts';
import type { LicenceId, NetworkMode, RigId } from '../rig/rig.ts';
import type { Birth, ContainerState } from '../rig/survey.ts';
import type { Statistics } from '../rig/use.ts';
import type { WcsConf } from '../rig/wcs-conf.ts';

/** What the worker's own network has to look like. */
export type NetworkPlan = {
  readonly name: string;
  /** Docker's driver. */
  readonly mode: Exclude<NetworkMode, 'publish' | 'host'>;
  /** The host's interface; none for a bridge. */
  readonly parent: string | undefined;
  readonly subnet: string;
  readonly gateway: string | undefined;
};

export type NetworkOutcome =
  /** `name`: the plan's, or that of one which somebody else made and which fits. */
  | { readonly kind: 'found' | 'created'; readonly name: string }
  /** It is there and differs: `what is 10.0.0.0/24 and should be 10.0.1.0/24`. */
  | { readonly kind: 'differs'; readonly differences: readonly string[] }
  /** The engine refused to make it; `detail` is its one line. */
  | { readonly kind: 'refused'; readonly detail: string };

/** One image on the engine, by its id (`sha256:…`). */
export type LocalImage = {
  readonly id: string /** The first 12 hex digits of the id, as `docker images` shows them */;
  readonly digest: string;
};

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
  /** Of the licence that it was made with, claimed or not; older ones may not say. */
  readonly licenceId?: LicenceId | undefined;
  /** When it was made, by the engine's clock. */
  readonly madeAt: Instant;
  readonly birth: Birth | undefined;
};

/** How a container is on the network. */
export type ContainerNetwork =
  /** The leased address is its own, on this Docker network. */
  | { readonly kind: 'own-address'; readonly network: string }
  /** The leased address is the host's: these ports on it lead to `inside`, the container's address on this Docker network. */
  | {
      readonly kind: 'published';
      readonly network: string;
      readonly inside: string;
      readonly tcp: readonly number[];
      /** UDP. */
      readonly media: { readonly first: number; readonly last: number };
    }
  /** The host's own network, of which the leased address is one. */
  | { readonly kind: 'host' };

/** All that a container is made of. `environment` holds secrets: it goes into the request's body, never into its URL. */
export type ContainerSpec = {
  readonly job: LaunchJob;
  /** `sha256:…`, so that what was looked up is what runs. */
  readonly image: string;
  readonly network: ContainerNetwork;
  /** The address that others reach it at, as its server is told. */
  readonly external: string;
  readonly password: string;
  readonly licence: string | undefined;
  /** What labels may show of it. */
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
  /** Another one after each start of the engine; `undefined` where that cannot be seen. */
  readonly incarnation: () => Promise<string | undefined>;
  readonly ensureNetwork: (plan: NetworkPlan) => Promise<NetworkOutcome>;

  /** The local image of this reference (`name:tag`), and the registry digests it is known under. */
  readonly localImage: (
    reference: string,
  ) => Promise<(LocalImage & { readonly registryDigests: readonly string[] }) | undefined>;
  /** The tags of this repository that are on the engine, sorted. */
  readonly localTags: (repository: string) => Promise<readonly string[]>;
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
  /**
   * Calls back whenever a container of this installation was made, started, ended, paused, renamed or removed. Resolves when
   * the engine ends it, which it does when it goes away, or `signal` does.
   */
  readonly watchEvents: (signal: AbortSignal, onEvent: () => void) => Promise<void>;
  /** This rig's containers, whatever their generation. */
  readonly rigContainers: (rig: RigId) => Promise<readonly RigContainer[]>;
  readonly create: (spec: ContainerSpec) => Promise<RigContainer>;
  /** Lays this over WCS's own files; for one that was not started yet, since WCS reads them at its start. */
  readonly layOver: (container: string, conf: WcsConf) => Promise<void>;
  /** `address-in-use`: Docker's own word for a taken address. */
  readonly start: (container: string) => Promise<'started' | 'address-in-use'>;
  /** SIGTERM, then SIGKILL after `grace`, then removed. A container that is not there is as good. */
  readonly remove: (container: string, grace: Duration) => Promise<void>;
  readonly inspect: (container: string) => Promise<RigContainer | undefined>;
  /**
   * The ports it listens on, seen from inside; `undefined` if that cannot be seen at the moment (paused, ended). `on`: only
   * those that answer on this address, for a container that shares its network with others.
   */
  readonly listeningPorts: (container: string, on?: string) => Promise<ReadonlySet<number> | undefined>;
  readonly logTail: (container: string, lines: number) => Promise<readonly string[]>;
  /**
   * What its interfaces but loopback have carried since it was started; `undefined` if that cannot be seen (paused, ended,
   * an image without `cat`).
   */
  readonly networkBytes: (
    container: string,
  ) => Promise<{ readonly received: number; readonly sent: number } | undefined>;
  /**
   * WCS's own statistics, asked from inside; `undefined` where they do not answer. `on`: over this address and not over
   * loopback, for a container that shares its network with others.
   */
  readonly statistics: (container: string, on?: string) => Promise<Statistics | undefined>;
};
