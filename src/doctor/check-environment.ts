// What is wrong with the environment, as bot and worker would say it when they start. Pure.

import type { ConfigReading } from '../config.ts';
import { type Finding, well } from './finding.ts';

const check = 'configuration';

/** `X is …; write …` is what is, and what mends it. */
const halves = (sentence: string): Pick<Finding, 'says' | 'mend'> => {
  const at = sentence.indexOf('; ');
  return at < 0 ? { says: sentence } : { says: sentence.slice(0, at), mend: sentence.slice(at + 2) };
};

export const checkConfiguration = (reading: ConfigReading<unknown>): readonly Finding[] => {
  const warnings = reading.warnings.map((one): Finding => ({ check, verdict: 'doubtful', ...halves(one) }));
  if (reading.kind === 'ok') return [well(check, 'the environment is complete'), ...warnings];
  return [
    ...reading.faults.map((one): Finding => ({ check, verdict: 'wrong', ...halves(one) })),
    ...warnings,
  ];
};

/** One sentence is enough, also where two processes would say it. */
export const withoutThoseOf = (
  findings: readonly Finding[],
  others: readonly Finding[],
): readonly Finding[] => findings.filter(({ says }) => !others.some((other) => other.says === says));
