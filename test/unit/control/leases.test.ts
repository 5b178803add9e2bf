// The life of a lease, told against the registry in memory with a clock that the test moves.

import { describe, expect, it } from 'vitest';
import { extendRig } from '../../../src/control/extend-rig.ts';
import { sweepLeases } from '../../../src/control/sweep-leases.ts';
import { QueueDown } from '../../../src/ports.ts';
import { personOf } from '../../../src/rig/access.ts';
import { auditOfUp } from '../../../src/rig/audit.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import type { Job } from '../../../src/rig/job.ts';
import type { News } from '../../../src/rig/news.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { anna, aRig, ben, noon } from '../../support/a-rig.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aLeasePolicy } from '../../support/policies.ts';
import { aRegistration } from '../../support/registries.ts';
import { silent } from '../../support/registry-address.ts';

// Nobody sees how rigs are used here, and none is kept for that.
const policy = aLeasePolicy({ keepUnknown: 0 });

const aFleet = async () => {
  const time = { now: noon };
  const registry = createMemoryRegistry({ now: () => time.now, presence: 1000 * hour });
  const network = { lan: 'office', mode: 'ipvlan', subnet: '10.0.0.0/24' } as const;
  await registry.presence.take(aRegistration(), 's1');
  const sent: Job[] = [];
  const ports = {
    rigs: registry.rigs,
    watch: registry.watch,
    uses: registry.uses,
    clock: registry.clock,
    log: silent,
    jobs: {
      send: async (_: string, job: Job) => void sent.push(job),
      withdraw: async () => false,
      wakeTeller: async () => undefined,
    },
  };
  const { address: _, ...rig } = aRig({ network, state: { kind: 'running', since: noon } });
  const claim = { limits: { perUser: 5, fleet: undefined }, slots: 8, request: 'first', told: [] };
  const outcome = await registry.rigs.claim({ rig, ...claim, audit: auditOfUp(rig) });
  if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
  await sweepLeases(ports, policy);
  const told = async (): Promise<readonly News['kind'][]> => {
    const lease = await registry.outbox.lease(rig.id, second);
    const entries = (await lease?.entries()) ?? [];
    await lease?.done(entries.length, undefined);
    await lease?.giveBack();
    return entries.map(({ news }) => news.kind);
  };
  return {
    ports,
    sent,
    told,
    /** Moves the clock on, with a sweep every few seconds as a bot does it. */
    pass: async (length: number, step = 20 * second) => {
      const end = time.now + length;
      while (time.now < end) {
        time.now = Math.min(end, time.now + step);
        await sweepLeases(ports, policy);
      }
    },
    /** Moves the clock on while nobody looks. */
    sleep: (length: number) => {
      time.now += length;
    },
    rig: async (): Promise<Rig> => {
      const stored = await registry.rigs.get(rig.id);
      if (!stored) throw new Error('it is gone');
      return stored.rig;
    },
    extend: (length: number, by = anna) =>
      extendRig(ports, { name: 'demo', id: rig.id }, { kind: 'by', length }, by),
  };
};

describe('a lease that nobody touches', () => {
  it('reminds twice, then the rig goes', async () => {
    const fleet = await aFleet();
    await fleet.pass(3 * hour + 29 * minute);
    expect(await fleet.told()).toEqual([]);
    await fleet.pass(2 * minute);
    expect(await fleet.told()).toEqual(['reminder']);
    await fleet.pass(23 * minute);
    expect(await fleet.told()).toEqual([]);
    await fleet.pass(2 * minute);
    expect(await fleet.told()).toEqual(['reminder']);
    expect(fleet.sent).toEqual([]);
    await fleet.pass(4 * minute + 20 * second);
    expect((await fleet.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'expired' } });
    expect(await fleet.told()).toEqual(['card', 'answered']);
    expect(fleet.sent.map(({ kind }) => kind)).toEqual(['stop']);
    await fleet.pass(minute);
    expect(fleet.sent).toHaveLength(1);
  });
});

describe('an extension', () => {
  it('answers the reminder, moves the end, and arms the reminders anew', async () => {
    const fleet = await aFleet();
    await fleet.pass(3 * hour + 31 * minute);
    await fleet.told();
    expect(await fleet.extend(hour)).toMatchObject({ kind: 'extended', most: false });
    expect(await fleet.told()).toEqual(['card', 'answered']);
    await fleet.pass(50 * minute);
    expect((await fleet.rig()).state.kind).toBe('running');
    expect(await fleet.told()).toEqual([]);
    await fleet.pass(10 * minute);
    expect(await fleet.told()).toEqual(['reminder']);
  });

  it('ends at the cap, and says so', async () => {
    const fleet = await aFleet();
    expect(await fleet.extend(100 * hour)).toMatchObject({ kind: 'extended', most: true });
    expect((await fleet.rig()).lease.end).toBe(noon + 24 * hour);
    expect(await fleet.extend(hour)).toMatchObject({ refusal: { kind: 'at-cap', end: noon + 24 * hour } });
  });

  it('is for its owner, and for a rig that may still go on', async () => {
    const fleet = await aFleet();
    expect(await fleet.extend(hour, ben)).toMatchObject({
      refusal: { kind: 'not-owner', owner: personOf(anna) },
    });
    await fleet.pass(5 * hour);
    expect(await fleet.extend(hour)).toMatchObject({ refusal: { kind: 'already-stopping' } });
  });
});

describe('an outage', () => {
  it('does not take a rig without a word: it gets a reminder and a grace', async () => {
    const fleet = await aFleet();
    fleet.sleep(6 * hour);
    await fleet.pass(second);
    expect(await fleet.told()).toEqual(['card', 'reminder']);
    expect((await fleet.rig()).state.kind).toBe('running');
    await fleet.pass(9 * minute);
    expect(await fleet.told()).toEqual([]);
    await fleet.pass(2 * minute);
    expect((await fleet.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'expired' } });
  });

  it('expires nothing while the time is not known', async () => {
    const fleet = await aFleet();
    fleet.sleep(6 * hour);
    const clock = {
      now: (): number => {
        throw new QueueDown('nobody knows');
      },
    };
    await expect(sweepLeases({ ...fleet.ports, clock }, policy)).rejects.toThrow(QueueDown);
    expect((await fleet.rig()).state.kind).toBe('running');
  });
});
