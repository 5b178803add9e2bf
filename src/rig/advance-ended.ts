// A rig is no more: its launch failed, it died, its host looked and there is nothing, or somebody else has its address.

import { assertNever } from './assert-never.ts';
import type { Duration, Instant } from './duration.ts';
import { card, type News } from './news.ts';
import { type FailReason, isLiving, type Rig, type RigState, type StopReason } from './rig.ts';
import { answered, type Step, to, unchanged } from './step.ts';

/** More strangers than that in one range are somebody's to look into. */
const mostSwaps = 3;

/** Another generation is a restart, or was made because somebody else had the address of the one before. */
export const isFirstStart = ({ generation, swaps = 0 }: Rig): boolean => generation - swaps === 1;

/** One that was up before keeps its name and address for a while (`hold`), so that it can be restarted. */
export const fail = (
  rig: Rig,
  reason: FailReason,
  tail: readonly string[],
  at: Instant,
  hold: Duration,
): Step => {
  switch (rig.state.kind) {
    case 'placed':
    case 'starting':
      if (reason.kind === 'address-in-use') return addressInUse(rig, tail, at);
      if (!isFirstStart(rig)) return crash(rig, reason, tail, at, hold);
      return failForGood(rig, reason, tail, at);
    case 'running':
      return crash(rig, reason, tail, at, hold);
    // Whoever asked for the stop gets what they asked for: the container is gone.
    case 'stopping':
      return gone(rig, at);
    case 'crashed':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

const failForGood = (rig: Rig, reason: FailReason, tail: readonly string[], at: Instant) =>
  to(
    rig,
    { kind: 'failed', since: at, reason },
    [card, ...answered(rig, { kind: 'failed' }), { kind: 'failed', reason, tail }],
    true,
  );

/** Nothing can be held for a restart: its address is somebody else's. */
const addressInUse = (rig: Rig, tail: readonly string[], at: Instant): Step => {
  const { address, ...rest } = rig;
  const setAside = { why: 'in-use', at, host: rig.host, rig: rig.id } as const;
  const swaps = rig.swaps ?? 0;
  const others = swaps < mostSwaps ? 'none-free' : 'taken-too';
  const failed = failForGood(rig, { kind: 'address-in-use', address, others }, tail, at);
  const otherwise = { ...failed, setAside };
  if (swaps >= mostSwaps) return otherwise;
  const state = { kind: 'placed', since: at } as const;
  const next = { ...rest, generation: rig.generation + 1, swaps: swaps + 1, state, image: undefined };
  return { kind: 'swap', rig: next, news: [card], setAside, otherwise };
};

/** Past its cap it could be started again only to be stopped. */
const crash = (rig: Rig, reason: FailReason, tail: readonly string[], at: Instant, hold: Duration): Step => {
  const until = Math.max(at, Math.min(at + hold, rig.lease.cap ?? Number.POSITIVE_INFINITY));
  const state: RigState = { kind: 'crashed', since: at, crash: { reason, tail }, until };
  const news: News = { kind: 'crashed', crash: state.crash, until };
  return to(rig, state, [card, ...answered(rig, { kind: 'failed' }), news]);
};

export const gone = (rig: Rig, at: Instant): Step => {
  switch (rig.state.kind) {
    case 'stopping': {
      const { reason } = rig.state;
      return to(rig, { kind: 'stopped', since: at, reason }, [card, { kind: 'ended', reason }], true);
    }
    // Only a stop makes a worker look, so without one this is an echo of an earlier generation or a repeated report.
    case 'placed':
    case 'starting':
    case 'running':
    case 'crashed':
    case 'stopped':
    case 'failed':
      return unchanged;
    default:
      return assertNever(rig.state);
  }
};

/** A registry that was restored from an older copy does not know what ended since; then nobody is to restart it. */
export const missing = (rig: Rig, restored: boolean, at: Instant, hold: Duration): Step => {
  if (!restored)
    return rig.state.kind === 'running' ? crash(rig, { kind: 'removed' }, [], at, hold) : unchanged;
  if (!isLiving(rig)) return unchanged;
  // Of a stop that was decided this is the answer.
  if (rig.state.kind === 'stopping') return gone(rig, at);
  const reason: StopReason = { kind: 'not-there' };
  const news: News[] = [card, ...answered(rig, { kind: 'failed' }), { kind: 'ended', reason }];
  return to(rig, { kind: 'stopped', since: at, reason }, news, true);
};
