// What every part of the adapter works with.

import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';
import type { Client } from './client.ts';

export type Timeouts = {
  /** For questions: lists, inspections, the like. */
  readonly answer: Duration;
  /** For making, starting and removing a container on a busy machine. */
  readonly action: Duration;
  /** A registry's answer to a look-up, as seen through the engine. */
  readonly registry: Duration;
  /** A pull may take as long as it moves; without any word for this long it is given up. */
  readonly pullSilence: Duration;
};

export type Context = {
  readonly client: Client;
  readonly installation: string;
  readonly registryAuthFile: string | undefined;
  readonly noNewPrivileges: boolean;
  readonly timeouts: Timeouts;
  readonly log: Log;
  /** Containers with our label and not our facts that were told of: once is enough. */
  readonly toldOf: Set<string>;
  /**
   * Containers whose memory ran out, as events tell. Where the engine hears of that only after their end, their own state never
   * says it.
   */
  readonly ranOut: Set<string>;
};
