// What a probe works with, and what is wanted of it.

import type { WorkerConfig } from '../../config.ts';
import type { ConnectedEngine } from '../../docker/connect.ts';
import type { HostAsker } from '../../queue/ask-host.ts';
import type { Examiner } from '../../redis/examine.ts';
import type { Registry } from '../../redis/registry.ts';
import type { Duration } from '../../rig/duration.ts';

export type ProbePlaces = {
  readonly config: WorkerConfig;
  readonly registry: Pick<Registry, 'hosts' | 'addresses' | 'reaches' | 'clock'>;
  readonly examiner: Pick<Examiner, 'takeTurn' | 'giveTurn'>;
  readonly asker: HostAsker;
  readonly engine: ConnectedEngine;
};

export type ProbeWish = {
  /** Names this doctor among others. */
  readonly session: string;
  /** How long a colleague is waited for, where there is no other host to ask. */
  readonly wait: Duration;
  /** For whoever watches. */
  readonly progress: (text: string) => void;
  /** Ends it: all is taken back then. */
  readonly signal: AbortSignal;
};
