// How processes come, end, die, and freeze and wake up into a world that has gone on.

import type { Random } from './random.ts';
import { noteUnseen, type Story } from './story.ts';
import type { StoryBot } from './story-bot.ts';
import type { StoryWorker } from './story-host.ts';

/** Whoever served it before may serve it still, or have left its lock behind. */
export const keepName = (story: Story, worker: StoryWorker): void =>
  story.turns.start(worker.process, 'keeps its name', async () => {
    if (!(await worker.keepPresence())) endWorker(story, worker);
  });

/** It takes no more jobs, gives up what is under way, and goes. */
export const endWorker = (story: Story, worker: StoryWorker): void => {
  const { process, ending, giveBackPresence } = worker;
  noteUnseen(story, process);
  forget(story, worker);
  process.isEnding = true;
  ending.abort(new Error('this process ends'));
  story.turns.start(process, 'gives its name back', giveBackPresence);
};

const forget = ({ bots, workers }: Story, one: StoryBot | StoryWorker): void => {
  for (const [place, bot] of bots) if (bot === one) bots.delete(place);
  for (const [place, worker] of workers) if (worker === one) workers.delete(place);
};

/** Its machine is paused. What it holds runs out, and somebody else takes it over. */
export const freeze = (story: Story, one: StoryBot | StoryWorker): void => {
  one.process.frozenAt = story.clock.now;
  noteUnseen(story, one.process);
  for (const rig of story.queue.launching(one.process)) story.late.set(rig, one.process);
  forget(story, one);
  story.frozen.push(one);
};

export const wakeUp = (story: Story, random: Random): void => {
  const one = random.pick(story.frozen);
  if (!one) return;
  story.frozen.splice(story.frozen.indexOf(one), 1);
  one.process.frozenAt = undefined;
  one.process.hasSlept = true;
  if ('world' in one) {
    story.bots.set(Math.max(1, ...story.bots.keys()) + 1, one);
    return;
  }
  const place = story.hosts.indexOf(one.host);
  if (!story.workers.has(place)) story.workers.set(place, one);
  keepName(story, one);
};

/** Mostly whoever did something last: that is where it hurts. */
export const crash = (story: Story, what: 'bot' | 'worker', random: Random): void => {
  const all = [...(what === 'bot' ? story.bots : story.workers).values()].map(({ process }) => process);
  const last = all.find((process) => process === story.turns.last());
  const chosen = random.chance(0.6) ? (last ?? random.pick(all)) : random.pick(all);
  if (chosen) story.kill(chosen);
};

/** Whoever is missing; mostly one of them. */
export const startSomebody = (story: Story, random: Random): void => {
  const missing = [
    ...[0, 1].filter((place) => !story.bots.has(place)).map((place) => () => story.startBot(place)),
    ...story.hosts.flatMap((_, place) => (story.workers.has(place) ? [] : [() => story.startWorker(place)])),
  ];
  const chosen = random.chance(0.5) ? missing : missing.filter(() => random.chance(0.5));
  for (const start of chosen) start();
};
