// A new version comes while there is work; two of a kind meet.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';
import { readRedis } from '../../support/registry-dump.ts';

const { fault } = openGround({ hosts: ['h1'], crew: { bots: 1, workers: ['h1'] } });

const isCreate = (piece: string): boolean => /^POST \S*\/containers\/create/.test(piece);

/** Resolves when the worker of h1 is in the middle of a launch. */
const midLaunch = async (it: Fault, name: string): Promise<void> => {
  const begun = Promise.withResolvers<void>();
  const end = it.crew.worker('h1').other.watch((piece, way) => {
    if (way === 'there' && isCreate(piece)) begun.resolve();
    return undefined;
  });
  await it.fleet.type(`up ${name} for 1h`);
  await begun.promise;
  end();
};

fault('F23', 'worker and bot ended politely and replaced, in the middle of a launch', async (it) => {
  const worker = it.crew.worker('h1');
  const bot = it.crew.bot();
  await midLaunch(it, 'handed');
  it.strikes();
  const ended = await Promise.all([worker.process().end('SIGTERM'), bot.process().end('SIGTERM')]);
  expect(ended).toEqual([0, 0]);
  const before = await it.fleet.containers('h1');
  await Promise.all([worker.replace(), bot.replace()]);
  await it.fleet.cardSays('handed', / is ready/);
  it.recovered();
  const after = await it.fleet.containers('h1');
  expect(after).toHaveLength(1);
  if (before[0]) expect(after[0]?.container).toBe(before[0].container);
});

/** What a launch job held at the first release; later ones may say more. */
const firstFields = [
  ...['v', 'kind', 'rig', 'generation', 'attempt', 'deadline', 'name', 'owner', 'lan', 'address', 'tag'],
  ...['created', 'lease'],
];

fault('F23', 'jobs of an older version in the queue', async (it) => {
  const { fleet } = it;
  const worker = it.crew.worker('h1');
  // Its presence is still there for a moment, so that jobs are sent which nobody takes.
  await worker.process().end('SIGKILL');
  await fleet.type('up older on h1 for 1h');
  it.strikes();
  await readRedis(fleet.redis.url, async (redis) => {
    const jobs = await redis.keys(`{${fleet.installation}}:queue:host-h1:*`);
    for (const key of jobs) {
      const data = (await redis.type(key)) === 'hash' ? await redis.hget(key, 'data') : null;
      if (data === null) continue;
      const facts = Object.entries<unknown>(JSON.parse(data)).filter(([name]) => firstFields.includes(name));
      await redis.hset(key, 'data', JSON.stringify(Object.fromEntries(facts)));
    }
  });
  await Promise.all([worker.replace(), it.crew.bot().replace()]);
  await fleet.cardSays('older', / is ready/, 60_000);
  it.recovered();
  expect(await fleet.containers('h1')).toHaveLength(1);
});

fault('F23', 'two workers for one host: the second does not start, and names both', async (it) => {
  const { fleet } = it;
  await midLaunch(it, 'sole');
  it.strikes();
  const second = fleet.spawnWorker('h1');
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/host h1 is already served by the worker \\?".*pid.*does not start/);
  await fleet.cardSays('sole', / is ready/);
  it.recovered();
  expect(await fleet.containers('h1')).toHaveLength(1);
});

fault('F23', 'two workers for one host: the second waits for the first to go, and goes on', async (it) => {
  const { fleet } = it;
  const worker = it.crew.worker('h1');
  await midLaunch(it, 'passed');
  it.strikes();
  const second = fleet.spawnWorker('h1');
  await second.says('waiting for the host name to become free');
  await worker.process().end('SIGTERM');
  await second.says('"msg":"serving"');
  await fleet.cardSays('passed', / is ready/);
  it.recovered();
  expect(await fleet.containers('h1')).toHaveLength(1);
  await second.end('SIGTERM');
  await worker.replace();
});

fault(
  'F23',
  'a worker that slept while another one took its host: it ends, and takes nothing along',
  async (it) => {
    const { fleet } = it;
    const worker = it.crew.worker('h1');
    await fleet.type('up quiet for 1h');
    await fleet.cardSays('quiet', / is ready/);
    const first = worker.process();
    process.kill(first.pid, 'SIGSTOP');
    it.strikes();
    const second = fleet.spawnWorker('h1');
    await second.says('"msg":"serving"');
    process.kill(first.pid, 'SIGCONT');
    expect(await first.ended).not.toBe(0);
    await fleet.type('up loud for 1h');
    await fleet.cardSays('loud', / is ready/);
    it.recovered();
    await delay(paced(10));
    expect(fleet.card('quiet')?.text).toMatch(/ is ready/);
    await second.end('SIGTERM');
    await worker.replace();
  },
);
