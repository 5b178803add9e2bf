// What is said of a Redis that is another one, or another way, than it was at the start.

import { expect, it } from 'vitest';
import { createRedisWatch } from '../../../src/control/watch-redis.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';

const open = () => {
  const { notices } = createMemoryRegistry();
  const log = rememberingLog();
  const now: { faults: readonly string[]; weaknesses: readonly string[] } = { faults: [], weaknesses: [] };
  const look = createRedisWatch({ check: async () => now, notices, log });
  return { notices, log, now, look };
};

it('says nothing of one that is fit', async () => {
  const { notices, log, look } = open();
  await look();
  await look();
  expect(log.lines).toEqual([]);
  expect(await notices.take(1000)).toBeUndefined();
});

it('says once what stands against it, tells those who run the bot, and says when it is fit again', async () => {
  const { notices, log, now, look } = open();
  now.faults = ['It evicts.'];
  await look();
  await look();
  expect(log.lines).toHaveLength(1);
  expect(log.lines[0]).toContain('It evicts.');
  expect(await notices.take(1000)).toEqual({ kind: 'unfit-redis', why: 'It evicts.' });
  now.faults = [];
  await look();
  expect(log.lines[1]).toContain('fit again');
});

it('leaves a weakness to the log', async () => {
  const { notices, log, now, look } = open();
  now.weaknesses = ['No file.'];
  await look();
  expect(log.lines[0]).toContain('No file.');
  expect(await notices.take(1000)).toBeUndefined();
});
