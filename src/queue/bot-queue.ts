// The bot's side of the queue: sends jobs to hosts, takes their reports, wakes the tellers.

import type { Log } from '../ports/log.ts';
import type { Jobs } from '../ports/queue.ts';
import type { Duration } from '../rig/duration.ts';
import { jobId } from '../rig/job.ts';
import type { RedisAddress } from '../rig/redis-address.ts';
import type { Report } from '../rig/report.ts';
import type { RigId } from '../rig/rig.ts';
import { connectAdding, connectTaking } from './client.ts';
import { hostQueue, outboxQueue, queuePrefix, reportsQueue } from './names.ts';
import { createReceiver } from './receive.ts';
import { reportSchema, type Wake, wakeSchema } from './schema.ts';
import { createSender, jobOptions, reportOptions, type Sender } from './send.ts';

export type BotQueueOptions = {
  readonly address: RedisAddress;
  readonly installation: string;
  readonly log: Log;
  /** Throwing means: again in 2 s, for ever. Several run at once, also of one rig. */
  readonly onReport: (report: Report) => Promise<void>;
  readonly onWake: (rig: RigId) => Promise<void>;
  readonly commandTimeout?: Duration | undefined;
  readonly connectTimeout?: Duration | undefined;
  readonly lock?: Duration | undefined;
};

export type BotQueue = { readonly jobs: Jobs; readonly close: () => Promise<void> };

/** Lower is later; those without one, the stops, come first: they make room. */
const launchPriority = 10;
const atOnce = 8;

const createJobs = ({ send, withdraw, discard }: Sender): Jobs => ({
  withdraw: (host, job) => withdraw(hostQueue(host), jobId(job)),
  send: (host, job) =>
    send(hostQueue(host), job.kind, job, {
      ...jobOptions,
      jobId: jobId(job),
      ...(job.kind === 'launch' ? { priority: launchPriority } : {}),
    }),
  forgetHost: (host) => discard(hostQueue(host)),
  wakeTeller: (rig) => send(outboxQueue, 'wake', { v: 1, rig } satisfies Wake, reportOptions),
});

/** Throws QueueDown if Redis does not answer within `connectTimeout` (10 s); later outages it mends by itself. */
export const connectBotQueue = async (options: BotQueueOptions): Promise<BotQueue> => {
  const { log, onReport, onWake, lock } = options;
  const adding = await connectAdding(options);
  const taking = await connectTaking(options).catch((error: unknown) => {
    adding.close();
    throw error;
  });
  const prefix = queuePrefix(options.installation);
  const sender = createSender(adding.redis, prefix, log);
  const common = { connection: taking.redis, prefix, log, concurrency: atOnce, lock };
  const receivers = [
    createReceiver({ ...common, queue: reportsQueue, schema: reportSchema, handle: onReport }),
    createReceiver({ ...common, queue: outboxQueue, schema: wakeSchema, handle: ({ rig }) => onWake(rig) }),
  ];
  return {
    jobs: createJobs(sender),
    close: async () => {
      await Promise.all(receivers.map(({ close }) => close()));
      await sender.close();
      adding.close();
      taking.close();
    },
  };
};
