// Taking from a queue: each job is checked, run, and given back if this process ends before it is done.
//
// INVARIANTS
// - A job that this process is still running is not run a second time beside itself, though its lock may have run out.
// - A job that was aborted because of the end of this process has not failed: the next worker takes it at once.

import { type Job as QueueJob, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { type Duration, second } from '../rig/duration.ts';
import { isOutage } from './client.ts';

export type ReceiverOptions<T> = {
  readonly connection: Redis;
  readonly prefix: string;
  readonly queue: string;
  readonly schema: z.ZodType<T>;
  readonly log: Log;
  readonly concurrency: number;
  /** Throwing means: again, later. `signal` is aborted when this process ends: throw then, and it is given back. */
  readonly handle: (data: T, signal: AbortSignal) => Promise<void>;
  /** How long `close` waits for those that run. */
  readonly grace?: Duration | undefined;
  /** How soon a job whose worker vanished is run again: at most this and half of it. */
  readonly lock?: Duration | undefined;
};

export type Receiver = { readonly close: () => Promise<void> };

/** 0.5 s, 1 s, 2 s … 15 s. */
export const cappedDelay = (attempt: number): Duration =>
  Math.min(15 * second, 500 * 2 ** Math.min(attempt - 1, 10));

const parse = <T>({ schema, log, queue }: ReceiverOptions<T>, { id, data }: QueueJob<unknown>): T => {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const fault = `${issue?.path.join('.')}: ${issue?.message}`;
  log.error({ queue, job: id, fault }, 'a malformed job was put aside');
  throw new UnrecoverableError(`malformed: ${fault}`);
};

const createProcessor = <T>(
  options: ReceiverOptions<T>,
  ending: AbortSignal,
  running: Map<string, Promise<void>>,
) => {
  const runAlone = async (id: string, data: T): Promise<void> => {
    // Its lock ran out while Redis was away, and it came here again.
    while (running.has(id)) await running.get(id)?.catch(() => undefined);
    if (ending.aborted) throw ending.reason;
    const run = options.handle(data, ending);
    running.set(id, run);
    try {
      await run;
    } finally {
      running.delete(id);
    }
  };
  return async (job: QueueJob<unknown>, token?: string): Promise<void> => {
    const data = parse(options, job);
    try {
      await runAlone(job.id ?? '', data);
    } catch (error) {
      if (!ending.aborted) throw error;
      await job.moveToWait(token);
      throw new WaitingError();
    }
  };
};

const logFaults = (worker: Worker<unknown, void>, log: Log, queue: string): void => {
  worker.on('error', (error) => {
    // The connection itself says so, once.
    if (!isOutage(error)) log.warn({ queue, error: error.message }, 'the queue complained');
  });
  worker.on('stalled', (job) => log.warn({ queue, job }, 'the job of a vanished worker is run again'));
  worker.on('failed', (job, error) => {
    if (error instanceof UnrecoverableError) return;
    log.warn({ queue, job: job?.id, attempt: job?.attemptsMade, error: error.message }, 'tried again later');
  });
};

/** How long BullMQ may take to say goodbye to a Redis that answers. */
const farewell: Duration = 2 * second;

const atMost = async (work: Promise<unknown>, length: Duration): Promise<void> => {
  const { promise: patience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, length);
  await Promise.race([work, patience]);
  clearTimeout(timer);
};

/** Takes jobs from now on, `concurrency` at once. */
export const createReceiver = <T>(options: ReceiverOptions<T>): Receiver => {
  const { connection, prefix, queue, log, concurrency, lock = 8 * second } = options;
  const ending = new AbortController();
  const running = new Map<string, Promise<void>>();
  const worker = new Worker<unknown, void>(queue, createProcessor(options, ending.signal, running), {
    connection,
    prefix,
    concurrency,
    lockDuration: lock,
    stalledInterval: lock / 2,
    // A second kill must not fail it.
    maxStalledCount: 100,
    runRetryDelay: second,
    settings: { backoffStrategy: cappedDelay },
  });
  logFaults(worker, log, queue);
  return {
    close: async () => {
      // First no new ones, or those that are given back would come back here.
      await worker.pause(true);
      ending.abort(new Error('this process ends'));
      await atMost(Promise.allSettled(running.values()), options.grace ?? 5 * second);
      // Without Redis there is nothing to wait for: locks run out by themselves. That it is away may not have been noticed
      // yet, and BullMQ then waits for it as long as it takes.
      const closed = worker.close(running.size > 0 || connection.status !== 'ready');
      await atMost(
        closed.catch(() => undefined),
        farewell,
      );
    },
  };
};
