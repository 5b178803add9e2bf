// The story of the queue: a job goes to its host and comes back as a report; what throws is tried again.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import type { Jobs, Reports } from '../../src/ports/queue.ts';
import { connectBotQueue } from '../../src/queue/bot-queue.ts';
import { connectWorkerQueue } from '../../src/queue/worker-queue.ts';
import { type Job, launchJob, logJob, lookJob, removeJob, stopJob } from '../../src/rig/job.ts';
import type { Report } from '../../src/rig/report.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { createMemoryQueue } from '../support/memory-queue.ts';
import { anUnplacedRig } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';

const aRig = (id: string): Rig => ({ ...anUnplacedRig(id), address: '10.0.0.10' });
const launch = (id: string) => launchJob(aRig(id), 99_000);

type Queue = {
  readonly bot: (bot: {
    onReport?: (report: Report) => Promise<void>;
    onWake?: (rig: string) => Promise<void>;
  }) => Promise<{ jobs: Jobs }>;
  readonly worker: (worker: {
    host: string;
    onJob: (job: Job, signal: AbortSignal) => Promise<void>;
  }) => Promise<{ reports: Reports }>;
};

type Kind = { start: () => Promise<void>; stop: () => Promise<void>; open: () => Queue };

const nothing = async () => undefined;

const inMemory: Kind = {
  start: nothing,
  stop: nothing,
  open: () => {
    const queue = createMemoryQueue();
    return {
      bot: async ({ onReport = nothing, onWake = nothing }) => queue.connectBot({ onReport, onWake }),
      worker: async (worker) => queue.connectWorker(worker),
    };
  },
};

const inRedis = (): Kind => {
  let redis: PrivateRedis | undefined;
  return {
    start: async () => {
      redis = await startPrivateRedis();
    },
    stop: async () => redis?.stop(),
    open: () => {
      const common = { address: addressOf(redis?.url ?? ''), installation: randomUUID(), log: silent };
      return {
        bot: async ({ onReport = nothing, onWake = nothing }) => {
          const queue = await connectBotQueue({ ...common, onReport, onWake });
          onTestFinished(queue.close);
          return queue;
        },
        worker: async (worker) => {
          const queue = await connectWorkerQueue({ ...common, ...worker, concurrency: 1 });
          onTestFinished(queue.close);
          return queue;
        },
      };
    },
  };
};

const kinds: [string, Kind][] = [
  ['in memory', inMemory],
  ['in Redis', inRedis()],
];

