// Random stories of a whole fleet against the real registry: commands, clicks, time, crashes, lost answers, repeated
// deliveries. After each step the design's invariants hold. `npm run model -- --seed S` plays a story again, and more of them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describe as describeAct } from '../model/play.ts';
import { openGround, runStory, stepsOf } from '../model/run-story.ts';

const seed = Number(process.env.WCS_TEST_SEED ?? Date.now() % 1_000_000);
const [stories, length] = [10, 250];
/** Of the story that failed: what was done last, and what went on meanwhile. */
const [lastSteps, lastLines] = [30, 150];

describe(`stories (WCS_TEST_SEED=${seed} repeats them)`, () => {
  let ground: Awaited<ReturnType<typeof openGround>> | undefined;
  beforeAll(async () => {
    console.log(`stories: WCS_TEST_SEED=${seed}`);
    ground = await openGround();
  });
  afterAll(() => ground?.close());

  test(`the invariants hold after each of ${stories * length} steps`, { timeout: 120_000 }, async () => {
    if (!ground) throw new Error('there is no Redis');
    let steps = 0;
    let rigs = 0;
    for (let story = seed; story < seed + stories; story += 1) {
      const all = stepsOf(story, length);
      const outcome = await runStory(ground, story, all);
      const last = all.slice(Math.max(0, outcome.steps - lastSteps), outcome.steps);
      const told = [
        `npm run model -- --seed ${story} --length ${length} --steps ${length}, step ${outcome.steps}`,
        ...last.map(({ act, turns }) => `  ${describeAct(act)}, ${turns} turns`),
        ...outcome.lines.slice(-lastLines),
      ];
      expect(outcome.violation?.message, told.join('\n')).toBeUndefined();
      steps += outcome.steps;
      rigs += outcome.rigs;
    }
    expect(steps).toBe(stories * length);
    // Stories in which nothing happens prove nothing.
    expect(rigs).toBeGreaterThan(5 * stories);
  });
});
