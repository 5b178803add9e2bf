// The bots that there are, as each says of itself. Nobody decides anything by it: it is for whoever looks what runs.

import type { Duration, Instant } from '../rig/duration.ts';

export type BotNote = {
  readonly v: 1;
  /** Tells one process from another, and people which it is: machine, process id, and something random. */
  readonly session: string;
  /** Of the secrets that it knows, the current one first. */
  readonly keyIds: readonly string[];
  readonly version: string;
  readonly since: Instant;
};

export type Bots = {
  /** Counts for `length`; whoever goes on says it again by then. */
  readonly note: (bot: BotNote, length: Duration) => Promise<void>;
  readonly leave: (session: string) => Promise<void>;
  /** Those that are there, by their sessions. */
  readonly list: () => Promise<readonly BotNote[]>;
};
