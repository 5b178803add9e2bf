// How long a decision to start a rig takes: 200 a second, sent by the clock and not after one another. Each rig is ended again
// once it was claimed, so that the fleet stays as large as it is.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { launchRig } from '../../../src/control/launch-rig.ts';
import type { Rigs } from '../../../src/ports/registry.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import { fleetKeyId } from '../../support/registries.ts';
import type { Desk } from './desk.ts';

const policy = {
  lease: { usual: 4 * hour, most: 24 * hour },
  rigsPerUser: 1000,
  rigsMax: undefined,
  tags: undefined,
  deadline: 10 * minute,
  keyIds: [fleetKeyId],
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

let asked = 0;

/** Decides to start a rig, and ends it again; gives how long the decision took, and whether there was one. */
export const startAndEnd = async (
  desk: Desk,
  rigs: Rigs,
  index: number,
): Promise<{ readonly took: number; readonly launched: boolean }> => {
  const owner = { id: `UBENCH${index % 100}`, name: 'bench', isAdmin: false };
  asked += 1;
  const begun = performance.now();
  const outcome = await launchRig({ ...desk.ports, rigs }, policy, {
    owner,
    name: undefined,
    lease: undefined,
    host: undefined,
    tag: undefined,
    asked: { channel: 'C0RIGS', command: '/wcs', quietly: false },
    request: `bench-${asked}`,
  }).catch(() => undefined);
  const took = performance.now() - begun;
  if (outcome?.kind === 'launched') await desk.end(outcome.rig.id);
  return { took, launched: outcome?.kind === 'launched' };
};

export const measureClaims = async (desk: Desk, perSecond: number, seconds: number): Promise<Claims> => {
  const claim: number[] = [];
  const rigs: Rigs = {
    ...desk.ports.rigs,
    claim: async (request) => {
      const begun = performance.now();
      const outcome = await desk.ports.rigs.claim(request);
      claim.push(performance.now() - begun);
      return outcome;
    },
  };
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const begun = performance.now();
  const under: ReturnType<typeof startAndEnd>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const early = begun + (index * 1000) / perSecond - performance.now();
    if (early > 0) await delay(early);
    under.push(startAndEnd(desk, rigs, index));
  }
  const ended = await Promise.all(under);
  loop.disable();
  return {
    whole: ended.map(({ took }) => took),
    claim,
    refused: ended.filter(({ launched }) => !launched).length,
    loop: Math.max(0, loop.percentile(99) / 1e6 - 1),
  };
};
