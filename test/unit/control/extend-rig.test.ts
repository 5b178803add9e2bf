// `extend`, `keep` and *Keep it*: who may, how far, and what is said when it is not to be.

import { describe, expect, it } from 'vitest';
import { extendRig, keepRig, wantRig } from '../../../src/control/extend-rig.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { shareRig } from '../../../src/control/share-rig.ts';
import { stopRig } from '../../../src/control/stop-rig.ts';
import { type Asker, personOf } from '../../../src/rig/access.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { LeaseLimits } from '../../../src/rig/lease.ts';
import type { RigState } from '../../../src/rig/rig.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, noon, olga } from '../../support/a-rig.ts';

const which = { name: 'demo' };
const usual: LeaseLimits = { usual: 4 * hour, most: 24 * hour };
const noMost: LeaseLimits = { usual: 4 * hour, most: undefined };
const crash = { reason: { kind: 'removed' }, tail: [] } as const;
const crashed: RigState = { kind: 'crashed', since: noon, crash, until: noon + hour };

const withRig = async (lease = usual) => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy({ lease }), aRequest({ name: 'demo' }));
  await desk.put('rig1', { kind: 'running', since: noon });
  await desk.news('rig1');
  const by = { kind: 'by', length: hour } as const;
  return {
    ...desk,
    leaseOf: async () => (await desk.rigOf('rig1')).lease,
    extend: (who: Asker = anna, wanted: Parameters<typeof extendRig>[2] = by) =>
      extendRig(desk.ports, which, wanted, who),
    keep: (who: Asker) => keepRig(desk.ports, which, who),
    want: (who: Asker = anna) => wantRig(desk.ports, which, who),
  };
};

describe('an extension', () => {
  it('is for the owner, those it is shared with, and admins', async () => {
    const desk = await withRig();
    expect(await desk.extend(ben)).toMatchObject({ refusal: { kind: 'not-owner', owner: personOf(anna) } });
    await shareRig(desk.ports, which, [ben], anna);
    for (const who of [anna, ben, olga]) expect(await desk.extend(who)).toMatchObject({ kind: 'extended' });
    expect((await desk.leaseOf()).end).toBe(noon + 7 * hour);
  });

  it('that was delivered twice, by whatever bots, counts once; a second one of the same words counts, too', async () => {
    const desk = await withRig();
    const delivered = (trigger: string) =>
      extendRig(desk.ports, which, { kind: 'by', length: hour }, anna, trigger);
    const outcomes = await Promise.all([delivered('t1'), delivered('t1'), delivered('t1')]);
    // Each is answered: the first one may have died before it could.
    for (const one of outcomes)
      expect(one).toMatchObject({ kind: 'extended', rig: { lease: { end: noon + 5 * hour } } });
    expect((await desk.leaseOf()).end).toBe(noon + 5 * hour);
    expect(await delivered('t2')).toMatchObject({ kind: 'extended' });
    expect(await delivered('t1')).toMatchObject({ kind: 'extended' });
    expect((await desk.leaseOf()).end).toBe(noon + 6 * hour);
  });

  it('past the cap is granted up to it, and says so; at the cap it is refused', async () => {
    const desk = await withRig();
    const far = { kind: 'until', end: noon + 90 * hour } as const;
    expect(await desk.extend(anna, far)).toMatchObject({
      rig: { lease: { end: noon + 24 * hour } },
      most: true,
    });
    expect(await desk.extend(anna, far)).toMatchObject({
      refusal: { kind: 'at-cap', end: noon + 24 * hour },
    });
  });

  it('without a longest lease is granted whole', async () => {
    const desk = await withRig(noMost);
    const far = { kind: 'by', length: 900 * hour } as const;
    expect(await desk.extend(anna, far)).toMatchObject({
      rig: { lease: { end: noon + 904 * hour } },
      most: false,
    });
  });

  it('to an earlier end is refused with the end that it has', async () => {
    const desk = await withRig();
    const soon = { kind: 'until', end: noon + hour } as const;
    expect(await desk.extend(anna, soon)).toEqual({
      kind: 'refused',
      refusal: { kind: 'no-longer', name: 'demo', end: noon + 4 * hour },
    });
  });

  it('of one without an end, of one that crashed, and of one that stops is refused for that', async () => {
    const desk = await withRig();
    await desk.keep(olga);
    expect(await desk.extend()).toEqual({ kind: 'refused', refusal: { kind: 'endless', name: 'demo' } });
    await desk.put('rig1', crashed);
    expect(await desk.extend()).toMatchObject({ refusal: { kind: 'not-running' } });
    await stopRig(desk.ports, which, anna);
    expect(await desk.extend()).toMatchObject({ refusal: { kind: 'already-stopping' } });
  });
});

