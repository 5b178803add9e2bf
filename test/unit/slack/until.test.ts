// Times of day become moments, whatever clocks do. A failure of a random test prints its seed; FC_SEED runs it again.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, hour, type Instant, minute } from '../../../src/rig/duration.ts';
import { extendLease, grantLease } from '../../../src/rig/lease.ts';
import type { TimeOfDay } from '../../../src/slack/parse/command.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { clockTime, isZone, nextEvening, resolveUntil } from '../../../src/slack/parse/until.ts';
import { ahead, changesOf, wallClock, wallTime, zones } from '../../support/wall-clock.ts';

/** `9:00`, `tomorrow 9:00` */
const aTime = (text: string): TimeOfDay => {
  const [clock = '', tomorrow] = text.split(' ').toReversed();
  const [hours = '', minutes = ''] = clock.split(':');
  return { hour: Number(hours), minute: Number(minutes), day: tomorrow === undefined ? 'next' : 'tomorrow' };
};

const resolved: readonly (readonly [string, string, string, string, string])[] = [
  ['later today', 'Europe/Berlin', '2026-11-24T10:00+01:00', '18:00', '2026-11-24T18:00+01:00'],
  ['now is not next', 'Europe/Berlin', '2026-11-24T18:00+01:00', '18:00', '2026-11-25T18:00+01:00'],
  ['a second before', 'Europe/Berlin', '2026-11-24T17:59:59+01:00', '18:00', '2026-11-24T18:00+01:00'],
  ['tomorrow', 'Europe/Berlin', '2026-11-24T00:00+01:00', 'tomorrow 18:00', '2026-11-25T18:00+01:00'],
  ['the day is the zone’s', 'Asia/Kathmandu', '2026-11-24T20:00Z', '9:00', '2026-11-25T09:00+05:45'],
  ['and so is tomorrow', 'Asia/Kathmandu', '2026-11-24T20:00Z', 'tomorrow 9:00', '2026-11-26T09:00+05:45'],
  ['midnight', 'UTC', '2026-12-31T23:00Z', '0:00', '2027-01-01T00:00Z'],
  ['over a change', 'Europe/Berlin', '2026-03-28T20:00+01:00', '18:00', '2026-03-29T18:00+02:00'],
  ['left out in spring', 'Europe/Berlin', '2026-03-29T01:00+01:00', '2:30', '2026-03-29T03:30+02:00'],
  ['the end of the gap', 'Europe/Berlin', '2026-03-29T01:00+01:00', '2:00', '2026-03-29T03:00+02:00'],
  ['a gap that is past', 'Europe/Berlin', '2026-03-29T03:30+02:00', '2:30', '2026-03-30T02:30+02:00'],
  ['twice in autumn', 'Europe/Berlin', '2026-10-25T01:00+02:00', '2:30', '2026-10-25T02:30+02:00'],
  ['the second of the two', 'Europe/Berlin', '2026-10-25T02:30+02:00', '2:30', '2026-10-25T02:30+01:00'],
  ['both are past', 'Europe/Berlin', '2026-10-25T02:30+01:00', '2:30', '2026-10-26T02:30+01:00'],
  ['tomorrow, twice', 'Europe/Berlin', '2026-10-24T12:00+02:00', 'tomorrow 2:30', '2026-10-25T02:30+02:00'],
  ['half an hour', 'Australia/Lord_Howe', '2026-10-04T01:00+10:30', '2:15', '2026-10-04T02:45+11:00'],
  ['the evening again', 'America/St_Johns', '2010-11-07T00:00:30-02:30', '23:30', '2010-11-06T23:30-03:30'],
  ['a day left out', 'Pacific/Apia', '2011-12-29T20:00-10:00', '18:00', '2011-12-31T18:00+14:00'],
  ['tomorrow, left out', 'Pacific/Apia', '2011-12-29T09:00-10:00', 'tomorrow 9:00', '2011-12-31T09:00+14:00'],
];

test.each(resolved)('%s (%s, %s): %s', (_, zone, now, typed, moment) => {
  const found = resolveUntil(aTime(typed), zone, Date.parse(now));
  expect(new Date(found).toISOString()).toBe(new Date(moment).toISOString());
});

