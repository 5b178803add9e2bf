// What this machine's environment says, as far as each part of the doctor needs it.

import {
  type ConfigReading,
  type Environment,
  type RegistryPlace,
  readBotConfig,
  readCommonConfig,
  readRegistryPlace,
  readSlackPlace,
  readWorkerConfig,
  type SlackPlace,
  type WorkerConfig,
} from '../config.ts';
import type { Machine } from '../machine.ts';
import { deriveSecrets } from '../secrets.ts';
import { checkVariables, withoutThoseOf } from './check-environment.ts';
import type { Part } from './choose-parts.ts';
import type { Finding } from './finding.ts';
import type { Own } from './fleet/facts.ts';

export type Readings = {
  readonly redis: ConfigReading<RegistryPlace>;
  /** Where this is looked at as a host. */
  readonly worker: ConfigReading<WorkerConfig> | undefined;
  readonly slack: ConfigReading<SlackPlace>;
  /** What is wrong in the environment, but for what is said of it as a host. */
  readonly faults: readonly Finding[];
};

export const readAll = (environment: Environment, machine: Machine, looked: ReadonlySet<Part>): Readings => {
  const redis = readRegistryPlace(environment);
  const worker = looked.has('host') ? readWorkerConfig(environment, machine) : undefined;
  const slack = readSlackPlace(environment);
  const bot = looked.has('slack') ? checkVariables(readBotConfig(environment)) : [];
  const place = looked.has('redis') && !looked.has('slack') ? checkVariables(redis) : [];
  const host = worker === undefined ? [] : checkVariables(worker);
  return { redis, worker, slack, faults: withoutThoseOf([...bot, ...place], host) };
};

export const ownOf = (
  environment: Environment,
  machine: Machine,
  version: string,
  { worker }: Pick<Readings, 'worker'>,
): Own => {
  const common = readCommonConfig(environment);
  const { installation, secret, secretPrevious } = common.kind === 'ok' ? common.config : nothing;
  return {
    version,
    keyIds: secret === undefined ? [] : deriveSecrets(secret, installation, secretPrevious).keyIds,
    machine: machine.hostName,
    worker: worker?.kind === 'ok' ? worker.config : undefined,
  };
};

const nothing = { installation: '', secret: undefined, secretPrevious: undefined };