describe.each(kinds)('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  test('a job waits for the worker of its host, and arrives as it was sent', async () => {
    const queue = kind.open();
    const { jobs } = await queue.bot({});
    await jobs.send('h:1 ü', launch('a'));
    await jobs.send('h2', stopJob(aRig('b')));
    const arrived: Job[] = [];
    await queue.worker({ host: 'H:1 Ü', onJob: async (job) => void arrived.push(job) });
    await vi.waitFor(() => expect(arrived).toEqual([launch('a')]), 10_000);
    await queue.worker({ host: 'h2', onJob: async (job) => void arrived.push(job) });
    await vi.waitFor(() => expect(arrived).toEqual([launch('a'), stopJob(aRig('b'))]), 10_000);
  });

  test('a log is asked for and told as it was, each question once; a lease may have no end', async () => {
    const queue = kind.open();
    const told: Report[] = [];
    const { jobs } = await queue.bot({ onReport: async (report) => void told.push(report) });
    const to = { id: 'UBOB', name: 'bob "the ✓"' };
    const ask = (request: string) =>
      logJob({ ...aRig('a'), generation: 3 }, { request, lines: 200, to, deadline: 99_000 });
    const endless = launchJob(
      { ...aRig('b'), keyId: '0a1b2c3d', lease: { end: undefined, cap: undefined, rev: 4 } },
      99_000,
    );
    const arrived: Job[] = [];
    const { reports } = await queue.worker({ host: 'h1', onJob: async (job) => void arrived.push(job) });
    const surveyed = [removeJob({ rig: 'c', generation: 2 }, 99_000), lookJob(aRig('d'), true, 99_000)];
    const sent = [ask('k3f9ab'), ask('other1'), endless, ...surveyed];
    for (const job of [...sent, ask('k3f9ab')]) await jobs.send('h1', job);
    await vi.waitFor(() => expect(arrived).toHaveLength(5), 10_000);
    expect(new Set(arrived)).toEqual(new Set(sent));

    const base = { v: 1, host: 'h1', rig: 'a', generation: 3, at: 5 } as const;
    const logs: readonly Report[] = [
      { ...base, saw: { kind: 'log', to, lines: ['one', '', '<two>'] } },
      { ...base, at: 6, saw: { kind: 'log', to, lines: undefined } },
    ];
    for (const report of logs) await reports.send(report);
    await vi.waitFor(() => expect(told).toHaveLength(2), 10_000);
    expect(new Set(told)).toEqual(new Set(logs));
  });

  test('a job whose id is known changes nothing; another attempt is another job', async () => {
    const queue = kind.open();
    const { jobs } = await queue.bot({});
    const arrived: string[] = [];
    await queue.worker({
      host: 'h1',
      onJob: async ({ rig, attempt }) => void arrived.push(`${rig} ${attempt}`),
    });
    await jobs.send('h1', launch('a'));
    await vi.waitFor(() => expect(arrived).toEqual(['a 1']), 10_000);
    await jobs.send('h1', launch('a'));
    await jobs.send('h1', { ...launch('a'), attempt: 2 });
    await vi.waitFor(() => expect(arrived).toContain('a 2'), 10_000);
    expect(arrived).toEqual(['a 1', 'a 2']);
  });

  test('a job that nobody has begun can be taken out, and sent again; one that was begun cannot', async () => {
    const queue = kind.open();
    const { jobs } = await queue.bot({});
    expect(await jobs.withdraw('h1', launch('a'))).toBe(false);
    await jobs.send('h1', launch('a'));
    await jobs.send('h1', launch('b'));
    expect(await jobs.withdraw('h1', launch('a'))).toBe(true);
    expect(await jobs.withdraw('h1', launch('a'))).toBe(false);
    const arrived: string[] = [];
    let fails = true;
    const onJob = async ({ rig }: Job) => {
      arrived.push(rig);
      if (fails) throw new Error('the engine is away');
    };
    await queue.worker({ host: 'h1', onJob });
    await vi.waitFor(() => expect(arrived).toContain('b'), 10_000);
    // It waits for its next try: somebody may have made something of it already.
    expect(await jobs.withdraw('h1', launch('b'))).toBe(false);
    fails = false;
    await jobs.send('h1', launch('a'));
    await vi.waitFor(() => expect(arrived).toContain('a'), 10_000);
  });

  test('of a host that is forgotten nothing waits any more; what is sent afterwards arrives', async () => {
    const queue = kind.open();
    const { jobs } = await queue.bot({});
    await jobs.send('H1', launch('a'));
    await jobs.send('h1', stopJob(aRig('b')));
    await jobs.send('h2', launch('c'));
    await jobs.forgetHost('h1');
    await jobs.send('h1', launch('a'));
    const arrived: string[] = [];
    const onJob = async ({ rig, kind: what }: Job) => void arrived.push(`${what} ${rig}`);
    await queue.worker({ host: 'h1', onJob });
    await queue.worker({ host: 'h2', onJob });
    await vi.waitFor(() => expect(arrived.toSorted()).toEqual(['launch a', 'launch c']), 10_000);
  });

  test('a job that throws is tried again until it does not', async () => {
    const queue = kind.open();
    const { jobs } = await queue.bot({});
    let tries = 0;
    const onJob = async () => {
      tries += 1;
      if (tries < 3) throw new Error('the engine is away');
    };
    await queue.worker({ host: 'h1', onJob });
    await jobs.send('h1', launch('a'));
    await vi.waitFor(() => expect(tries).toBe(3), 10_000);
  });

  test('a report reaches the bot, and again if the bot could not keep it', async () => {
    const queue = kind.open();
    const arrived: Report[] = [];
    const onReport = async (report: Report) => {
      arrived.push(report);
      if (arrived.length === 1) throw new Error('Redis is away');
    };
    await queue.bot({ onReport });
    const { reports } = await queue.worker({ host: 'h1', onJob: nothing });
    const reason = { kind: 'exited', exitCode: 1, outOfMemory: false } as const;
    const report: Report = {
      v: 1,
      host: 'h1',
      rig: 'a',
      generation: 1,
      at: 9,
      saw: { kind: 'failed', reason, tail: ['"x" ✓'] },
    };
    await reports.send(report);
    await vi.waitFor(() => expect(arrived).toEqual([report, report]), 10_000);
  });

  test('equal reports and wakes all arrive', async () => {
    const queue = kind.open();
    const arrived: string[] = [];
    const { jobs } = await queue.bot({
      onWake: async (rig) => void arrived.push(rig),
      onReport: async ({ saw }) => void arrived.push(saw.kind),
    });
    const { reports } = await queue.worker({ host: 'h1', onJob: nothing });
    for (let count = 0; count < 2; count += 1) {
      await jobs.wakeTeller('a');
      await reports.send({ v: 1, host: 'h1', rig: 'a', generation: 1, at: 9, saw: { kind: 'gone' } });
    }
    await vi.waitFor(() => expect(arrived.toSorted()).toEqual(['a', 'a', 'gone', 'gone']), 10_000);
  });
});
