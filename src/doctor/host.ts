// `doctor host`: this machine, its engine and the network plan. Facts are gathered, then judged; it changes nothing.

import type { ConfigReading, WorkerConfig } from '../config.ts';
import { type ExaminerOptions, openExaminer } from '../docker/examine.ts';
import type { Machine } from '../machine.ts';
import type { Finding } from './finding.ts';
import { checkEngine } from './host/check-engine.ts';
import { checkConfiguration } from './host/check-range.ts';
import { hostChecks, judge, quickChecks } from './host/checks.ts';
import { gatherQuickly, gatherTheRest } from './host/gather.ts';

export type HostToExamine = {
  /** What `readWorkerConfig` gave: each fault of it is a finding. */
  readonly reading: ConfigReading<WorkerConfig>;
  readonly machine: Machine;
  /** DOCKER_HOST as it is written, for a configuration with faults: its engine is looked at all the same. */
  readonly dockerHost?: string | undefined;
  /** Addresses that rigs of other hosts have, as the registry knows: who answers there is no stranger. */
  readonly heldElsewhere?: ReadonlySet<string> | undefined;
};

/** Takes seconds: it asks the LAN who is on the addresses of the range. Never throws. */
export const examineHost = async ({
  reading,
  machine,
  dockerHost,
  heldElsewhere = new Set(),
}: HostToExamine): Promise<readonly Finding[]> => {
  const findings = checkConfiguration(reading);
  if (reading.kind === 'faults') return [...findings, ...(await examineEngineAlone(dockerHost))];
  const examiner = openExaminer(placeOf(reading.config));
  try {
    const quick = await gatherQuickly(reading.config, machine, examiner);
    return [...findings, ...judge(hostChecks, await gatherTheRest(quick, examiner, heldElsewhere))];
  } finally {
    examiner.close();
  }
};

/** What a worker looks at when it starts, within a few hundred milliseconds. */
export const examineHostQuickly = async (
  config: WorkerConfig,
  machine: Machine,
): Promise<readonly Finding[]> => {
  const examiner = openExaminer(placeOf(config));
  try {
    return judge(quickChecks, await gatherQuickly(config, machine, examiner));
  } finally {
    examiner.close();
  }
};

const placeOf = ({ dockerHost, installation, registryAuth }: WorkerConfig): ExaminerOptions => ({
  dockerHost,
  installation,
  registryAuthFile: registryAuth,
});

const examineEngineAlone = async (dockerHost: string | undefined): Promise<readonly Finding[]> => {
  const examiner = openExaminer({ dockerHost, installation: '', registryAuthFile: undefined });
  try {
    return checkEngine({ engine: await examiner.engine() });
  } finally {
    examiner.close();
  }
};
