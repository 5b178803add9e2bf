// A rig is up: its launch says so, or its host after Docker was restarted there.

import type { Instant } from './duration.ts';
import { card, type News } from './news.ts';
import type { Rig, RunningImage } from './rig.ts';
import { type Step, to, unchanged } from './step.ts';

export const isBooting = (rig: Rig): boolean => rig.state.kind === 'placed' || rig.state.kind === 'starting';

/** `seen`: as its host has it, should that it boots not have come yet. */
export const ready = (rig: Rig, seen: RunningImage | undefined, at: Instant): Step => {
  if (!isBooting(rig)) return unchanged;
  const took = Math.max(0, at - (rig.restarted?.at ?? rig.created));
  const image = rig.image ?? seen;
  const news: News = { kind: 'ready', took, again: rig.restarted?.by };
  return to({ ...rig, image, took, ran: rig.tag }, { kind: 'running', since: at }, [card, news]);
};

/** The launch of one that was booting was cut off by the same restart. */
export const resumed = (rig: Rig, at: Instant): Step =>
  rig.state.kind === 'running'
    ? to(rig, { kind: 'running', since: at }, [card, { kind: 'resumed' }])
    : ready(rig, undefined, at);
