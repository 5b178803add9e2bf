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
