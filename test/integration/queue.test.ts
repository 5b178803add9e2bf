// The queue against a Redis and workers that are killed: nothing is lost, nothing is run beside itself.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import type { Log } from '../../src/ports/log.ts';
import { connectBotQueue } from '../../src/queue/bot-queue.ts';
import { hostQueue, queuePrefix } from '../../src/queue/names.ts';
import { connectWorkerQueue, type WorkerQueueOptions } from '../../src/queue/worker-queue.ts';
import { type Job, jobId, launchJob, stopJob } from '../../src/rig/job.ts';
import { redisOptions } from '../../src/rig/redis-address.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { anUnplacedRig } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';

const aRig = (id: string): Rig => ({ ...anUnplacedRig(id), address: '10.0.0.10' });
const launch = (id: string) => launchJob(aRig(id), 99_000);
const nothing = async () => undefined;
const until = (check: () => void | Promise<void>, timeout = 30_000) =>
  vi.waitFor(check, { timeout, interval: 20 });

/** Never ends by itself, and heeds the signal as a worker's job does. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const listen = () => {
  const lines: [string, string, Readonly<Record<string, unknown>>][] = [];
  const at = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, message, facts]);
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error') };
  return { log, lines, said: (message: string) => lines.filter((line) => line[1].includes(message)) };
};

const withRedis = async (options: Parameters<typeof startPrivateRedis>[0] = {}) => {
  const redis = await startPrivateRedis(options);
  onTestFinished(redis.stop);
  const address = addressOf(redis.url);
  const installation = `t${randomUUID().slice(0, 8)}`;
  const common = { address, installation, log: silent };
  return {
    redis,
    installation,
    bot: async (change: { log?: Log; commandTimeout?: number } = {}) => {
      const queue = await connectBotQueue({ ...common, onReport: nothing, onWake: nothing, ...change });
      onTestFinished(queue.close);
      return queue;
    },
    worker: async (change: Partial<WorkerQueueOptions> & Pick<WorkerQueueOptions, 'onJob'>) => {
      const queue = await connectWorkerQueue({ ...common, host: 'h1', concurrency: 1, ...change });
      onTestFinished(queue.close);
      return queue;
    },
    /** BullMQ's own view of the host's queue. */
    inspect: () => {
      const connection = { ...redisOptions(address), maxRetriesPerRequest: null };
      const queue = new Queue(hostQueue('h1'), { connection, prefix: queuePrefix(installation) });
      queue.on('error', () => undefined);
      onTestFinished(() => queue.close());
      return queue;
    },
  };
};

