// Adding to a queue: at once, or QueueDown.

import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../ports/log.ts';
import { day, hour, second } from '../rig/duration.ts';
import { asQueueDown, isOutage } from './client.ts';

/** In effect for ever: whoever takes the job decides when it makes no sense any more. */
const always = 1_000_000;

const kept = {
  removeOnComplete: { age: hour / second, count: 1000 },
  removeOnFail: { age: (7 * day) / second, count: 1000 },
  // Of the last failure only: an engine that is away for a week makes many.
  stackTraceLimit: 1,
} as const satisfies JobsOptions;

/** A job throws when its engine is away: tried again soon, then less often. The delays are the receiver's. */
export const jobOptions: JobsOptions = { ...kept, attempts: always, backoff: { type: 'capped' } };

/** Reports and wakes fail when Redis is away. */
export const reportOptions: JobsOptions = {
  ...kept,
  attempts: always,
  backoff: { type: 'fixed', delay: 2 * second },
};

export type Sender = {
  readonly send: (queue: string, name: string, data: object, options: JobsOptions) => Promise<void>;
  /** True if it was there, and nobody had ever begun it. */
  readonly withdraw: (queue: string, id: string) => Promise<boolean>;
  /** Without a worker there: the queue goes with all jobs in it. */
  readonly discard: (queue: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What BullMQ keeps of a queue that has no jobs; made anew by whoever uses it next. */
const leftOver = ['meta', 'id', 'events', 'marker', 'pc', 'stalled-check', 'stalled'];

/** Not `obliterate`: that pauses the queue first, and would leave it so should Redis go away in between. */
const discardQueue = async (connection: Redis, queue: Queue): Promise<void> => {
  await queue.drain(true);
  for (const state of ['active', 'completed', 'failed'] as const) await queue.clean(0, 0, state);
  await connection.del(leftOver.map((name) => queue.toKey(name)));
};

/** All queues share the one connection. */
export const createSender = (connection: Redis, prefix: string, log: Log): Sender => {
  const queues = new Map<string, Queue>();
  const open = (name: string): Queue => {
    // Neither waits for Redis nor asks it anything when made, so that it can be made while Redis is away.
    const queue = new Queue(name, { connection, prefix, skipWaitingForReady: true, skipVersionCheck: true });
    queue.on('error', (error) => {
      if (!isOutage(error)) log.error({ queue: name, error: error.message }, 'a queue failed');
    });
    queues.set(name, queue);
    return queue;
  };
  return {
    send: async (name, jobName, data, options) => {
      try {
        await (queues.get(name) ?? open(name)).add(jobName, data, options);
      } catch (error) {
        throw asQueueDown(error);
      }
    },
    withdraw: async (name, id) => {
      try {
        const job = await (queues.get(name) ?? open(name)).getJob(id);
        if (!job || job.attemptsStarted > 0) return false;
        // Refused, by a lock, where a worker begins it in this very moment.
        return await job.remove().then(
          () => true,
          (error: unknown) => (isOutage(error) ? Promise.reject(error) : false),
        );
      } catch (error) {
        throw asQueueDown(error);
      }
    },
    discard: async (name) => {
      const queue = queues.get(name) ?? open(name);
      queues.delete(name);
      try {
        await discardQueue(connection, queue);
      } catch (error) {
        throw asQueueDown(error);
      } finally {
        await queue.close();
      }
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
};
