// What is wrong with the environment, as bot and worker would say it when they start. Pure.

import type { ConfigReading } from '../config.ts';
import type { Finding } from './finding.ts';

const check = 'configuration';

/** `X is …; write …` is what is, and what mends it. */
const halves = (sentence: string): Pick<Finding, 'says' | 'mend'> => {
  const at = sentence.indexOf('; ');
  return at < 0 ? { says: sentence } : { says: sentence.slice(0, at), mend: sentence.slice(at + 2) };
};

/** What is wrong in there, and what nobody reads. */
export const checkVariables = (reading: ConfigReading<unknown>): readonly Finding[] => {
  const faults = reading.kind === 'faults' ? reading.faults : [];
  return [
    ...faults.map((one): Finding => ({ check, verdict: 'wrong', ...halves(one) })),
    ...reading.warnings.map((one): Finding => ({ check, verdict: 'doubtful', ...halves(one) })),
  ];
};

/** One sentence is enough, also where two processes would say it. */
export const withoutThoseOf = (
  findings: readonly Finding[],
  others: readonly Finding[],
): readonly Finding[] => findings.filter(({ says }) => !others.some((other) => other.says === says));
