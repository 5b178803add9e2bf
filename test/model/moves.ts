// What may happen by itself beside the calls that wait: a job is taken, a report or a wake arrives, a container is up.

import { quietStatistics } from '../support/fake-docker-world.ts';
import type { Random } from './random.ts';
import type { StoryBot } from './story-bot.ts';
import type { StoryHost, StoryWorker } from './story-host.ts';
import type { StoryQueue } from './story-queue.ts';
import type { Move, Turns } from './turns.ts';

export type MoveParts = {
  readonly queue: StoryQueue;
  readonly turns: Turns;
  readonly hosts: readonly StoryHost[];
  readonly bots: ReadonlyMap<number, StoryBot>;
  readonly workers: ReadonlyMap<number, StoryWorker>;
  /** Reports do not come through at the moment. */
  readonly reports: { readonly areHeldUp: boolean };
};

export const movesOf = (
  { queue, turns, bots, workers, hosts, reports: { areHeldUp } }: MoveParts,
  random: Random,
): readonly Move[] => {
  const moves: Move[] = [];
  for (const { process, run, host, ending } of workers.values()) {
    const item = random.pick(queue.waitingJobs(host.registration.name));
    if (item)
      moves.push({
        label: `${process.name} takes ${item.id}`,
        make: () =>
          turns.start(process, item.id, () => queue.work(item, process, (job) => run(job, ending.signal))),
      });
  }
  const bot = random.pick([...bots.values()]);
  const report = random.pick(queue.waitingReports());
  const wake = random.pick(queue.waitingWakes());
  if (bot && report && !areHeldUp) {
    const { saw, rig, generation } = report.what;
    moves.push({
      label: `${bot.process.name} gets ${saw.kind} of ${rig} g${generation}`,
      make: () => turns.start(bot.process, 'a report', () => queue.work(report, bot.process, bot.onReport)),
    });
  }
  if (bot && wake)
    moves.push({
      label: `${bot.process.name} is woken for ${wake.what}`,
      // As in the bot: not awaited.
      make: () =>
        turns.start(bot.process, 'a wake', () =>
          queue.work(wake, bot.process, async (rig) =>
            turns.start(bot.process, 'telling', () => bot.onWake(rig)),
          ),
        ),
    });
  for (const host of hosts) {
    const booting = [...host.boots].filter(([, { isStuck }]) => !isStuck).map(([id]) => id);
    const container = random.pick(booting);
    if (container !== undefined) {
      const label = `a container on ${host.registration.name} is up`;
      moves.push({ label, make: () => finishBoot(host, container) });
    }
  }
  return moves;
};

export const finishBoot = (host: StoryHost, container: string): void => {
  host.boots.delete(container);
  const found = host.containers().find(({ id }) => id === container);
  if (found?.state !== 'running') return;
  host.docker.listen(container, [8081, 8443, 8444]);
  host.docker.showStatistics(container, quietStatistics);
};
