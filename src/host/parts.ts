// What the worker's use cases work with: the ports, and what the configuration says of this host.

import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Reports } from '../ports/queue.ts';
import type { Fence } from '../ports/registry.ts';
import type { RigFiles } from '../ports/rig-files.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Records } from '../ports/surveys.ts';
import type { Duration } from '../rig/duration.ts';
import type { Epoch } from '../rig/epoch.ts';
import type { HostName } from '../rig/rig.ts';
import type { WcsConf } from '../rig/wcs-conf.ts';
import type { ReadySettings } from './await-ready.ts';
import type { HostNetworking } from './container-network.ts';
import type { ImageKeeper } from './keep-images.ts';
import type { HostLicences } from './licences.ts';
import type { OwnListeners } from './own-listeners.ts';

export type HostPorts = {
  readonly engine: Engine;
  readonly fence: Fence;
  readonly records: Records;
  readonly epochs: {
    /** The id of the registry that is in force. */
    readonly current: () => Promise<Epoch['id'] | undefined>;
    /** The same, after a look whether it is an older one than this host has seen: that one gets another id. */
    readonly look: () => Promise<Epoch['id'] | undefined>;
  };
  readonly reports: Reports;
  readonly rigFiles: RigFiles;
  readonly images: ImageKeeper;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  /** Who listens on this machine. */
  readonly listeners: OwnListeners;
  /** A rig on the host's own network was seen to listen on all addresses, not on its own alone. */
  readonly onListensEverywhere: () => void;
  /** Tells the LAN of a rig that has started. Nobody waits for it; it never throws. */
  readonly announce: (container: string, address: string) => void;
};

export type HostSettings = {
  readonly host: HostName;
  readonly networking: HostNetworking;
  /** Leased address → the one that others see, where that is another one. */
  readonly external: Readonly<Record<string, string>>;
  /** The image's name without its tag. */
  readonly repository: string;
  readonly licences: HostLicences;
  readonly keyId: string;
  readonly memoryBytes: number;
  readonly cpus: number | undefined;
  /** Laid over WCS's own files in each container before its first start. */
  readonly conf: WcsConf;
  readonly ready: ReadySettings;
  /** After so long an engine that is being stopped answers no more: only then is a rig that ended declared dead. */
  readonly lookAgain: Duration;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGrace: Duration;
  /** Between two reports of a pull's progress. */
  readonly progressEvery: Duration;
  readonly tailLines: number;
};
