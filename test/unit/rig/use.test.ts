// Use as a table: what the statistics and three looks at the counters come to.

import { describe, expect, it, test } from 'vitest';
import { type Counters, decideUse, isInUse, isKnown, type Use } from '../../../src/rig/use.ts';

const rate = 32_768;
const streams = (facts: Readonly<Record<string, number>>) =>
  new Map(Object.entries({ connections: 3, connections_websocket: 3, ...facts }));
const none = streams({ streams_webrtc_in: 0, streams_webrtc_out: 0 });

/** Looks a minute apart, with these bytes in between, half of them each way. */
const looks = (...between: readonly number[]): { before: Counters[]; now: Counters } => {
  const all: Counters[] = [{ at: 1_000, received: 5_000, sent: 7_000 }];
  for (const bytes of between) {
    const last = all.at(-1) ?? { at: 0, received: 0, sent: 0 };
    all.push({ at: last.at + 60_000, received: last.received + bytes / 2, sent: last.sent + bytes / 2 });
  }
  return { before: all.slice(0, -1), now: all.at(-1) ?? { at: 0, received: 0, sent: 0 } };
};
const busy = 60 * 50_000;
const calm = 60 * 900;
const traffic: Use = { kind: 'traffic', bytesPerSecond: 50_000 };

describe('streams', () => {
  it.each([
    ['streams_webrtc_in', 1],
    ['streams_webrtc_out', 1],
    ['streams_rtmp_in', 1],
    ['streams_rtmp_out', 1],
    ['streams_rtsp_in', 1],
    ['streams_rtsp_out', 1],
    ['streams_websocket_out', 1],
    ['streams_viewers', 0],
    ['connections', 0],
    ['connections_websocket', 0],
    ['streams_rtmp_in_rate', 0],
  ])('%s: 1 counts as %d', (key, count) => {
    const expected = count === 0 ? { kind: 'idle' } : { kind: 'streams', count };
    const seen = streams({ streams_rtsp_in: 0, [key]: 1 });
    expect(decideUse(seen, [], undefined, rate)).toEqual(expected);
  });

  it('add up, whatever the traffic', () => {
    const two = streams({ streams_webrtc_in: 1, streams_webrtc_out: 1 });
    const { before, now } = looks(busy, busy);
    expect(decideUse(two, before, now, rate)).toEqual({ kind: 'streams', count: 2 });
    expect(decideUse(two, [], undefined, rate)).toEqual({ kind: 'streams', count: 2 });
  });

  it('below nought, as a miscount may show them, are none', () => {
    expect(decideUse(streams({ streams_webrtc_in: -1 }), [], undefined, rate)).toEqual({ kind: 'idle' });
    const seen = streams({ streams_webrtc_in: -1, streams_rtmp_in: 1 });
    expect(decideUse(seen, [], undefined, rate)).toEqual({ kind: 'streams', count: 1 });
  });
});

describe('traffic', () => {
  it.each<[string, number[], Use, Use]>([
    // what it is, bytes between the looks, with statistics that show no stream, without statistics
    ['one look', [], { kind: 'idle' }, { kind: 'unknown' }],
    ['two looks, calm', [calm], { kind: 'idle' }, { kind: 'unknown' }],
    ['two looks, busy', [busy], { kind: 'idle' }, { kind: 'unknown' }],
    ['calm, calm', [calm, calm], { kind: 'idle' }, { kind: 'unknown' }],
    ['a page was loaded just now', [calm, busy], { kind: 'idle' }, { kind: 'unknown' }],
    ['it is over', [busy, calm], { kind: 'idle' }, { kind: 'unknown' }],
    ['busy in both', [busy, busy], traffic, traffic],
    ['only the last two count', [calm, busy, busy], traffic, traffic],
    ['nor what was before', [busy, busy, calm], { kind: 'idle' }, { kind: 'unknown' }],
    ['just at the rate', [60 * rate, 60 * rate], { kind: 'idle' }, { kind: 'unknown' }],
  ])('%s', (_, between, withStatistics, without) => {
    const { before, now } = looks(...between);
    expect(decideUse(none, before, now, rate)).toEqual(withStatistics);
    expect(decideUse(undefined, before, now, rate)).toEqual(without);
  });

  it('is measured by the time that passed: after an outage the interval is longer', () => {
    const { before, now } = looks(busy, busy);
    expect(decideUse(none, before, { ...now, at: now.at + 600_000 }, rate)).toEqual({ kind: 'idle' });
  });

  it('is not known where the counters began anew, cannot be read, or no time passed', () => {
    const { before, now } = looks(busy, busy);
    for (const anew of [
      { received: 0, sent: 9e9 },
      { received: 9e9, sent: 0 },
    ]) {
      expect(decideUse(undefined, before, { ...now, ...anew }, rate)).toEqual({ kind: 'unknown' });
    }
    expect(decideUse(undefined, before, undefined, rate)).toEqual({ kind: 'unknown' });
    expect(decideUse(undefined, before, { ...now, at: before[1]?.at ?? 0 }, rate)).toEqual({
      kind: 'unknown',
    });
  });
});

test('statistics without any key for streams are as good as none', () => {
  expect(decideUse(streams({}), [], undefined, rate)).toEqual({ kind: 'unknown' });
  expect(decideUse(new Map(), [], undefined, rate)).toEqual({ kind: 'unknown' });
});

test.each<[Use, boolean, boolean]>([
  [{ kind: 'streams', count: 1 }, true, true],
  [traffic, true, true],
  [{ kind: 'idle' }, false, true],
  [{ kind: 'unknown' }, false, false],
])('%o: in use %s, known %s', (use, inUse, known) => {
  expect(isInUse(use)).toBe(inUse);
  expect(isKnown(use)).toBe(known);
});
