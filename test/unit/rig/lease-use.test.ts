// What a rig's use does to its lease: kept at its end, stopped for want of use, or neither since nobody knows.

import { describe, expect, it } from 'vitest';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import {
  decideLease,
  earliestStop,
  endlessLease,
  extendLease,
  grantLease,
  type Lease,
  type LeasePolicy,
} from '../../../src/rig/lease.ts';
import type { SeenUse, Use } from '../../../src/rig/use.ts';
import { noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';

const end = noon + 4 * hour;
const aLease = (facts: Partial<Lease> = {}): Lease => ({ end, cap: noon + 24 * hour, rev: 3, ...facts });
const expired = { kind: 'expire', reason: 'expired' } as const;

const streams: Use = { kind: 'streams', count: 2 };
const unknown: Use = { kind: 'unknown' };
const seenAs =
  (use: Use) =>
  (at: number, usedAt?: number): SeenUse => ({ generation: 1, at, use, usedAt });
const used = (at: number): SeenUse => seenAs(streams)(at, at);
const unused = seenAs({ kind: 'idle' });
const blind = seenAs(unknown);

describe('a rig at its end', () => {
  const at = (now: number, seen: SeenUse | undefined, facts: Partial<Lease> = {}) =>
    decideLease(
      { lease: aLease(facts), created: noon, runningSince: noon, seen },
      now,
      now - second,
      aLeasePolicy(),
    );
  const keptUntil = (until: number, use: Use = streams) => ({ kind: 'keep', end: until, use });
  /** It was to end at `end`, and was kept until then. */
  const kept = (until: number) => ({ keptFrom: end, end: until });
  const [one, three, ninety] = [end + hour, end + 3 * hour, end + 90 * hour];

  it.each([
    ['in use: kept for a quarter of an hour', at(end, used(end)), keptUntil(end + 15 * minute)],
    ['from its end on, though the look is late', at(end + minute, used(end)), keptUntil(end + 15 * minute)],
    ['or from now on, were that over already', at(one, used(one)), keptUntil(one + 15 * minute)],
    ['seen in use three minutes ago', at(end, used(end - 3 * minute)), keptUntil(end + 15 * minute)],
    [
      'and before that: who knows?',
      at(end, used(end - 3 * minute - 1)),
      keptUntil(end + 15 * minute, unknown),
    ],
    ['in use still, when it was kept before', at(one, used(one), kept(one)), keptUntil(one + 15 * minute)],
    ['in use, close to its cap', at(end, used(end), { cap: end + minute }), keptUntil(end + minute)],
    ['in use, at its cap', at(end, used(end), { cap: end }), expired],
    ['in use, past its cap by a grace', at(end, used(end), { cap: end - minute }), expired],
    [
      'in use for days, without a cap',
      at(ninety, used(ninety), { ...kept(ninety), cap: undefined }),
      keptUntil(ninety + 15 * minute),
    ],
    ['unused', at(end, unused(end)), expired],
    ['unused since it was kept', at(one, unused(one, end), kept(one)), expired],
    ['nobody knows', at(end, blind(end)), keptUntil(end + 15 * minute, unknown)],
    ['nobody ever looked', at(end, undefined), keptUntil(end + 15 * minute, unknown)],
    [
      'nobody has known for 50 minutes',
      at(one - 10 * minute, blind(one), kept(one - 10 * minute)),
      keptUntil(one, unknown),
    ],
    ['nobody has known for an hour', at(one, blind(one), kept(one)), expired],
    ['nor since it was used before its end', at(one, blind(one, noon), kept(one)), expired],
    [
      'nobody knows, of one that was in use five minutes ago',
      at(three, blind(three, three - 5 * minute), kept(three)),
      keptUntil(three + 15 * minute, unknown),
    ],
    [
      'nobody knows, of one that was in use an hour ago',
      at(three, blind(three, three - hour), kept(three)),
      expired,
    ],
  ])('%s', (_, step, expected) => expect(step).toEqual(expected));

  it('that boots for the first time is not in use', () => {
    const facts = { lease: aLease(), created: noon, runningSince: undefined, seen: undefined };
    expect(decideLease(facts, end, end - second, aLeasePolicy())).toEqual(expired);
  });

  it('that somebody started anew is one of which nobody knows, for an hour from then', () => {
    const restarted = (now: number, facts: Partial<Lease>, restartedAt: number, runningSince?: number) =>
      decideLease(
        { lease: aLease(facts), created: noon, runningSince, restartedAt, seen: undefined },
        now,
        now - second,
        aLeasePolicy(),
      );
    expect(restarted(end, {}, end - minute)).toEqual(keptUntil(end + 15 * minute, unknown));
    // Kept for hours since it was in use, and restarted: what was seen of it is gone with its container.
    expect(restarted(three, kept(three), three - minute)).toEqual(keptUntil(three + 15 * minute, unknown));
    expect(restarted(three, kept(three), three - minute, three - second)).toMatchObject({ kind: 'keep' });
    expect(restarted(three, kept(three), three - hour)).toEqual(expired);
    // It crashed before its end, and was brought back after it.
    expect(restarted(end + 5 * minute, {}, end + 5 * minute)).toMatchObject({ kind: 'keep' });
    expect(restarted(end, { cap: end }, end - minute)).toEqual(expired);
  });

  it('slept through gets its grace first, in use or not, and is kept after that', () => {
    const now = end + hour;
    for (const seen of [used(now), unused(now), blind(now)]) {
      const facts = { lease: aLease(), created: noon, runningSince: noon, seen };
      expect(decideLease(facts, now, end - minute, aLeasePolicy())).toEqual({
        kind: 'grace',
        end: now + 10 * minute,
      });
    }
    const then = now + 10 * minute;
    expect(at(then, used(then), { end: then, reminded: then })).toEqual(keptUntil(then + 15 * minute));
  });
});

describe('the reminders of a rig that is kept', () => {
  const cap = noon + 10 * hour;
  const at = (now: number, facts: Partial<Lease> = {}) =>
    decideLease(
      {
        lease: aLease({ cap, keptFrom: end, end: now + 10 * minute, reminded: end - 5 * minute, ...facts }),
        created: noon,
        runningSince: noon,
        seen: used(now),
      },
      now,
      now - second,
      aLeasePolicy(),
    );

  it('are one, half an hour before its cap, and no other', () => {
    expect(at(end + hour)).toEqual({ kind: 'nothing' });
    expect(at(cap - 30 * minute - 1)).toEqual({ kind: 'nothing' });
    const reminder = { kind: 'remind', deadline: cap - 30 * minute, before: 30 * minute };
    expect(at(cap - 30 * minute)).toEqual(reminder);
    expect(at(cap - 20 * minute, { reminded: cap - 30 * minute })).toEqual({ kind: 'nothing' });
    expect(at(cap - 2 * minute, { reminded: cap - 30 * minute, end: cap })).toEqual({ kind: 'nothing' });
  });

  it('are none where there is no cap', () => {
    expect(at(noon + 100 * hour, { cap: undefined })).toEqual({ kind: 'nothing' });
  });
});

describe('a rig that nobody uses', () => {
  const since = noon + hour;
  const policy = aLeasePolicy({ idle: hour });
  type Facts = { readonly lease?: Partial<Lease>; readonly runningSince?: number; readonly watched?: number };
  const at = (
    now: number,
    seen: SeenUse | undefined,
    { lease, runningSince = noon, watched = now - second }: Facts = {},
    wanted: LeasePolicy = policy,
  ) => decideLease({ lease: aLease(lease), created: noon, runningSince, seen }, now, watched, wanted);
  const nothing = { kind: 'nothing' };
  const [warned, stop] = [since + hour, since + hour + 10 * minute];
  const warning = { kind: 'idle', since, stop };
  const toStop = { lease: { idleStop: stop } };

  it.each([
    [
      'is its owner’s business, where the operator says nothing',
      at(warned, unused(warned), {}, aLeasePolicy()),
      nothing,
    ],
    ['for less than that', at(warned - 1, unused(warned - 1, since)), nothing],
    ['for so long: its owner is asked', at(warned, unused(warned, since)), warning],
    ['since it was started', at(warned, unused(warned), { runningSince: since }), warning],
    [
      'since somebody last wanted it',
      at(warned, unused(warned, noon), { lease: { wanted: since } }),
      warning,
    ],
    ['that nobody sees: who knows?', at(warned, blind(warned, since)), nothing],
    ['that nobody ever looked at', at(warned, undefined), nothing],
    ['that was last looked at too long ago', at(warned, unused(warned - 4 * minute, since)), nothing],
    ['once asked about, until then', at(stop - 1, unused(stop - 1, since), toStop), nothing],
    ['and then it stops', at(stop, unused(stop, since), toStop), { kind: 'expire', reason: 'idle' }],
    ['used again: called off', at(stop, used(stop), toStop), { kind: 'used' }],
    ['used in between: called off', at(stop, unused(stop, warned + minute), toStop), { kind: 'used' }],
    ['unknown by then: called off', at(stop, blind(stop, since), toStop), { kind: 'used' }],
    [
      'no longer the operator’s wish: called off',
      at(stop, unused(stop, since), toStop, aLeasePolicy()),
      { kind: 'used' },
    ],
    [
      'that was to stop while no bot was there: asked again',
      at(stop + hour, unused(stop + hour, since), { ...toStop, watched: stop - minute }),
      { kind: 'idle', since, stop: stop + hour + 10 * minute },
    ],
    [
      'a bot was there, and is late',
      at(stop + 30 * second, unused(stop, since), { ...toStop, watched: stop - 20 * second }),
      { kind: 'expire', reason: 'idle' },
    ],
    ['past its end: that is its end', at(end, unused(end, since), { lease: { idleStop: end + 1 } }), expired],
  ])('%s', (_, step, expected) => expect(step).toEqual(expected));

  it('is reminded of its end all the same', () => {
    const now = end - 30 * minute;
    const lease = { idleStop: now + minute };
    expect(at(now, unused(now, since), { lease })).toMatchObject({ kind: 'remind' });
  });

  it('that was restarted and is seen unused goes at its end', () => {
    const facts = { lease: aLease(), created: noon, runningSince: noon, restartedAt: end - minute };
    const step = decideLease({ ...facts, seen: unused(end) }, end, end - second, aLeasePolicy());
    expect(step).toEqual(expired);
  });

  it('is called off while it boots: somebody restarted it', () => {
    const facts = {
      lease: aLease({ idleStop: stop }),
      created: noon,
      runningSince: undefined,
      seen: undefined,
    };
    expect(decideLease(facts, stop, stop - second, policy)).toEqual({ kind: 'used' });
  });
});

describe('a rig without an end', () => {
  const lease = endlessLease(aLease({ reminded: noon, keptFrom: noon, idleStop: noon + hour }), noon);

  it('has forgotten all that was said of its end, and counts the change', () => {
    expect(lease).toEqual({ end: undefined, cap: undefined, rev: 4, wanted: noon });
    expect(earliestStop(lease)).toBeUndefined();
  });

  it('is never due, in use, unused or unknown, whatever was slept through', () => {
    const now = noon + 1000 * hour;
    for (const seen of [used(now), unused(now), blind(now), undefined]) {
      const facts = { lease, created: noon, runningSince: noon, seen };
      expect(decideLease(facts, now, noon, aLeasePolicy({ idle: hour }))).toEqual({ kind: 'nothing' });
    }
  });

  it('has nothing to extend', () => {
    expect(extendLease(lease, { kind: 'by', length: hour }, noon)).toEqual({ kind: 'endless' });
  });
});

describe('without a longest lease', () => {
  const limits = { usual: 4 * hour, most: undefined };

  it('a lease has no cap, is as long as it was asked for, and never cut', () => {
    expect(grantLease(undefined, limits, noon)).toEqual({
      lease: { end, cap: undefined, rev: 1 },
      cut: false,
    });
    expect(grantLease(900 * hour, limits, noon)).toMatchObject({
      lease: { end: noon + 900 * hour },
      cut: false,
    });
  });

  it('an extension is granted whole', () => {
    const lease = aLease({ cap: undefined });
    expect(extendLease(lease, { kind: 'by', length: 900 * hour }, noon)).toMatchObject({
      lease: { end: end + 900 * hour, cap: undefined },
      most: false,
    });
  });
});

describe('the earliest stop', () => {
  it.each([
    [{ end, idleStop: undefined }, end],
    [{ end, idleStop: noon }, noon],
    [{ end: noon, idleStop: end }, noon],
    [{ end: undefined, idleStop: noon }, undefined],
  ])('of %j is %s', (lease, expected) => expect(earliestStop(lease)).toBe(expected));
});
