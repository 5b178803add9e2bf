// Random stories of a whole fleet against the real registry: commands, clicks, time, crashes, lost answers, repeated
// deliveries. After each step the design's invariants hold. `npm run model -- --seed S` plays a story again, and more of them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rigs } from '../../src/ports/registry.ts';
import type { Registry } from '../../src/redis/registry.ts';
import type { HeldClaim } from '../../src/rig/claim.ts';
import type { RigRecord } from '../../src/rig/record.ts';
import type { RigId } from '../../src/rig/rig.ts';
import { describe as describeAct } from '../model/play.ts';
import { openGround, runStory, stepsOf } from '../model/run-story.ts';

const seed = Number(process.env.WCS_TEST_SEED ?? Date.now() % 1_000_000);
const [stories, length] = [10, 250];
/** Of the story that failed: what was done last, and what went on meanwhile. */
const [lastSteps, lastLines] = [30, 150];

let ground: Awaited<ReturnType<typeof openGround>> | undefined;
beforeAll(async () => {
  console.log(`stories: WCS_TEST_SEED=${seed}`);
  ground = await openGround();
});
afterAll(() => ground?.close());

const opened = () => {
  if (!ground) throw new Error('there is no Redis');
  return ground;
};

describe(`stories (WCS_TEST_SEED=${seed} repeats them)`, () => {
  test(`the invariants hold after each of ${stories * length} steps`, { timeout: 120_000 }, async () => {
    let steps = 0;
    let rigs = 0;
    for (let story = seed; story < seed + stories; story += 1) {
      const all = stepsOf(story, length);
      const outcome = await runStory(opened(), story, all);
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

/** A registry that does something wrong. */
type Sabotage = (registry: Registry) => Partial<Registry>;

const onSave =
  (change: (save: Parameters<Rigs['save']>[0]) => Partial<Parameters<Rigs['save']>[0]>): Sabotage =>
  ({ rigs }) => ({ rigs: { ...rigs, save: (save) => rigs.save({ ...save, ...change(save) }) } });

/** It says what was true once, and so does what is noted before a container is made. */
const blindFence: Sabotage = ({ fence, records }) => {
  const known = new Map<RigId, HeldClaim>();
  const noted = new Map<RigId, RigRecord>();
  return {
    records: {
      ...records,
      of: async (rig) => {
        const record = (await records.of(rig)) ?? noted.get(rig);
        if (record) noted.set(rig, record);
        return record;
      },
    },
    fence: {
      claim: async (rig) => {
        const claim = (await fence.claim(rig)) ?? known.get(rig);
        if (claim) known.set(rig, claim);
        return claim && { ...claim, stopping: false };
      },
    },
  };
};

describe('stories find', () => {
  test.each<[string, RegExp, Sabotage]>([
    ['news that are lost', /^4: /, onSave(({ told }) => ({ told: told.slice(0, -1) }))],
    [
      'a lease that is cut short',
      /^[23]: /,
      onSave(({ rig }) => ({ rig: { ...rig, lease: { ...rig.lease, end: 1 } } })),
    ],
    [
      'a claim that goes before its rig',
      /^2: /,
      onSave(({ rig }) => ({ release: rig.state.kind === 'stopping' })),
    ],
    ['an act that nobody wrote down', /^an entry of the audit/, onSave(() => ({ audit: undefined }))],
    ['a fence that lets everybody through', /^1: |^2: |still there after its removal/, blindFence],
    [
      'a quota that does not hold',
      /^quotas/,
      ({ rigs }) => ({
        rigs: {
          ...rigs,
          claim: (request) => rigs.claim({ ...request, limits: { perUser: 9, fleet: undefined } }),
        },
      }),
    ],
  ])('%s', { timeout: 120_000 }, async (_, rule, sabotage) => {
    const { registry, ...rest } = opened();
    const broken = { ...rest, registry: { ...registry, ...sabotage(registry) } };
    let found: string | undefined;
    // Always the same stories: that they find it is no matter of luck.
    for (let story = 1; story <= 40 && found === undefined; story += 1) {
      found = (await runStory(broken, story, stepsOf(story, length))).violation?.message;
    }
    expect(found).toMatch(rule);
  });
});
