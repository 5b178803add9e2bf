import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import { decideLease, extendLease, type Lease, type LeaseFacts } from '../../../src/rig/lease.ts';
import { noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';

const aLease = (facts: Partial<Lease> = {}): Lease => ({
  end: noon + 4 * hour,
  cap: noon + 24 * hour,
  rev: 3,
  ...facts,
});

describe('an extension', () => {
  it.each([
    ['by two hours', { kind: 'by', length: 2 * hour }, { end: noon + 6 * hour, most: false }],
    ['until a moment', { kind: 'until', end: noon + 5 * hour }, { end: noon + 5 * hour, most: false }],
    [
      'by exactly what is left to the cap',
      { kind: 'by', length: 20 * hour },
      { end: noon + 24 * hour, most: false },
    ],
    [
      'by more than is left to the cap',
      { kind: 'by', length: 21 * hour },
      { end: noon + 24 * hour, most: true },
    ],
  ] as const)('%s', (_, wanted, { end, most }) => {
    expect(extendLease(aLease({ reminded: noon, keptFrom: noon, idleStop: noon }), wanted, noon)).toEqual({
      kind: 'extended',
      lease: { end, cap: noon + 24 * hour, rev: 4, wanted: noon },
      most,
    });
  });

  it('of one that is over already counts from now', () => {
    const wanted = { kind: 'by', length: hour } as const;
    expect(extendLease(aLease(), wanted, noon + 7 * hour)).toMatchObject({ lease: { end: noon + 8 * hour } });
  });

  it('never makes it shorter', () => {
    expect(extendLease(aLease(), { kind: 'until', end: noon + 3 * hour }, noon)).toEqual({
      kind: 'no-longer',
    });
    expect(extendLease(aLease(), { kind: 'until', end: noon + 4 * hour }, noon)).toEqual({
      kind: 'no-longer',
    });
  });

  it('has an end at the cap, also for a lease that a grace carried past it', () => {
    const wanted = { kind: 'by', length: hour } as const;
    expect(extendLease(aLease({ end: noon + 24 * hour }), wanted, noon)).toEqual({ kind: 'at-cap' });
    expect(extendLease(aLease({ end: noon + 25 * hour }), wanted, noon)).toEqual({ kind: 'at-cap' });
  });

  it('never cuts a lease short and never passes the cap, whatever is asked for', () => {
    const instant = fc.integer({ min: 0, max: 48 * hour }).map((offset) => noon + offset);
    const wanted = fc.oneof(
      fc.record({ kind: fc.constant('by' as const), length: fc.integer({ min: 1, max: 100 * hour }) }),
      fc.record({ kind: fc.constant('until' as const), end: instant }),
    );
    fc.assert(
      fc.property(instant, instant, wanted, (end, cap, extension) => {
        const extended = extendLease({ end, cap, rev: 1 }, extension, noon);
        if (extended.kind !== 'extended') return true;
        const { end: later = 0, rev } = extended.lease;
        return later > end && later <= cap && rev === 2;
      }),
    );
  });
});

const expired = { kind: 'expire', reason: 'expired' } as const;

describe('what is due about a lease', () => {
  const policy = aLeasePolicy();
  // Nobody uses it, as its host sees.
  const facts = (lease: Lease, now: number): LeaseFacts => ({
    lease,
    created: noon,
    runningSince: noon,
    seen: { generation: 1, at: now, use: { kind: 'idle' } },
  });
  const at = (now: number, lease = aLease(), watched: number | undefined = now - 5 * second) =>
    decideLease(facts(lease, now), now, watched, policy);
  const end = noon + 4 * hour;

  it.each([
    ['long before its end', noon + hour, { kind: 'nothing' }],
    ['a moment before the first reminder', end - 30 * minute - 1, { kind: 'nothing' }],
    [
      'half an hour before',
      end - 30 * minute,
      { kind: 'remind', deadline: end - 30 * minute, before: 30 * minute },
    ],
    [
      'a little later',
      end - 29 * minute,
      { kind: 'remind', deadline: end - 30 * minute, before: 30 * minute },
    ],
    [
      'five minutes before: the first one is past its deadline',
      end - 5 * minute,
      { kind: 'remind', deadline: end - 5 * minute, before: 5 * minute },
    ],
    ['a moment before its end', end - 1, { kind: 'remind', deadline: end - 5 * minute, before: 5 * minute }],
    ['at its end', end, expired],
    ['long after its end', end + 9 * hour, expired],
  ] as const)('%s', (_, now, step) => expect(at(now)).toEqual(step));

  it('reminds once of each deadline, and again when the end was moved', () => {
    const reminded = aLease({ reminded: end - 30 * minute });
    expect(at(end - 20 * minute, reminded)).toEqual({ kind: 'nothing' });
    expect(at(end - 4 * minute, reminded)).toMatchObject({ kind: 'remind', before: 5 * minute });
    const extended = extendLease(reminded, { kind: 'by', length: hour }, end - 4 * minute);
    if (extended.kind !== 'extended') throw new Error('it was not extended');
    expect(at(end, extended.lease)).toEqual({ kind: 'nothing' });
    expect(at(end + 30 * minute, extended.lease)).toMatchObject({ kind: 'remind', before: 30 * minute });
  });

  it('leaves out reminders longer than half of the lease', () => {
    const short = aLease({ end: noon + 40 * minute });
    expect(at(noon + 11 * minute, short)).toEqual({ kind: 'nothing' });
    expect(at(noon + 35 * minute, short)).toMatchObject({ kind: 'remind', before: 5 * minute });
    const tiny = aLease({ end: noon + 8 * minute });
    expect(at(noon + 7 * minute, tiny)).toEqual({ kind: 'nothing' });
    expect(at(noon + 8 * minute, tiny)).toEqual(expired);
  });

  it('gives a grace to a lease that ended while nobody was looking, and to no other', () => {
    const now = end + hour;
    expect(at(now, aLease(), end - minute)).toEqual({ kind: 'grace', end: now + 10 * minute });
    // It was seen alive after its end, so somebody was looking: the stop is only late.
    expect(at(now, aLease(), end + minute)).toEqual(expired);
    // The very first look of a new fleet.
    expect(decideLease(facts(aLease(), now), now, undefined, policy)).toEqual(expired);
    // A sweep that was a little slow is no outage.
    expect(at(end + 20 * second, aLease(), end - 20 * second)).toEqual(expired);
  });
});

describe('the reminder before the longest time of a rig that is kept', () => {
  const end = noon + 4 * hour;
  const kept = (facts: Partial<Lease>): Lease =>
    aLease({ end: end + 15 * minute, keptFrom: end, reminded: end - 5 * minute, ...facts });
  const dueAt = (before: number, lease: Lease, use: 'unknown' | 'streams') => {
    const now = (lease.cap ?? 0) - before;
    const seen = { generation: 1, at: now, use: use === 'streams' ? { kind: use, count: 1 } : { kind: use } };
    return decideLease(
      { lease: { ...lease, end: now + minute }, created: noon, runningSince: noon, seen },
      now,
      now,
      aLeasePolicy(),
    );
  };
  const reminder = { kind: 'remind', before: 30 * minute };

  it('comes while it is in use', () => {
    expect(dueAt(30 * minute, kept({ cap: end + 40 * minute }), 'streams')).toMatchObject(reminder);
    expect(dueAt(30 * minute, kept({ cap: end + 9 * hour }), 'streams')).toMatchObject(reminder);
  });

  it('is left out where nobody knows its use, and it was reminded less than an hour and a half ago', () => {
    expect(dueAt(30 * minute, kept({ cap: end + 40 * minute }), 'unknown')).toEqual({ kind: 'nothing' });
    expect(
      dueAt(30 * minute, kept({ cap: end + 40 * minute, reminded: undefined }), 'unknown'),
    ).toMatchObject(reminder);
    expect(dueAt(30 * minute, kept({ cap: end + 2 * hour }), 'unknown')).toMatchObject(reminder);
  });
});
