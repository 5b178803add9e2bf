// One rig that runs, in the registry in memory, with a clock that the test moves: its leases are looked at every few seconds
// as a bot does it, and what its host sees of its use is what the test says.

import { extendRig, wantRig } from '../../src/control/extend-rig.ts';
import { sweepIdle, sweepLeases } from '../../src/control/sweep-leases.ts';
import { auditOfUp } from '../../src/rig/audit.ts';
import { type Duration, hour, second } from '../../src/rig/duration.ts';
import type { Job } from '../../src/rig/job.ts';
import type { Lease, LeasePolicy } from '../../src/rig/lease.ts';
import type { News } from '../../src/rig/news.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import type { Use } from '../../src/rig/use.ts';
import { anna, aRig, noon } from './a-rig.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { aLeasePolicy } from './policies.ts';
import { aRegistration } from './registries.ts';
import { silent } from './registry-address.ts';

export type LeasedRigOptions = {
  readonly policy?: Partial<LeasePolicy>;
  /** Four hours from noon, 24 at most. */
  readonly lease?: Partial<Lease>;
};

export const aLeasedRig = async ({ policy: change, lease }: LeasedRigOptions = {}) => {
  const policy = aLeasePolicy(change);
  const time = { now: noon };
  const seen: { use: Use | undefined } = { use: undefined };
  const registry = createMemoryRegistry({ now: () => time.now, presence: 1000 * hour });
  const network = { lan: 'office', mode: 'ipvlan', subnet: '10.0.0.0/24' } as const;
  await registry.presence.take(aRegistration(), 's1');
  const sent: Job[] = [];
  const { rigs, watch, uses, epochs, clock, hosts } = registry;
  const jobs = {
    send: async (_: string, job: Job) => void sent.push(job),
    withdraw: async () => false,
    forgetHost: async () => undefined,
    wakeTeller: async () => undefined,
  };
  const ports = { rigs, watch, uses, epochs, clock, hosts, jobs, log: silent };
  const { address: _, ...plain } = aRig({ network, state: { kind: 'running', since: noon } });
  const rig = { ...plain, lease: { ...plain.lease, ...lease } };
  const claim = { limits: { perUser: 5, fleet: undefined }, slots: 8, request: 'first', told: [] };
  const outcome = await rigs.claim({ rig, ...claim, audit: auditOfUp(rig) });
  if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
  await sweepLeases(ports, policy);

  const look = async (): Promise<void> => {
    const { use } = seen;
    if (use) await uses.record([{ rig: rig.id, generation: 1, at: time.now, use }]);
    await sweepLeases(ports, policy);
    await sweepIdle(ports, policy);
  };
  const now = async (): Promise<Rig> => {
    const stored = await rigs.get(rig.id);
    if (!stored) throw new Error('it is gone');
    return stored.rig;
  };
  const news = async (): Promise<readonly News[]> => {
    const held = await registry.outbox.lease(rig.id, second);
    const entries = (await held?.entries()) ?? [];
    await held?.done(entries.length, undefined);
    await held?.giveBack();
    return entries.map((entry) => entry.news);
  };
  return {
    ports,
    registry,
    sent,
    which: { name: rig.name, id: rig.id },
    /** What is to be told, once. */
    news,
    told: async (): Promise<readonly News['kind'][]> => (await news()).map(({ kind }) => kind),
    /** From now on this is what its host sees; `undefined`: it looks no more. */
    see: (use: Use | undefined) => {
      seen.use = use;
    },
    /** Moves the clock on, with a look every few seconds. */
    pass: async (length: Duration, step = 20 * second) => {
      const end = time.now + length;
      while (time.now < end) {
        time.now = Math.min(end, time.now + step);
        await look();
      }
    },
    /** Moves the clock on while nobody looks. */
    sleep: (length: Duration) => {
      time.now += length;
    },
    rig: now,
    /** Puts it into a state, as if reports had led there. */
    put: async (state: RigState): Promise<void> => {
      const stored = await rigs.get(rig.id);
      if (stored) await rigs.save({ ...stored, rig: { ...stored.rig, state }, told: [], release: false });
    },
    extend: (length: Duration, by = anna) =>
      extendRig(ports, { name: 'demo', id: rig.id }, { kind: 'by', length }, by),
    want: (by = anna) => wantRig(ports, { name: 'demo', id: rig.id }, by),
  };
};
