// What a probe works with, and what is wanted of it.

import type { WorkerConfig } from '../../config.ts';
import type { ConnectedEngine } from '../../docker/connect.ts';
import type { ContainerNetwork, Engine } from '../../ports/engine.ts';
import type { HostAsker } from '../../queue/ask-host.ts';
import type { reachPorts } from '../../reach-port.ts';
import type { Examiner } from '../../redis/examine.ts';
import type { Registry } from '../../redis/registry.ts';
import { type Duration, second } from '../../rig/duration.ts';
import type { WcsConf } from '../../rig/wcs-conf.ts';

/** How a rig is on this address (not at all, where it is none of this host's), with which settings, and what is in its way. */
export type PlaceOf = (
  engine: Pick<Engine, 'ensureNetwork'>,
  config: WorkerConfig,
  address: string,
) => Promise<{
  readonly network: ContainerNetwork | undefined;
  readonly conf: WcsConf;
  readonly taken: readonly number[];
}>;

export type ProbePlaces = {
  readonly config: WorkerConfig;
  readonly registry: Pick<Registry, 'hosts' | 'addresses' | 'reaches' | 'clock'>;
  readonly examiner: Pick<Examiner, 'takeTurn' | 'giveTurn'>;
  readonly asker: HostAsker;
  readonly engine: Pick<
    ConnectedEngine,
    | 'ensureNetwork'
    | 'layOver'
    | 'localImage'
    | 'start'
    | 'listeningPorts'
    | 'logTail'
    | 'announcer'
    | 'probeRigs'
  >;
  readonly placeOf: PlaceOf;
  /** From this host itself. */
  readonly reach: typeof reachPorts;
};

export type ProbePace = {
  /** Without a word for so long, a doctor has ended. */
  readonly turn: Duration;
  /** How long a host is waited for: it takes a job at once, and tries for as long as this leaves it. */
  readonly answer: Duration;
  /** For each try from this host itself, which is next to the rig. */
  readonly own: Duration;
};

export const usualPace: ProbePace = { turn: 10 * second, answer: 8 * second, own: 1.5 * second };

export type ProbeWish = {
  /** Names this doctor among others. */
  readonly session: string;
  /** How long a colleague is waited for, where there is no other host to ask. */
  readonly wait: Duration;
  readonly pace: ProbePace;
  /** For whoever watches. */
  readonly progress: (text: string) => void;
  /** Ends it: all is taken back then. */
  readonly signal: AbortSignal;
};
