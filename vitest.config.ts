import { defineConfig } from 'vitest/config';

// One project per kind of test, so that each can be run alone: `npx vitest run --project unit`.
// The slow kinds start engines and namespaces and mostly wait for them: two files at a time, also on a larger machine.
// These faults take longest: everything else takes 15 minutes on two cores, and they some six more than that; `.ci/run` may take 20.
// `npm run faults` runs them; `.ci/run` names them.
const slowFaults = ['bots', 'crowd', 'engine', 'engine-restart', 'foreign', 'lost'];
// Runs alone: its processors are computed, which leaves no time for others, and takes all the longer beside them.
const inMachine = 'test/lab/ipvlan.test.ts';
const withSlowFaults = process.env.WCS_FAULTS === 'all';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          exclude: [
            inMachine,
            ...(withSlowFaults ? [] : slowFaults.map((name) => `test/lab/faults/${name}.test.ts`)),
          ],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
      {
        test: { name: 'machine', include: [inMachine], testTimeout: 240_000, hookTimeout: 240_000 },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
