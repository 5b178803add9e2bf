// How long a decision to start a rig takes: 200 a second, sent by the clock and not after one another. Each rig is ended again
// once it was claimed, so that the fleet stays as large as it is.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { launchRig } from '../../../src/control/launch-rig.ts';
import type { Rigs } from '../../../src/ports/registry.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { Desk } from './desk.ts';

const policy = {
  lease: { usual: 4 * hour, most: 24 * hour },
  rigsPerUser: 1000,
  rigsMax: undefined,
  tags: undefined,
  deadline: 10 * minute,
};

export type Claims = {
  /** Placement, claim and job. */
  readonly whole: readonly number[];
  /** The claim alone. */
  readonly claim: readonly number[];
  readonly refused: number;
  /** This process' own delay, which is in the others, p99. */
  readonly loop: number;
};

export const measureClaims = async (desk: Desk, perSecond: number, seconds: number): Promise<Claims> => {
  const took: { whole: number[]; claim: number[]; refused: number } = { whole: [], claim: [], refused: 0 };
  const rigs: Rigs = {
    ...desk.ports.rigs,
    claim: async (request) => {
      const begun = performance.now();
      const outcome = await desk.ports.rigs.claim(request);
      took.claim.push(performance.now() - begun);
      return outcome;
    },
  };
  const up = async (index: number): Promise<void> => {
    const owner = { id: `UBENCH${index % 100}`, name: 'bench', isAdmin: false };
    const asked = { channel: 'C0RIGS', command: '/wcs', quietly: false };
    const what = { owner, name: undefined, lease: undefined, host: undefined, tag: undefined, asked };
    const begun = performance.now();
    const outcome = await launchRig({ ...desk.ports, rigs }, policy, {
      ...what,
      request: `bench-${begun}-${index}`,
    }).catch(() => undefined);
    took.whole.push(performance.now() - begun);
    if (outcome?.kind === 'launched') await desk.end(outcome.rig.id);
    else took.refused += 1;
  };
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const begun = performance.now();
  const under: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const early = begun + (index * 1000) / perSecond - performance.now();
    if (early > 0) await delay(early);
    under.push(up(index));
  }
  await Promise.all(under);
  loop.disable();
  return { ...took, loop: Math.max(0, loop.percentile(99) / 1e6 - 1) };
};
