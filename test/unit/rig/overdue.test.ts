// What may be ended without a bot's word, and when no bot is there.

import { describe, expect, it, test } from 'vitest';
import { hour, minute } from '../../../src/rig/duration.ts';
import { overAt } from '../../../src/rig/ended-by-host.ts';
import { isBotAway, isOverdue } from '../../../src/rig/overdue.ts';

const cap = 100 * hour;
const late = cap + hour;

test.each([
  ['an hour past its cap, its end passed', { end: cap, cap }, cap, late, true],
  ['a moment before that', { end: cap, cap }, cap, late - 1, false],
  ['past its end only', { end: 10 * hour, cap }, cap, 50 * hour, false],
  ['past its end by a year, with no cap', { end: 10 * hour, cap: undefined }, cap, 9000 * hour, false],
  ['kept for ever since its birth', { end: undefined, cap: undefined }, cap, 9000 * hour, false],
  ['without an end, though it has a cap', { end: undefined, cap }, cap, 9000 * hour, false],
  ['whose adopted end is later than its cap', { end: late + minute, cap }, cap, late, false],
  ['born with an earlier cap than it has', { end: cap, cap }, hour, 50 * hour, false],
  ['without a note, an hour past its label', undefined, cap, late, true],
  ['without a note, before that', undefined, cap, late - 1, false],
  ['without a note, and born without a cap', undefined, undefined, 9000 * hour, false],
] as const)('one %s', (_, noted, bornCap, now, is) => {
  expect(isOverdue({ noted, bornCap }, now, hour)).toBe(is);
});

describe('a bot', () => {
  const now = 500 * hour;
  it.each([
    ['that looked an hour ago, as this process saw for an hour', now - hour, 0, hour, true],
    ['that looked an hour ago, but this process has only begun', now - 90 * hour, 0, minute, false],
    [
      'that was seen to stand still for an hour, and looked since by the registry',
      now - minute,
      0,
      hour,
      false,
    ],
    ['that never was, in an hour of looking', undefined, 0, hour, true],
    ['that never was, since a moment', undefined, 0, minute, false],
  ] as const)('%s', (_, last, stillSince, elapsed, is) => {
    expect(isBotAway({ last, stillSince }, now, elapsed, hour)).toBe(is);
  });
});

test.each([
  ['not-resumed', { end: 5, cap: 9 }, 5, { kind: 'expired' }],
  ['not-resumed', { end: 6, cap: 9 }, 5, undefined],
  ['not-resumed', { end: undefined, cap: undefined }, 5, undefined],
  ['overdue', { end: 5, cap: 9 }, 10, { kind: 'overdue' }],
  ['overdue', { end: 50, cap: 90 }, 10, undefined],
  ['overdue', { end: undefined, cap: undefined }, 10, undefined],
  ['removed', { end: 5, cap: 9 }, 10, undefined],
] as const)('%s of a lease %o at %i', (kind, lease, at, is) => {
  expect(overAt({ ...lease, rev: 1 }, { kind }, at)).toEqual(is);
});
