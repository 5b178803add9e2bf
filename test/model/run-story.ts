// Runs stories, one after the other, and makes the one that breaks an invariant shorter.

import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { calmDown } from './calm.ts';
import { checkInvariants } from './invariants.ts';
import { installation } from './licences.ts';
import { playStep } from './play.ts';
import { createRandom } from './random.ts';
import { createRedisView } from './redis-view.ts';
import { presence } from './setting.ts';
import { drawSteps, type Step } from './steps.ts';
import { type Ground, openStory, type Story } from './story.ts';
import type { Violation } from './violation.ts';

/** A private Redis for all stories; each begins with an empty one. */
export const openGround = async (): Promise<Ground & { readonly close: () => Promise<void> }> => {
  const redis = await startPrivateRedis();
  const address = addressOf(redis.url);
  const connection = await connectRedis({ address, log: silent });
  const registry = await connectRegistry({ address, installation, log: silent, presence });
  return {
    connection,
    registry,
    view: createRedisView(connection, installation),
    close: async () => {
      registry.close();
      connection.close();
      await redis.stop();
    },
  };
};

export type Outcome = {
  readonly steps: number;
  readonly violation: Violation | undefined;
  /** What happened last. */
  readonly lines: readonly string[];
  readonly rigs: number;
  readonly states: Readonly<Record<string, number>>;
};

const tally = (story: Story): Outcome['states'] => {
  const counts: Record<string, number> = {};
  for (const { rig } of story.ledger.pages()) {
    const reason = 'reason' in rig.state ? ` ${rig.state.reason.kind}` : '';
    const kind = `${rig.state.kind}${reason}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

/** Everybody is there at the beginning; after the last step the story calms down. */
export const runStory = async (ground: Ground, seed: number, steps: readonly Step[]): Promise<Outcome> => {
  await ground.view.clear();
  const story = openStory(ground, seed);
  for (const place of [0, 1]) story.startBot(place);
  for (const place of story.hosts.keys()) story.startWorker(place);
  await story.turns.go(100, createRandom(seed));
  let done = 0;
  for (const step of steps) {
    await playStep(story, step);
    await checkInvariants(story);
    done += 1;
    if (story.violations.length > 0) break;
  }
  if (story.violations.length === 0) await calmDown(story, seed);
  for (const { process } of [...story.bots.values(), ...story.workers.values()]) story.kill(process);
  const { violations, lines, ledger } = story;
  const [violation] = violations;
  return { steps: done, violation, lines, rigs: ledger.pages().length, states: tally(story) };
};

export const stepsOf = (seed: number, count: number): readonly Step[] => drawSteps(createRandom(seed), count);

/** Leaves out what the same violation does not need, for as long as there is time. */
export const shorten = async (
  ground: Ground,
  seed: number,
  steps: readonly Step[],
  rule: string,
  milliseconds: number,
): Promise<readonly Step[]> => {
  const until = performance.now() + milliseconds;
  let kept = steps;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = kept.length - size; at >= -size + 1; at -= size) {
      if (performance.now() > until) return kept;
      const without = kept.filter((_, index) => index < at || index >= at + size);
      if (without.length === kept.length) continue;
      const { violation } = await runStory(ground, seed, without);
      if (violation?.rule === rule) kept = without;
    }
  }
  return kept;
};
