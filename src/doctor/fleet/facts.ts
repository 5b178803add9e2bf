// What is known of a fleet before anything is judged: who is there, by the registry, and what this machine's environment says.

import type { WorkerConfig } from '../../config.ts';
import type { BotNote } from '../../ports/bots.ts';
import type { LanMap } from '../../ports/hosts.ts';
import type { Instant } from '../../rig/duration.ts';
import { type Host, isSameHost } from '../../rig/host.ts';
import type { Check } from '../finding.ts';

/** As the registry has it. `range` and `shared` as its worker registered them. */
export type FleetHost = Pick<
  Host,
  'name' | 'state' | 'seen' | 'draining' | 'network' | 'keyId' | 'versions'
> &
  Pick<LanMap['hosts'][number], 'range' | 'shared' | 'notes'>;

/** What this machine's environment says of itself. */
export type Own = {
  readonly version: string;
  /** Of its secrets, the current one first; empty where it has none. */
  readonly keyIds: readonly string[];
  /** As the machine calls itself. */
  readonly machine: string;
  /** Where it is a host. */
  readonly worker: Pick<WorkerConfig, 'host' | 'network' | 'rangeShared'> | undefined;
};

export type FleetFacts = {
  readonly own: Own;
  readonly hosts: readonly FleetHost[];
  readonly bots: readonly BotNote[];
  /** Who serves the name of this host: machine, process id, and something random. */
  readonly servedBy: string | undefined;
  readonly now: Instant;
};

export type FleetCheck = Check<FleetFacts>;

export const isPresent = ({ state }: FleetHost): boolean => state !== 'unreachable';

/** The machine that a session names. */
export const machineOf = (session: string): string => session.split(' ')[0] ?? session;

export const ownRegistration = ({ own, hosts }: FleetFacts): FleetHost | undefined => {
  const { worker } = own;
  return worker && hosts.find(({ name }) => isSameHost(name, worker.host));
};
