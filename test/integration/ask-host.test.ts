// The doctor's question to a host, through a real queue: it arrives once, an older worker puts it aside, and nothing of it stays.

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { connectHostAsker } from '../../src/queue/ask-host.ts';
import { connectWorkerQueue, type WorkerQueueOptions } from '../../src/queue/worker-queue.ts';
import type { ReachJob } from '../../src/rig/job.ts';
import { addressOf, silent } from '../support/registry-address.ts';

let redis: PrivateRedis;
beforeAll(async () => {
  redis = await startPrivateRedis();
});
afterAll(() => redis?.stop());

const job: ReachJob = {
  ...{ v: 1, kind: 'reach', request: 'a1b2c3d4', lan: 'office' },
  ...{ address: '10.0.0.7', ports: [8444, 8443], deadline: 99_000 },
};

const open = async () => {
  const common = { address: addressOf(redis.url), installation: `t${randomUUID().slice(0, 8)}`, log: silent };
  const asker = await connectHostAsker(common);
  onTestFinished(asker.close);
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  return {
    asker,
    client,
    worker: async (change: Partial<WorkerQueueOptions> = {}) => {
      const queue = await connectWorkerQueue({
        ...{ ...common, host: 'h1', concurrency: 1, onJob: async () => undefined },
        ...change,
      });
      onTestFinished(queue.close);
    },
    /** Whatever names this question. */
    left: async () => {
      const keys = await client.keys(`{${common.installation}}:queue:*${job.request}*`);
      const start = `{${common.installation}}:queue:host-h1:`;
      const lists = await Promise.all([
        client.lrange(`${start}wait`, 0, -1),
        client.zrange(`${start}failed`, '0', '-1'),
        client.zrange(`${start}completed`, '0', '-1'),
        client.zrange(`${start}delayed`, '0', '-1'),
      ]);
      return [...keys, ...lists.flat().filter((id) => id.includes(job.request))];
    },
  };
};

test('it arrives as it was asked, once, and is gone', async () => {
  const { asker, worker, left } = await open();
  const heard: ReachJob[] = [];
  await worker({ onReach: async (asked) => void heard.push(asked) });
  await asker.ask('H1', job);
  await vi.waitFor(() => expect(heard).toEqual([job]));
  await vi.waitFor(async () => expect(await left()).toEqual([]));
});

test('one that fails is not tried again, and is gone', async () => {
  const { asker, worker, left } = await open();
  const tries: number[] = [];
  await worker({
    onReach: async () => {
      tries.push(1);
      throw new Error('no way');
    },
  });
  await asker.ask('h1', job);
  await vi.waitFor(() => expect(tries).toHaveLength(1));
  await vi.waitFor(async () => expect(await left()).toEqual([]));
  expect(tries).toHaveLength(1);
});

test('a worker that knows of no such thing puts it aside, and goes on', async () => {
  const { asker, worker, left } = await open();
  await worker();
  await asker.ask('h1', job);
  await vi.waitFor(async () => expect(await left()).toEqual([]), 5000);
});

test('nonsense is put aside by whoever can connect, too', async () => {
  const { asker, worker, left } = await open();
  const heard: ReachJob[] = [];
  await worker({ onReach: async (asked) => void heard.push(asked) });
  for (const change of [
    { ports: [] },
    { ports: [1, 2, 3, 4, 5] },
    { address: 'example.org' },
    { ports: [70_000] },
  ]) {
    await asker.ask('h1', { ...job, ...change });
    await vi.waitFor(async () => expect(await left()).toEqual([]), 5000);
  }
  expect(heard).toEqual([]);
});

test('one that nobody took is taken back', async () => {
  const { asker, left } = await open();
  await asker.ask('h1', job);
  expect(await left()).not.toEqual([]);
  await asker.withdraw('h1', job);
  expect(await left()).toEqual([]);
  // Of one that is gone there is nothing to take back.
  await asker.withdraw('h1', job);
});
