// Time passes: for the story's clock, and for what lives in Redis for a while only.

import { type Duration, minute } from '../../src/rig/duration.ts';
import { keepName } from './lives.ts';
import type { Random } from './random.ts';
import { stride } from './setting.ts';
import type { Story } from './story.ts';
import { passNames } from './story-bot.ts';

/** Whoever lives keeps what is theirs meanwhile: a bot the lease on what it tells, a worker its host's name. */
export const passTime = async (
  { clock, ground, bots, workers, queue, reports }: Story,
  length: Duration,
): Promise<void> => {
  // The queue remembers for an hour what was done: reports are not held up for as long as that.
  if (length > 5 * minute) reports.areHeldUp = false;
  clock.now += length;
  const { keys, pass } = ground.view;
  const leases = [...bots.values()].flatMap(({ draining }) => [...draining].map(keys.lease));
  const names = [...workers.values()].map(({ host }) => keys.presence(host.registration.name));
  await pass(length, [...leases, ...names]);
  queue.giveBack();
};

/** More than one stride ever sets going. */
const mostTurns = 3000;

/** Everybody who is there does what they do every few seconds. */
export const everybodyLooks = (story: Story): void => {
  const { bots, workers, turns } = story;
  for (const worker of workers.values()) {
    const { process, look, lookAtUse } = worker;
    keepName(story, worker);
    turns.start(process, 'look', look);
    turns.start(process, 'lookAtUse', lookAtUse);
  }
  for (const bot of bots.values())
    for (const pass of passNames) turns.start(bot.process, pass, bot.passes[pass]);
};

/** In strides that nobody takes for an outage. */
export const passWatched = async (story: Story, length: Duration, random: Random): Promise<void> => {
  for (let left = length; left > 0; left -= stride) {
    await passTime(story, Math.min(left, stride));
    everybodyLooks(story);
    if (!(await story.turns.go(mostTurns, random)))
      story.violate('9: everything comes to an end', `${mostTurns} turns after ${length} ms`);
  }
};
