// Is a rig in use? What a worker saw decides: streams in WCS's own statistics, or media traffic past a rate.

import type { Duration, Instant } from './duration.ts';

/** What a worker saw of a rig's use at one look. */
export type Use =
  /** From WCS's own statistics; one at least. */
  | { readonly kind: 'streams'; readonly count: number }
  /** Traffic over the rate in the last two intervals between looks; the later one's. */
  | { readonly kind: 'traffic'; readonly bytesPerSecond: number }
  | { readonly kind: 'idle' }
  /** The statistics do not answer, and there is no traffic over the rate, or it is not known yet. */
  | { readonly kind: 'unknown' };

/** What the registry remembers of one generation. */
export type SeenUse = {
  readonly generation: number;
  readonly at: Instant;
  readonly use: Use;
  /** When it was last seen in use; none: never since it started. */
  readonly usedAt?: Instant | undefined;
  /** When its use was last known. */
  readonly knownAt?: Instant | undefined;
};

export const isInUse = (use: Use): boolean => use.kind === 'streams' || use.kind === 'traffic';

export const isKnown = (use: Use): boolean => use.kind !== 'unknown';

/** WCS's own statistics: key → number. */
export type Statistics = ReadonlyMap<string, number>;

/** What a container's interfaces had carried at a moment of a clock that never jumps; loopback is not in it. */
export type Counters = { readonly at: Duration; readonly received: number; readonly sent: number };

/**
 * The vendor's keys for media. `connections` and `connections_websocket` are not among them: an open tab is no use. Nor is
 * `streams_viewers`: whoever plays a stream is in one of the `out` keys already, and would count twice.
 */
const streamKeys = [
  'streams_webrtc_in',
  'streams_webrtc_out',
  'streams_rtmp_in',
  'streams_rtmp_out',
  'streams_rtsp_in',
  'streams_rtsp_out',
  'streams_websocket_out',
] as const;

/** `undefined` where none of the keys is there: that says nothing about streams. */
const streamsIn = (statistics: Statistics | undefined): number | undefined => {
  const counts = streamKeys.flatMap((key) => statistics?.get(key) ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Math.max(0, count), 0);
};

/** Both directions; `undefined` if the counters began anew in between, as they do when a container is started again. */
const rateBetween = (from: Counters, to: Counters): number | undefined => {
  const isGoingOn = to.at > from.at && to.received >= from.received && to.sent >= from.sent;
  if (!isGoingOn) return undefined;
  return ((to.received - from.received + to.sent - from.sent) / (to.at - from.at)) * 1000;
};

/**
 * `before`: the counters of earlier looks, oldest first; `rate`: bytes per second. One interval over the rate is a page
 * that was loaded; two in a row, from three looks, are media that the statistics do not show: a call over SIP, a CDN.
 */
export const decideUse = (
  statistics: Statistics | undefined,
  before: readonly Counters[],
  now: Counters | undefined,
  rate: number,
): Use => {
  const streams = streamsIn(statistics);
  if (streams !== undefined && streams > 0) return { kind: 'streams', count: streams };
  const [first, second] = before.slice(-2);
  const earlier = first && second && rateBetween(first, second);
  const latest = second && now && rateBetween(second, now);
  if (earlier !== undefined && latest !== undefined && earlier > rate && latest > rate) {
    return { kind: 'traffic', bytesPerSecond: Math.round(latest) };
  }
  return { kind: streams === undefined ? 'unknown' : 'idle' };
};
