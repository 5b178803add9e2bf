// What is looked at of this machine itself. Its configuration is part of it: what is wrong there is said here, and nowhere else.

import type { ConfigReading, WorkerConfig } from '../config.ts';
import type { Machine } from '../machine.ts';
import { checkConfiguration } from './check-environment.ts';
import type { Finding } from './finding.ts';

export type HostPart = {
  readonly reading: ConfigReading<WorkerConfig>;
  readonly machine: Machine;
  readonly dockerHost: string | undefined;
  /** Addresses that rigs have, as the registry knows. */
  readonly held: ReadonlySet<string>;
};

export const examineHostPart = async ({ reading }: HostPart): Promise<readonly Finding[]> =>
  checkConfiguration(reading);