test.each([
  ['at noon', '2026-11-24T12:00+01:00', true],
  ['ten hours before', '2026-11-24T08:00+01:00', true],
  ['in the early morning', '2026-11-24T07:59+01:00', false],
  ['half an hour before', '2026-11-24T17:30+01:00', true],
  ['a moment before', '2026-11-24T17:31+01:00', false],
  ['in the evening', '2026-11-24T18:00+01:00', false],
  ['at night', '2026-11-24T23:00+01:00', false],
])('this evening, %s: %s', (_, now, makesSense) => {
  const found = nextEvening('Europe/Berlin', Date.parse(now));
  expect(found).toBe(makesSense ? Date.parse('2026-11-24T18:00+01:00') : undefined);
});

test('a moment reads as on a clock there', () => {
  const at = Date.parse('2026-07-01T21:59:59.999Z');
  expect(clockTime(at, 'Europe/Berlin')).toBe('23:59');
  expect(clockTime(at, 'Asia/Kathmandu')).toBe('03:44');
});

test('what is a zone', () => {
  expect([...zones, 'Asia/Calcutta', 'America/Indiana/Knox'].filter((zone) => !isZone(zone))).toEqual([]);
  expect(['', 'Mars/Olympus', 'Europe/Berlin; ', 'local'].filter(isZone)).toEqual([]);
});

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 1500 };

const [from, to] = [Date.UTC(2010, 0), Date.UTC(2031, 0)];
const changes = new Map(zones.map((zone) => [zone, changesOf(zone, from, to)]));

/** Mostly within two days of a change of that zone's clocks, to the millisecond or on the minute. */
const aMoment = fc.constantFrom(...zones).chain((zone) =>
  fc.record({
    zone: fc.constant(zone),
    now: fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: from, max: to }) },
      {
        weight: 5,
        arbitrary: fc
          .tuple(
            fc.constantFrom(from, ...(changes.get(zone) ?? [])),
            fc.oneof(
              fc.integer({ min: -50 * 60, max: 50 * 60 }).map((minutes) => minutes * minute),
              fc.integer({ min: -90 * 60_000, max: 90 * 60_000 }),
            ),
          )
          .map(([change, off]) => change + off),
      },
    ),
  }),
);
const aTimeOfDay = fc.record({
  hour: fc.oneof(fc.constantFrom(0, 1, 2, 3, 23), fc.nat(23)),
  minute: fc.oneof(fc.constantFrom(0, 15, 30, 45, 59), fc.nat(59)),
  day: fc.constantFrom('next' as const, 'tomorrow' as const),
});

const clockOf = (time: TimeOfDay): string =>
  `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`;

/** The first moment after now at which the clock shows it, looked for step by step. */
const firstSeen = (time: TimeOfDay, zone: string, now: Instant): Instant | undefined => {
  // Every zone here is a multiple of a quarter of an hour ahead of UTC.
  const quarter = 15 * minute;
  const first = Math.floor(now / quarter) * quarter + (time.minute % 15) * minute;
  for (let at = first; at <= now + 2 * day; at += quarter) {
    if (at > now && wallTime(at, zone) === clockOf(time)) return at;
  }
  return undefined;
};

