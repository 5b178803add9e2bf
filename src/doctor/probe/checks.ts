// Who reaches a rig of this host, and why there was none to be reached. Pure.

import { shortTime } from '../figures.ts';
import type { Check, Finding } from '../finding.ts';
import { doubtful, well } from '../finding.ts';
import { checkNoProbe } from './check-none.ts';
import { checkOthers, checkSelf } from './check-reach.ts';
import type { Probed, ProbeFacts } from './facts.ts';

const cleared: Check<ProbeFacts> = ({ cleared: addresses }) =>
  addresses.length === 0
    ? []
    : [
        well(
          'probe-cleared',
          `what an earlier doctor had left is gone: ${addresses.join(', ')} is back among the free ones`,
        ),
      ];

const left: Check<ProbeFacts> = ({ left: rest, host }) => {
  if (rest === undefined) return [];
  const { address, faults } = rest;
  const what = address === undefined ? 'a probe rig' : `a probe rig, or its address ${address},`;
  const release =
    address === undefined ? '' : `; \`/wcs addresses release ${address}\` in Slack, when nothing runs there`;
  return [
    doubtful(
      'probe-left',
      `${what} could not be taken back: ${faults.join('; ')}`,
      `the doctor once more on ${host}: it clears what the last one left${release}`,
    ),
  ];
};

const outcome: Check<ProbeFacts> = (facts) => {
  const { outcome: came, host, mode, left: rest } = facts;
  if (came.kind === 'none') return [checkNoProbe(came.why, host)];
  return [up(came, rest === undefined), ...checkOthers(came, host, mode), checkSelf(came, host, mode)];
};

const up = ({ address, took }: Probed, isGone: boolean): Finding =>
  well(
    'probe-rig',
    `a probe rig was up at ${address} after ${shortTime(took)}${isGone ? ', and is gone again' : ''}`,
  );

const checks: readonly Check<ProbeFacts>[] = [cleared, outcome, left];

export const checkProbe = (facts: ProbeFacts): readonly Finding[] => checks.flatMap((check) => check(facts));
