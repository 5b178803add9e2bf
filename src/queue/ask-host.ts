// The doctor's side of the queue: asks a host something about which nobody decides anything. It takes no jobs and no reports.

import type { JobsOptions } from 'bullmq';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';
import { type ReachJob, reachJobId } from '../rig/job.ts';
import type { RedisAddress } from '../rig/redis-address.ts';
import type { HostName } from '../rig/rig.ts';
import { connectAdding } from './client.ts';
import { hostQueue, queuePrefix } from './names.ts';
import { createSender } from './send.ts';

export type HostAsker = {
  readonly ask: (host: HostName, job: ReachJob) => Promise<void>;
  /** Nobody waits for it any more: takes it out, unless the host has begun it. */
  readonly withdraw: (host: HostName, job: ReachJob) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type HostAskerOptions = {
  readonly address: RedisAddress;
  readonly installation: string;
  readonly log: Log;
  readonly connectTimeout?: Duration | undefined;
};

/** Once, and nothing of it stays: a worker of an older version puts it aside as malformed. */
const once: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Throws QueueDown if Redis does not answer within `connectTimeout` (10 s). */
export const connectHostAsker = async (options: HostAskerOptions): Promise<HostAsker> => {
  const adding = await connectAdding(options);
  const sender = createSender(adding.redis, queuePrefix(options.installation), options.log);
  return {
    ask: (host, job) => sender.send(hostQueue(host), job.kind, job, { ...once, jobId: reachJobId(job) }),
    withdraw: async (host, job) => void (await sender.withdraw(hostQueue(host), reachJobId(job))),
    close: async () => {
      await sender.close();
      adding.close();
    },
  };
};
