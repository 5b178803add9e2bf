// What a benchmark says of its figures: what holds, what does not, and how it looks.

import { describe, expect, it } from 'vitest';
import { atLeast, atMost, below, formatTable, median, quantile, row } from '../../bench/rows.ts';

describe('a row', () => {
  it.each([
    [1.3, atMost(1.3), 'at most 1.3', true],
    [1.3004, atMost(1.3), 'at most 1.3', false],
    [150, below(150), 'below 150', false],
    [149.99, below(150), 'below 150', true],
    [0.8, atLeast(0.8), 'at least 0.8', true],
    [0.7999, atLeast(0.8), 'at least 0.8', false],
  ])('of %d: %o', (value, wish, wanted, holds) => {
    expect(row('it', 'ratio', value, wish)).toMatchObject({ wanted, holds });
  });

  it('wants nothing where nothing was wanted', () => {
    expect(row('it', 'ms', 12.345)).toEqual({
      what: 'it',
      unit: 'ms',
      value: 12.3,
      wanted: null,
      holds: null,
    });
  });
});

describe('a quantile', () => {
  it('is a figure in the middle, or between the two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6);
    expect(() => median([])).toThrow('nothing');
  });
});

it('says loudly in the table what does not hold', () => {
  const rows = [row('a', 'ms', 1, below(2)), row('b', 'ms', 3, below(2)), row('c', 'ms', 4)];
  const table = formatTable({ name: 'x', machine: 'y', rows });
  expect(table).toMatch(/^a .*holds$/m);
  expect(table).toMatch(/^b .*DOES NOT HOLD$/m);
  expect(table).toMatch(/^c +4\.?0? +ms$/m);
});
