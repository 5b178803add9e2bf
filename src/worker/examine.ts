// The worker looks at its host before it serves: what would hurt others on the LAN keeps it from serving, everything else is
// said in its log and in its registration. `doctor host` looks at more, and takes longer.

import type { WorkerConfig } from '../config.ts';
import type { Finding } from '../doctor/finding.ts';
import { examineHostQuickly } from '../doctor/host.ts';
import { readMachine } from '../machine.ts';
import type { Log } from '../ports/log.ts';

/** A sentence for each thing that an operator should know; throws with one if it must not serve. */
export const examineAtStart = async (config: WorkerConfig, log: Log): Promise<readonly string[]> => {
  const findings = await examineHostQuickly(config, await readMachine());
  const hurting = findings.filter(({ hurtsOthers }) => hurtsOthers === true);
  if (hurting.length > 0) throw new Error(refusal(config, hurting));
  const noted = findings.filter(({ verdict, isUnseen }) => verdict !== 'well' && isUnseen !== true);
  for (const { check, says, mend } of noted) log.warn({ check, mend }, says);
  return noted.map(({ says }) => `when its worker started: ${says}`);
};

const refusal = ({ host }: WorkerConfig, hurting: readonly Finding[]): string => {
  const each = hurting.map(({ says, mend }) => `${says}; what mends it: ${mend}`);
  return `host ${host} does not serve, since it would hurt others: ${each.join('. ')}`;
};
