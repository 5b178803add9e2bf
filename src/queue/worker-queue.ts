// The worker's side of the queue: takes its host's jobs, sends reports.

import type { Log } from '../ports/log.ts';
import type { Reports } from '../ports/queue.ts';
import type { Duration } from '../rig/duration.ts';
import type { Job, ReachJob } from '../rig/job.ts';
import type { RedisAddress } from '../rig/redis-address.ts';
import type { HostName } from '../rig/rig.ts';
import { connectAdding, connectTaking } from './client.ts';
import { hostQueue, queuePrefix, reportsQueue } from './names.ts';
import { createReceiver } from './receive.ts';
import { hostJobSchema } from './schema.ts';
import { createSender, reportOptions } from './send.ts';

export type WorkerQueueOptions = {
  readonly address: RedisAddress;
  readonly installation: string;
  readonly log: Log;
  readonly host: HostName;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Throwing means: again, after 0.5 s to 15 s. On `signal` it should throw soon: the job is given back then. */
  readonly onJob: (job: Job, signal: AbortSignal) => Promise<void>;
  /** Nobody decides anything by its answer, so that it need not be tried again. None: what asks for it is put aside. */
  readonly onReach?: ((job: ReachJob, signal: AbortSignal) => Promise<void>) | undefined;
  /** How long `close` waits for those that run; the rest are found by the next worker a little later. */
  readonly grace?: Duration | undefined;
  readonly commandTimeout?: Duration | undefined;
  readonly connectTimeout?: Duration | undefined;
  readonly lock?: Duration | undefined;
};

export type WorkerQueue = { readonly reports: Reports; readonly close: () => Promise<void> };

/** Throws QueueDown if Redis does not answer within `connectTimeout` (10 s); later outages it mends by itself. */
export const connectWorkerQueue = async (options: WorkerQueueOptions): Promise<WorkerQueue> => {
  const { log, host, concurrency, onJob, onReach = noReach, grace, lock } = options;
  const adding = await connectAdding(options);
  const taking = await connectTaking(options).catch((error: unknown) => {
    adding.close();
    throw error;
  });
  const prefix = queuePrefix(options.installation);
  const sender = createSender(adding.redis, prefix, log);
  const receiver = createReceiver({
    connection: taking.redis,
    prefix,
    queue: hostQueue(host),
    schema: hostJobSchema,
    handle: (job, signal) => (job.kind === 'reach' ? onReach(job, signal) : onJob(job, signal)),
    log,
    concurrency,
    grace,
    lock,
  });
  return {
    reports: { send: (report) => sender.send(reportsQueue, report.saw.kind, report, reportOptions) },
    close: async () => {
      await receiver.close();
      await sender.close();
      adding.close();
      taking.close();
    },
  };
};

const noReach = async (): Promise<void> => {
  throw new Error('nobody here connects to addresses');
};
