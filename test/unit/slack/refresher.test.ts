// Refreshing somebody's Home tab: soon, not too often, and never two at a time.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRefresher } from '../../../src/slack/views/refresher.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const start = (takes = 0) => {
  const log: string[] = [];
  const since = Date.now();
  const refresher = createRefresher(3000, Date.now, async (user) => {
    log.push(`${user} from ${Date.now() - since}`);
    if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
    log.push(`${user} to ${Date.now() - since}`);
  });
  return { log, refresher };
};

test('the first at once, the next ones together when the time has come', async () => {
  const { log, refresher } = start();
  for (let n = 0; n < 5; n += 1) refresher.want('anna');
  await vi.advanceTimersByTimeAsync(1000);
  for (let n = 0; n < 5; n += 1) refresher.want('anna');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual(['anna from 0', 'anna to 0', 'anna from 3000', 'anna to 3000']);
});

test('people do not wait for each other', async () => {
  const { log, refresher } = start(5000);
  refresher.want('anna');
  refresher.want('ben');
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['anna from 0', 'ben from 0']);
});

test('one that takes long is not overtaken by the next', async () => {
  const { log, refresher } = start(5000);
  refresher.want('anna');
  await vi.advanceTimersByTimeAsync(1);
  refresher.want('anna');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(log).toEqual(['anna from 0', 'anna to 5000', 'anna from 5000', 'anna to 10000']);
});

test('what somebody does instead takes the place of what waits, and waits for what is under way', async () => {
  const { log, refresher } = start(500);
  refresher.want('anna');
  await vi.advanceTimersByTimeAsync(100);
  refresher.want('anna');
  const instead = refresher.instead('anna').then(() => log.push('instead'));
  await vi.advanceTimersByTimeAsync(10_000);
  await instead;
  expect(log).toEqual(['anna from 0', 'anna to 500', 'instead']);
});

test('after the end nothing begins', async () => {
  const { log, refresher } = start();
  refresher.want('anna');
  refresher.stop();
  refresher.want('ben');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual([]);
});
