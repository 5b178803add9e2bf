import { describe, expect, it } from 'vitest';
import {
  day,
  formatDuration,
  formatTook,
  hour,
  minute,
  parseDuration,
  second,
} from '../../../src/rig/duration.ts';

describe('a duration as people write it', () => {
  it.each([
    ['4h', 4 * hour],
    ['4H', 4 * hour],
    ['90m', 90 * minute],
    ['1h30m', 90 * minute],
    ['1d', day],
    ['1d2h3m4s', day + 2 * hour + 3 * minute + 4 * second],
    ['20s', 20 * second],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(['', '4', 'h', '4x', '30m1h', '4h4h', '-4h', '1.5h', '0h', '4 h', '99999999h', 'demo'])(
    '%j is none',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('a duration as people read it', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [40 * second, '40 s'],
    [minute, '1 m'],
    [3 * hour + 12 * minute + 59 * second, '3 h 12 m'],
    [4 * hour, '4 h'],
    [day + 2 * hour + 5 * minute, '1 d 2 h'],
    [day + 5 * minute, '1 d 5 m'],
  ])('%d', (duration, expected) => expect(formatDuration(duration)).toBe(expected));

  it.each([
    [1234, '1.2 s'],
    [9999, '10.0 s'],
    [40_400, '40 s'],
    [119_000, '119 s'],
    [125_000, '2 m'],
  ])('took %d', (duration, expected) => expect(formatTook(duration)).toBe(expected));
});
