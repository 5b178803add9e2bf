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
import type { ReadySettings } from './await-ready.ts';
import type { ImageKeeper } from './keep-images.ts';
import type { HostLicences } from './licences.ts';

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
  /** Tells the LAN of a rig that has started. Nobody waits for it; it never throws. */
  readonly announce: (container: string, address: string) => void;
};

export type HostSettings = {
  readonly host: HostName;
  /** The worker's own Docker network. */
  readonly network: string;
  /** The image's name without its tag. */
  readonly repository: string;
  readonly licences: HostLicences;
  readonly keyId: string;
  readonly memoryBytes: number;
  readonly cpus: number | undefined;
  readonly ready: ReadySettings;
  /** After so long an engine that is being stopped answers no more: only then is a rig that ended declared dead. */
  readonly lookAgain: Duration;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGrace: Duration;
  /** Between two reports of a pull's progress. */
  readonly progressEvery: Duration;
  readonly tailLines: number;
};
