// `doctor host` as a program, for examine-in.ts: the findings, and how long it took, as JSON. Its first word is `quickly` for what a
// worker looks at when it starts; its second is a network mode to put in for the configuration's.

import {
  type ConfigReading,
  readEnvironment,
  readWorkerConfig,
  type WorkerConfig,
} from '../../src/config.ts';
import { examineHost, examineHostQuickly } from '../../src/doctor/host.ts';
import { readMachine } from '../../src/machine.ts';
import type { NetworkMode } from '../../src/rig/rig.ts';

const modes: readonly NetworkMode[] = ['ipvlan', 'macvlan', 'bridge', 'publish', 'host'];
const [pace, wanted] = process.argv.slice(2);
const mode = modes.find((one) => one === wanted);

const withMode = (reading: ConfigReading<WorkerConfig>): ConfigReading<WorkerConfig> => {
  if (reading.kind === 'faults' || mode === undefined) return reading;
  return { ...reading, config: { ...reading.config, network: { ...reading.config.network, mode } } };
};

const environment = readEnvironment();
const machine = await readMachine();
const reading = withMode(readWorkerConfig(environment, machine));
const begun = performance.now();
const findings =
  pace === 'quickly' && reading.kind === 'ok'
    ? await examineHostQuickly(reading.config, machine)
    : await examineHost({ reading, machine, dockerHost: environment.DOCKER_HOST });
process.stdout.write(JSON.stringify({ findings, took: performance.now() - begun }));
