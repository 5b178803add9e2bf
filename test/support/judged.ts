// Tables of what a check says: its findings, short enough for a row, as `✘ parent-up: the words → what mends it`.

import { expect, it } from 'vitest';
import type { Check, Finding, Verdict } from '../../src/doctor/finding.ts';
import type { HostFacts } from '../../src/doctor/host/facts.ts';

const marks: Readonly<Record<Verdict, string>> = { well: '✔', doubtful: '▲', wrong: '✘' };

export const findingText = ({ check, verdict, says, mend, hurtsOthers }: Finding): string =>
  `${marks[verdict]} ${check}: ${says}${mend === undefined ? '' : ` → ${mend}`}${hurtsOthers ? ' (hurts others)' : ''}`;

/** What is the case, on which host, and what each finding has to look like; none at all if there is none. */
export type Row = readonly [what: string, facts: HostFacts, ...findings: readonly RegExp[]];

export const itJudges = (check: Check<HostFacts>, rows: readonly Row[]): void => {
  for (const [what, facts, ...findings] of rows) {
    it(what, () => {
      expect(check(facts).map(findingText)).toEqual(findings.map((one) => expect.stringMatching(one)));
    });
  }
};
