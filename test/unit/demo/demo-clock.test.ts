// The try-out's time: in which steps it moves on, and that each is waited for.

import { describe, expect, it } from 'vitest';
import { createDemoClock, longestSkip, stepsOf } from '../../../src/demo/demo-clock.ts';
import { day, hour, minute, second } from '../../../src/rig/duration.ts';

const sum = (steps: readonly number[]): number => steps.reduce((total, step) => total + step, 0);

describe('the steps of a skip', () => {
  it.each([
    ['5 min', 5 * minute, 12, 25 * second],
    ['an hour', hour, 12, 5 * minute],
    ['four hours: none longer than five minutes', 4 * hour, 48, 5 * minute],
    ['five hours', 5 * hour, 60, 5 * minute],
    ['a day: never more than sixty', day, 60, 24 * minute],
    ['three seconds: none shorter than one', 3 * second, 3, second],
    ['half a second', 500, 1, 500],
  ])('%s', (_, length, count, longest) => {
    const steps = stepsOf(length);
    expect(steps).toHaveLength(count);
    expect(Math.max(...steps)).toBe(longest);
    expect(sum(steps)).toBe(length);
  });

  it('come to the whole, also where it cannot be divided', () => {
    expect(sum(stepsOf(hour + 7))).toBe(hour + 7);
  });
});

describe('a skip', () => {
  const start = 1_700_000_000_000;
  const createClock = () => createDemoClock({ local: () => start, pause: 0 });

  it('moves on step by step, each after the one before was told', async () => {
    const clock = createClock();
    const seen: string[] = [];
    const end = start + hour;
    clock.onStep(() => seen.push(`${clock.skew() / minute} ${clock.movingTo()}`));
    const settled = async (): Promise<void> => void seen.push('told');
    expect(await clock.skip(hour, settled)).toEqual({ kind: 'skipped', length: hour, now: start + hour });
    expect(seen.slice(0, 4)).toEqual([`5 ${end}`, 'told', `10 ${end}`, 'told']);
    expect(seen.slice(-3)).toEqual([`60 ${end}`, 'told', '60 undefined']);
    expect(clock.now()).toBe(start + hour);
  });

  it('is refused while another is under way, and where it is too long', async () => {
    const clock = createClock();
    const first = clock.skip(hour, async () => undefined);
    expect(await clock.skip(hour, async () => undefined)).toEqual({ kind: 'busy' });
    await first;
    expect(await clock.skip(longestSkip + 1, async () => undefined)).toMatchObject({ kind: 'too-long' });
    expect(clock.skew()).toBe(hour);
  });

  it('lets the next one begin after a fault', async () => {
    const clock = createClock();
    await expect(clock.skip(hour, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.movingTo()).toBeUndefined();
  });
});