const startVictim = async (redis: PrivateRedis, installation: string, lock: number) => {
  const program = fileURLToPath(new URL('../support/queue-worker.ts', import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    [program, redis.url, installation, 'h1', String(lock)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const die = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { lines, die };
};

test('a job whose workers are killed, three times over, runs again and finishes once', async () => {
  const { redis, installation, bot, worker, inspect } = await withRedis();
  const { jobs } = await bot();
  await jobs.send('h1', launch('a'));
  for (let kill = 0; kill < 3; kill += 1) {
    const victim = await startVictim(redis, installation, 1000);
    await until(() => expect(victim.lines).toContain('started a'));
    await victim.die();
  }
  const done: string[] = [];
  await worker({ lock: 1000, onJob: async ({ rig }) => void done.push(rig) });
  await until(async () => expect(await inspect().getJobState(jobId(launch('a')))).toBe('completed'));
  expect(done).toEqual(['a']);
});

test('Redis is killed under a running job and comes back: the job finishes, the next one runs', async () => {
  const { redis, bot, worker, inspect } = await withRedis({ aof: true });
  const { log, said } = listen();
  const { jobs } = await bot();
  const finish = Promise.withResolvers<void>();
  const started: string[] = [];
  const onJob = async ({ rig }: Job) => {
    started.push(rig);
    if (rig === 'a') await finish.promise;
  };
  await worker({ onJob, log });
  await jobs.send('h1', launch('a'));
  await until(() => expect(started).toEqual(['a']));
  await redis.kill('SIGKILL');
  await until(() => expect(said('does not answer')).toHaveLength(2));
  finish.resolve();
  await redis.restart();
  await until(async () => expect(await inspect().getJobState(jobId(launch('a')))).toBe('completed'));
  await until(() => jobs.send('h1', launch('b')));
  await until(() => expect(started).toEqual(['a', 'b']));
  // Two connections, one line each however often they tried.
  expect(said('does not answer')).toHaveLength(2);
  expect(said('answers again')).toHaveLength(2);
});

test('while Redis is away, dead or silent, adding fails within a second, and works when it is back', async () => {
  const { redis, bot } = await withRedis({ aof: true });
  const { jobs } = await bot({ commandTimeout: 500 });
  await jobs.send('h1', launch('a'));
  const refused = async (work: () => Promise<void>) => {
    const start = performance.now();
    await expect(work()).rejects.toThrow(QueueDown);
    expect(performance.now() - start).toBeLessThan(1000);
  };
  await redis.kill('SIGSTOP');
  await refused(() => jobs.send('h1', launch('b')));
  await redis.kill('SIGCONT');
  await until(() => jobs.send('h1', launch('b')));
  await redis.kill('SIGKILL');
  await refused(() => jobs.send('h1', launch('c')));
  // A host that nobody sent anything to before.
  await refused(() => jobs.send('h2', launch('c')));
  await refused(() => jobs.wakeTeller('a'));
  await redis.restart();
  await until(() => jobs.send('h2', launch('c')));
});

test('connecting to a Redis that is not there says so', async () => {
  const { redis, installation } = await withRedis();
  await redis.stop();
  const options = { address: addressOf(redis.url), installation, log: silent, connectTimeout: 300 };
  await expect(connectBotQueue({ ...options, onReport: nothing, onWake: nothing })).rejects.toThrow(
    /redis:\/\/127.* does not answer: .*ECONNREFUSED/,
  );
});

test.each([
  ['another version', { ...launch('a'), v: 2 }],
  ['an address that is none', { ...launch('a'), address: '10.0.0.300' }],
  ['nothing of a job', { hello: 'world' }],
])('a malformed job (%s) is logged and put aside, and the next one runs', async (_, data) => {
  const { worker, bot, inspect } = await withRedis();
  const { log, said } = listen();
  const queue = inspect();
  await queue.add('launch', data, { jobId: 'bad', attempts: 5 });
  const { jobs } = await bot();
  await jobs.send('h1', launch('b'));
  const done: string[] = [];
  await worker({ log, onJob: async ({ rig }) => void done.push(rig) });
  await until(() => expect(done).toEqual(['b']));
  expect(said('malformed')).toMatchObject([['error', expect.anything(), { job: 'bad', queue: 'host-h1' }]]);
  expect(await queue.getJobState('bad')).toBe('failed');
  expect(await queue.getJob('bad')).toMatchObject({ attemptsMade: 1 });
});

test('a worker that ends gives its job back: the next one has it at once, and it has not failed', async () => {
  const { bot, worker, inspect } = await withRedis();
  const { jobs } = await bot();
  const started: string[] = [];
  const leaving = await worker({
    onJob: (_, signal) => {
      started.push('first');
      return untilAborted(signal);
    },
  });
  await jobs.send('h1', launch('a'));
  await jobs.send('h1', launch('b'));
  await until(() => expect(started).toEqual(['first']));
  await leaving.close();
  expect(started).toEqual(['first']);
  const queue = inspect();
  expect(await queue.getActiveCount()).toBe(0);
  const since = performance.now();
  await worker({ onJob: async ({ rig }) => void started.push(rig) });
  await until(() => expect(started).toEqual(['first', 'a', 'b']), 3000);
  // Well before a lock runs out.
  expect(performance.now() - since).toBeLessThan(3000);
  await until(async () => expect(await queue.getJobState(jobId(launch('a')))).toBe('completed'));
  // Begun once by each, and given back only once.
  expect(await queue.getJob(jobId(launch('a')))).toMatchObject({ attemptsMade: 1, attemptsStarted: 2 });
});

test('a job that heeds no signal does not keep the worker from ending; its lock runs out', async () => {
  const { bot, worker, inspect } = await withRedis();
  const { jobs } = await bot();
  const started: string[] = [];
  const onJob = ({ rig }: Job, signal: AbortSignal) => {
    started.push(`${rig} first`);
    return rig === 'hung' ? new Promise<void>(() => undefined) : untilAborted(signal);
  };
  const leaving = await worker({ lock: 1000, grace: 300, concurrency: 2, onJob });
  await jobs.send('h1', launch('hung'));
  await jobs.send('h1', launch('good'));
  await until(() => expect(started).toEqual(['hung first', 'good first']));
  const since = performance.now();
  await leaving.close();
  expect(performance.now() - since).toBeLessThan(2000);
  await worker({ lock: 1000, onJob: async ({ rig }) => void started.push(rig) });
  await until(() => expect(started.slice(2)).toEqual(['good', 'hung']), 10_000);
  // What was given back did not come back to the one that was leaving.
  const good = await inspect().getJob(jobId(launch('good')));
  expect(good).toMatchObject({ attemptsStarted: 2 });
});

test('closing while Redis is away does not hang', async () => {
  const { redis, bot, worker } = await withRedis();
  const one = await bot();
  const other = await worker({ onJob: nothing });
  await redis.kill('SIGKILL');
  const since = performance.now();
  await Promise.all([one.close(), other.close()]);
  expect(performance.now() - since).toBeLessThan(5000);
});

test('closing while Redis is away, and nobody has noticed yet, does not hang', async () => {
  const { redis, bot, worker } = await withRedis();
  const one = await bot();
  const other = await worker({ onJob: nothing });
  // The connections stand; only nobody answers on them.
  await redis.kill('SIGSTOP');
  const since = performance.now();
  await Promise.all([one.close(), other.close()]);
  expect(performance.now() - since).toBeLessThan(8000);
  await redis.kill('SIGCONT');
});

test('a lock that ran out while Redis was silent does not run a job beside itself', async () => {
  const { redis, bot, worker, inspect } = await withRedis();
  const { jobs } = await bot();
  let running = 0;
  let most = 0;
  let starts = 0;
  const finish = Promise.withResolvers<void>();
  const onJob = async () => {
    starts += 1;
    running += 1;
    most = Math.max(most, running);
    await finish.promise;
    running -= 1;
  };
  const { log, said } = listen();
  await worker({ lock: 500, concurrency: 4, onJob, log });
  await jobs.send('h1', launch('a'));
  await until(() => expect(starts).toBe(1));
  await redis.kill('SIGSTOP');
  await delay(1500);
  await redis.kill('SIGCONT');
  await until(() => expect(said('vanished worker')).not.toHaveLength(0));
  finish.resolve();
  await until(async () => expect(await inspect().getJobState(jobId(launch('a')))).toBe('completed'));
  expect(most).toBe(1);
});

test('stops come before launches, since they make room', async () => {
  const { bot, worker } = await withRedis();
  const { jobs } = await bot();
  const started: string[] = [];
  for (const job of [launch('a'), launch('b'), stopJob(aRig('c'))]) await jobs.send('h1', job);
  await worker({ onJob: async ({ kind, rig }) => void started.push(`${kind} ${rig}`) });
  await until(() => expect(started).toEqual(['stop c', 'launch a', 'launch b']));
});

test('a job that is tried again and again does not grow in Redis', async () => {
  const { bot, worker, inspect } = await withRedis();
  const { jobs } = await bot();
  let runs = 0;
  await worker({
    onJob: async () => {
      runs += 1;
      throw new Error(`the engine is away, time ${runs}`);
    },
  });
  await jobs.send('h1', launch('patient'));
  const queue = inspect();
  await until(async () => {
    const job = await queue.getJob(jobId(launch('patient')));
    expect(job?.attemptsMade).toBeGreaterThanOrEqual(3);
    expect(job?.stacktrace).toEqual([expect.stringContaining(`time ${job?.attemptsMade}`)]);
  });
});

test('of a host that is forgotten nothing stays in Redis, whatever became of its jobs', async () => {
  const { redis, bot, worker } = await withRedis();
  const { jobs } = await bot();
  const done: string[] = [];
  const gone = await worker({
    onJob: async ({ rig }) => {
      if (rig === 'fails') throw new Error('the engine is away');
      done.push(rig);
    },
  });
  for (const id of ['a', 'b', 'fails']) await jobs.send('h1', launch(id));
  await until(() => expect(done).toHaveLength(2));
  await gone.close();
  for (const job of [launch('c'), stopJob(aRig('d'))]) await jobs.send('h1', job);
  const raw = new Redis(redis.url);
  onTestFinished(() => raw.disconnect());
  expect((await raw.keys('*host-h1:*')).length).toBeGreaterThan(5);
  await jobs.forgetHost('H1');
  expect(await raw.keys('*host-h1:*')).toEqual([]);
  await worker({ onJob: async ({ rig }) => void done.push(rig) });
  await jobs.send('h1', launch('a'));
  await until(() => expect(done).toEqual(['a', 'b', 'a']));
});