describe('whatever the clocks do', () => {
  test('there are changes to meet', () => {
    expect(zones.filter((zone) => (changes.get(zone) ?? []).length > 0)).toHaveLength(6);
  });

  test('a time of day lies ahead, within a day, or two with tomorrow, and the hour that may be put back', () => {
    fc.assert(
      fc.property(aMoment, aTimeOfDay, ({ zone, now }, time) => {
        const found = resolveUntil(time, zone, now);
        expect(found).toBeGreaterThan(now);
        expect(found - now).toBeLessThanOrEqual((time.day === 'next' ? 1 : 2) * day + hour);
      }),
      runs,
    );
  });

  test('the next one is the first that a clock there shows; one that is left out is as late as the jump is wide', () => {
    fc.assert(
      fc.property(aMoment, aTimeOfDay, ({ zone, now }, { hour, minute }) => {
        const time: TimeOfDay = { hour, minute, day: 'next' };
        const found = resolveUntil(time, zone, now);
        if (wallTime(found, zone) === clockOf(time)) {
          expect(found).toBe(firstSeen(time, zone, now));
          return;
        }
        expect(found).toBeLessThan(firstSeen(time, zone, now) ?? Number.POSITIVE_INFINITY);
        const change = (changes.get(zone) ?? []).findLast((at) => at <= found) ?? found;
        const jump = ahead(change, zone) - ahead(change - 1, zone);
        expect(jump).toBeGreaterThan(0);
        expect(found - change).toBeLessThan(jump);
        // What a clock shows that nobody put on.
        expect(wallTime(found + ahead(change - 1, zone), 'UTC')).toBe(clockOf(time));
      }),
      runs,
    );
  });

  test('tomorrow is the day that the calendar there has next', () => {
    fc.assert(
      fc.property(aMoment, aTimeOfDay, ({ zone, now }, { hour, minute }) => {
        const found = resolveUntil({ hour, minute, day: 'tomorrow' }, zone, now);
        const today = wallClock(now, zone).slice(0, 10);
        const next = new Date(Date.parse(today) + day).toISOString().slice(0, 10);
        const leftOut = zone === 'Pacific/Apia' && next === '2011-12-30';
        expect(wallClock(found, zone).slice(0, 10)).toBe(leftOut ? '2011-12-31' : next);
      }),
      runs,
    );
  });

  test('who asks later gets no earlier end', () => {
    fc.assert(
      fc.property(aMoment, aTimeOfDay, fc.nat(3 * day), ({ zone, now }, time, later) => {
        // Where midnight is put back, today becomes yesterday again, and so does its tomorrow.
        fc.pre(time.day === 'next' || wallClock(now, zone) <= wallClock(now + later, zone));
        expect(resolveUntil(time, zone, now)).toBeLessThanOrEqual(resolveUntil(time, zone, now + later));
      }),
      runs,
    );
  });

  test('this evening is six o’clock of the same day, neither in a moment nor far off', () => {
    fc.assert(
      fc.property(aMoment, ({ zone, now }) => {
        const found = nextEvening(zone, now);
        const next = resolveUntil({ hour: 18, minute: 0, day: 'next' }, zone, now);
        const wait = next - now;
        const makesSense = wait >= 30 * minute && wait <= 10 * hour;
        expect(found).toBe(makesSense ? next : undefined);
      }),
      runs,
    );
  });

  test('a lease is never cut short, never carried past its cap, and ends at that o’clock in between', () => {
    const left = fc.record({ end: fc.nat(40 * 60), more: fc.nat(40 * 60) });
    fc.assert(
      fc.property(aMoment, aTimeOfDay, left, ({ zone, now }, time, { end: toEnd, more }) => {
        const end = now + toEnd * minute;
        const lease = { end, cap: end + more * minute, rev: 7 };
        const asked = resolveUntil(time, zone, now);
        const outcome = extendLease(lease, { kind: 'until', end: asked }, now);
        const after = outcome.kind === 'extended' ? outcome.lease : lease;
        expect(after.end).toBe(Math.max(end, Math.min(asked, lease.cap)));
        expect(after.rev).toBe(outcome.kind === 'extended' ? 8 : 7);
        expect(outcome.kind === 'extended' && outcome.most).toBe(end < lease.cap && asked > lease.cap);
      }),
      runs,
    );
  });

  test('four hours are four hours, whatever a clock shows then', () => {
    const limits = { usual: hour, most: 2 * day };
    fc.assert(
      fc.property(aMoment, ({ now }) => {
        const up = parseCommand('up for 4h');
        const extend = parseCommand('extend demo 4h');
        if (up.kind !== 'command' || up.command.kind !== 'up') throw new Error('not understood');
        if (extend.kind !== 'command' || extend.command.kind !== 'extend') throw new Error('not understood');
        const { lease } = grantLease(up.command.lease, limits, now);
        expect(lease.end).toBe(now + 4 * hour);
        const outcome = extendLease(lease, { kind: 'by', length: 4 * hour }, now);
        expect(extend.command.wanted).toEqual({ kind: 'by', length: 4 * hour });
        expect(outcome).toMatchObject({ kind: 'extended', lease: { end: now + 8 * hour } });
      }),
      runs,
    );
  });
});
