// Slack's speed, kept by a clock that the test moves.

import { expect, test } from 'vitest';
import { createPacing, type Slot, usualPacing } from '../../../src/slack/tell/pacing.ts';

const start = () => {
  const clock = { at: 0 };
  return {
    clock,
    pacing: createPacing(
      { ...usualPacing, postEvery: 1100, longestWait: 20_000, updatesPerMinute: 6 },
      () => clock.at,
    ),
  };
};

const waits = (slots: readonly Slot[]): (number | string)[] =>
  slots.map((slot) => (slot.kind === 'in' ? slot.wait : `full ${slot.after}`));

test('posts in one conversation stand in line, others do not wait for them', () => {
  const { clock, pacing } = start();
  expect(waits([pacing.post('a'), pacing.post('a'), pacing.post('b'), pacing.post('a')])).toEqual([
    0, 1100, 0, 2200,
  ]);
  clock.at = 2000;
  expect(waits([pacing.post('a'), pacing.post('b')])).toEqual([1300, 0]);
  clock.at = 10_000;
  expect(waits([pacing.post('a')])).toEqual([0]);
});

test('who would wait too long is sent away, and takes no place', () => {
  const { pacing } = start();
  const slots = Array.from({ length: 25 }, () => pacing.post('a'));
  expect(slots.filter(({ kind }) => kind === 'in')).toHaveLength(19);
  expect(waits(slots.slice(19, 21))).toEqual(['full 20900', 'full 20900']);
});

test('edits: as many a minute as Slack takes, then one whenever the oldest is a minute old', () => {
  const { clock, pacing } = start();
  for (let n = 0; n < 6; n += 1) {
    clock.at = n * 1000;
    expect(waits([pacing.update()])).toEqual([0]);
  }
  clock.at = 45_000;
  expect(waits([pacing.update(), pacing.update()])).toEqual([15_000, 16_000]);
  clock.at = 30_000;
  expect(waits([pacing.update()])).toEqual(['full 32000']);
});

test('a figure moves every 10 s on a card, and only while there is room to spare', () => {
  const { clock, pacing } = start();
  expect(pacing.progress('a')).toBe(true);
  expect(pacing.progress('a')).toBe(false);
  expect(pacing.progress('b')).toBe(true);
  clock.at = 9999;
  expect(pacing.progress('a')).toBe(false);
  clock.at = 10_000;
  expect(pacing.progress('a')).toBe(true);
  // Half of the minute's six is used: the rest is for changes of state.
  expect(pacing.progress('c')).toBe(false);
  expect(waits([pacing.update(), pacing.update(), pacing.update()])).toEqual([0, 0, 0]);
});
