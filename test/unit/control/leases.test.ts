// The life of a lease, told against the registry in memory with a clock that the test moves.

import { describe, expect, it } from 'vitest';
import { sweepLeases } from '../../../src/control/sweep-leases.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import type { Rigs } from '../../../src/ports/registry.ts';
import { personOf } from '../../../src/rig/access.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import { aLeasedRig } from '../../support/a-leased-rig.ts';
import { anna, ben, noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';

// Nobody sees how it is used, and it is not kept for that.
const aFleet = () => aLeasedRig({ policy });
const policy = { keepUnknown: 0 };

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

  it('is not followed at once by a reminder of the end that was just chosen', async () => {
    const fleet = await aFleet();
    await fleet.pass(3 * hour + 40 * minute);
    await fleet.told();
    await fleet.extend(5 * minute);
    expect(await fleet.told()).toEqual(['card', 'answered']);
    await fleet.pass(19 * minute);
    expect(await fleet.told()).toEqual([]);
    await fleet.pass(2 * minute);
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

  it('that ended just before its end gives a grace to one that nobody was reminded of, and to no other', async () => {
    const fleet = await aFleet();
    await fleet.pass(3 * hour);
    fleet.sleep(hour - 10 * second);
    await fleet.pass(second);
    expect(await fleet.news()).toMatchObject([{ kind: 'card' }, { kind: 'reminder', late: true }]);
    expect((await fleet.rig()).lease.end).toBe(noon + 4 * hour - 9 * second + 10 * minute);
    const other = await aFleet();
    await other.pass(3 * hour + 31 * minute);
    other.sleep(28 * minute);
    await other.pass(second);
    expect(await other.told()).toEqual(['reminder', 'reminder']);
    expect((await other.rig()).lease.end).toBe(noon + 4 * hour);
  });

  it('expires nothing while the time is not known', async () => {
    const fleet = await aFleet();
    fleet.sleep(6 * hour);
    const clock = {
      now: (): number => {
        throw new QueueDown('nobody knows');
      },
    };
    await expect(sweepLeases({ ...fleet.ports, clock }, aLeasePolicy(policy))).rejects.toThrow(QueueDown);
    expect((await fleet.rig()).state.kind).toBe('running');
  });
});

describe('a rig that cannot be looked at', () => {
  it('keeps no other from its reminder and its end, and is said to be so', async () => {
    const fleet = await aFleet();
    const bad = { ...(await fleet.rig()), id: 'bad', name: 'bad' };
    const rigs: Rigs = {
      ...fleet.ports.rigs,
      endingBefore: async (moment) => [bad, ...(await fleet.ports.rigs.endingBefore(moment))],
    };
    const uses = {
      ...fleet.ports.uses,
      of: async (id: string) => {
        if (id === 'bad') throw new Error('use of a kind that is not known');
        return fleet.ports.uses.of(id);
      },
    };
    await fleet.pass(4 * hour - 20 * second);
    fleet.sleep(20 * second);
    const swept = sweepLeases({ ...fleet.ports, rigs, uses }, aLeasePolicy(policy));
    await expect(swept).rejects.toThrow('1 of 2 rigs could not be looked at: Error: use of a kind');
    expect((await fleet.rig()).state.kind).toBe('stopping');
    expect(await fleet.ports.watch.last()).toBe(noon + 4 * hour);
  });
});
