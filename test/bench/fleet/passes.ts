// What a bot does every few seconds, and what people look at, on a fleet in which nothing is due: each several times.

import { listRigs } from '../../../src/control/list-rigs.ts';
import { lookHome } from '../../../src/control/look-home.ts';
import { resumeJobs } from '../../../src/control/resume-jobs.ts';
import { sweepIdle, sweepLeases } from '../../../src/control/sweep-leases.ts';
import { noteEndless } from '../../../src/control/tell-notices.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import { drawList } from '../../../src/slack/draw/list.ts';
import { aLeasePolicy } from '../../support/policies.ts';
import { median } from '../rows.ts';
import { startAndEnd } from './claims.ts';
import type { Desk } from './desk.ts';

const rounds = 9;
/** Somebody with rigs of their own. */
const reader = { id: 'U00000', name: 'person-0', isAdmin: false };

export type Passes = {
  readonly list: number;
  readonly home: number;
  readonly hosts: number;
  readonly sweep: number;
  readonly idle: number;
  readonly idleWanted: number;
  readonly resume: number;
  readonly endless: number;
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    took.push(performance.now() - begun);
  }
  return median(took);
};

export type Cost = {
  /** Of this process and of Redis together, ms of the processor each. */
  readonly up: number;
  readonly sweep: number;
};

/**
 * Beside a claim or a sweep other work may have the processor: what they use of it is the same however long they wait. Each
 * is done many times, one after another; what Redis does meanwhile for the presence of the hosts is in it.
 */
const usedBy = async (
  desk: Desk,
  times: number,
  work: (round: number) => Promise<unknown>,
): Promise<number> => {
  const [own, redis] = [process.cpuUsage(), await desk.redisSeconds()];
  for (let round = 0; round < times; round += 1) await work(round);
  const { user, system } = process.cpuUsage(own);
  return ((user + system) / 1000 + ((await desk.redisSeconds()) - redis) * 1000) / times;
};

export const measureCost = async (desk: Desk): Promise<Cost> => ({
  sweep: await usedBy(desk, 2000, () => sweepLeases(desk.ports, aLeasePolicy())),
  up: await usedBy(desk, 1000, (round) => startAndEnd(desk, desk.ports.rigs, round)),
});

/** Medians, in ms. */
export const measurePasses = async ({ ports }: Desk): Promise<Passes> => {
  const filter = { kind: 'all' } as const;
  const list = async (): Promise<unknown> => {
    const listed = await listRigs(ports, filter, reader, 0);
    return drawList(listed, { filter, now: listed.now, reader: reader.id, command: '/wcs' });
  };
  return {
    list: await timed(list),
    home: await timed(() => lookHome(ports, reader)),
    hosts: await timed(() => ports.hosts.list()),
    sweep: await timed(() => sweepLeases(ports, aLeasePolicy())),
    idle: await timed(() => sweepIdle(ports, aLeasePolicy())),
    idleWanted: await timed(() => sweepIdle(ports, aLeasePolicy({ idle: 24 * hour }))),
    resume: await timed(() => resumeJobs(ports, 10 * minute)),
    endless: await timed(() => noteEndless(ports)),
  };
};
