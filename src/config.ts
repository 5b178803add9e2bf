// The environment and the machine become one frozen configuration, or every fault at once.
// Only this file names process.env.

import {
  type BotConfig,
  readBot,
  readOrphanGrace,
  readSlackPlace as readSlack,
  type SlackPlace,
} from './config/bot.ts';
import { type CommonConfig, type RegistryPlace, readCommon, readPlace } from './config/common.ts';
import { type Environment, readVariables, unknownVariables } from './config/read-variables.ts';
import { knownVariables } from './config/variables.ts';
import { readWorker, type WorkerConfig } from './config/worker.ts';
import type { Machine } from './machine.ts';

export type { BotConfig, SlackConfig, SlackPlace } from './config/bot.ts';
export type { RegistryPlace } from './config/common.ts';
export type { Environment } from './config/read-variables.ts';
export type { WorkerConfig } from './config/worker.ts';

export type ConfigReading<Config> =
  | { readonly kind: 'ok'; readonly config: Config; readonly warnings: readonly string[] }
  /** Sentences, each saying what would be right; no secret is in them. */
  | { readonly kind: 'faults'; readonly faults: readonly string[]; readonly warnings: readonly string[] };

/** The environment of this process. */
export const readEnvironment = (): Environment => process.env;

export const readBotConfig = (environment: Environment): ConfigReading<BotConfig> => {
  const reading = readVariables(environment);
  return conclude(environment, reading.faults, readBot(reading));
};

export const readWorkerConfig = (environment: Environment, machine: Machine): ConfigReading<WorkerConfig> => {
  const reading = readVariables(environment);
  return conclude(environment, reading.faults, readWorker(reading, machine));
};

/** What it takes to read the registry, and no more. */
export const readRegistryPlace = (environment: Environment): ConfigReading<RegistryPlace> => {
  const reading = readVariables(environment);
  return conclude(environment, reading.faults, readPlace(reading));
};

/** The same, and what the bot's plans go by. */
export const readPlanPlace = (
  environment: Environment,
): ConfigReading<RegistryPlace & { readonly orphanGrace: number }> => {
  const reading = readVariables(environment);
  const place = readPlace(reading);
  const orphanGrace = readOrphanGrace(reading);
  return conclude(environment, reading.faults, place && { ...place, orphanGrace });
};

/** What bot and worker have in common: the fleet's secret, say. */
export const readCommonConfig = (environment: Environment): ConfigReading<CommonConfig> => {
  const reading = readVariables(environment);
  return conclude(environment, reading.faults, readCommon(reading));
};

/** What it takes to speak to Slack, and no more. */
export const readSlackPlace = (environment: Environment): ConfigReading<SlackPlace> => {
  const reading = readVariables(environment);
  return conclude(environment, reading.faults, readSlack(reading));
};

// `config` is undefined only where something was wrong, so that one look at the faults decides.
const conclude = <Config>(
  environment: Environment,
  faults: readonly string[],
  config: Config | undefined,
): ConfigReading<Config> => {
  const warnings = unknownVariables(environment, knownVariables);
  if (faults.length > 0 || config === undefined) return { kind: 'faults', faults, warnings };
  return { kind: 'ok', config: deepFreeze(config), warnings };
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
};