describe('keeping without an end', () => {
  it('is for admins, of anybody’s rig', async () => {
    const desk = await withRig();
    expect(await desk.keep(anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'for-admins', what: 'keep', name: 'demo' },
    });
    expect((await desk.leaseOf()).end).toBe(noon + 4 * hour);
    expect(await desk.keep(olga)).toMatchObject({ kind: 'endless', rig: { lease: { rev: 2 } } });
    expect(await desk.leaseOf()).toMatchObject({ rev: 2 });
    expect([(await desk.leaseOf()).end, (await desk.leaseOf()).cap]).toEqual([undefined, undefined]);
    expect(await desk.registry.rigs.endingBefore(Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect(await desk.news('rig1')).toEqual(['card']);
  });

  it('is for everybody who may act on it where there is no longest lease', async () => {
    const desk = await withRig(noMost);
    expect(await desk.keep(ben)).toMatchObject({ refusal: { kind: 'not-owner' } });
    expect(await desk.keep(anna)).toMatchObject({ kind: 'endless' });
  });

  it('twice is refused as such, and so it is of one that crashed or stops', async () => {
    const desk = await withRig();
    await desk.keep(olga);
    expect(await desk.keep(olga)).toMatchObject({ refusal: { kind: 'endless' } });
    const other = await withRig();
    await other.put('rig1', crashed);
    expect(await other.keep(olga)).toMatchObject({ refusal: { kind: 'not-running' } });
    await stopRig(other.ports, which, anna);
    expect(await other.keep(olga)).toMatchObject({ refusal: { kind: 'already-stopping' } });
  });
});

describe('*Keep it*', () => {
  const unused = async () => {
    const desk = await withRig();
    const step = { kind: 'idle', since: noon, stop: noon + 10 * minute } as const;
    const stored = await desk.registry.rigs.get('rig1');
    if (!stored) throw new Error('no rig');
    const lease = { ...stored.rig.lease, idleStop: step.stop };
    await desk.registry.rigs.save({ ...stored, rig: { ...stored.rig, lease }, told: [], release: false });
    return desk;
  };

  it('is for those who may act on it, and leaves the end where it is', async () => {
    const desk = await unused();
    expect(await desk.want(ben)).toMatchObject({ refusal: { kind: 'not-owner' } });
    expect(await desk.want()).toMatchObject({ kind: 'wanted' });
    const { end, wanted, idleStop } = await desk.leaseOf();
    expect([end, wanted, idleStop]).toEqual([noon + 4 * hour, noon, undefined]);
    expect(await desk.news('rig1')).toEqual(['answered']);
  });

  it('of one that stays anyway is as good, and changes nothing', async () => {
    const desk = await withRig();
    expect(await desk.want()).toMatchObject({ kind: 'wanted' });
    expect(await desk.news('rig1')).toEqual([]);
  });

  it('comes too late for one that stops', async () => {
    const desk = await unused();
    await stopRig(desk.ports, which, anna);
    expect(await desk.want()).toMatchObject({ refusal: { kind: 'already-stopping' } });
  });
});
