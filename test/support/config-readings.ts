// Environments and a machine for the configuration's tests, and what is read from them.

import {
  type BotConfig,
  type Environment,
  readBotConfig,
  readWorkerConfig,
  type WorkerConfig,
} from '../../src/config.ts';
import { readFile } from '../../src/machine/read-file.ts';
import type { Machine } from '../../src/machine.ts';

export const gibibyte = 2 ** 30;

export const machine: Machine = {
  hostName: 'h1',
  memoryBytes: 16 * gibibyte,
  cores: 4,
  interfaces: [
    { name: 'enp0s3', addresses: [{ address: '192.168.23.5', prefix: 24 }] },
    { name: 'enp0s8', addresses: [] },
    { name: 'lo', addresses: [{ address: '127.0.0.1', prefix: 8 }] },
  ],
  defaultRoute: { interface: 'enp0s3', gateway: '192.168.23.1' },
  file: readFile,
  folder: () => ({ kind: 'faults', faults: ['is not there'] }),
};

export const secret = 'correct-horse-battery-staple-0123456789';
export const botEnvironment: Environment = {
  WCS_SECRET: secret,
  SLACK_BOT_TOKEN: 'xoxb-1-2-bot',
  SLACK_APP_TOKEN: 'xapp-1-A-2-app',
};
export const workerEnvironment: Environment = {
  WCS_SECRET: secret,
  WCS_RANGE: '192.168.23.100-192.168.23.131',
};

export const bot = (environment: Environment = {}): BotConfig => {
  const reading = readBotConfig({ ...botEnvironment, ...environment });
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return reading.config;
};

export const worker = (environment: Environment = {}, on: Machine = machine): WorkerConfig => {
  const reading = readWorkerConfig({ ...workerEnvironment, ...environment }, on);
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return reading.config;
};

export const botFaults = (environment: Environment): readonly string[] => {
  const reading = readBotConfig({ ...botEnvironment, ...environment });
  return reading.kind === 'faults' ? reading.faults : [];
};

export const workerFaults = (environment: Environment, on: Machine = machine): readonly string[] => {
  const reading = readWorkerConfig({ ...workerEnvironment, ...environment }, on);
  return reading.kind === 'faults' ? reading.faults : [];
};
