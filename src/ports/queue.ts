// The two sides of the queue.

import type { Job } from '../rig/job.ts';
import type { Report } from '../rig/report.ts';
import type { HostName, RigId } from '../rig/rig.ts';

/** The bot's side. */
export type Jobs = {
  /** Adding a job whose id is stored already changes nothing. */
  readonly send: (host: HostName, job: Job) => Promise<void>;
  /** Takes a job out that no worker has ever begun; false if one has, or it is not there. */
  readonly withdraw: (host: HostName, job: Job) => Promise<boolean>;
  /** Throws away all that waits for this host, and what is kept of jobs that are done. For a host that is forgotten. */
  readonly forgetHost: (host: HostName) => Promise<void>;
  /** Wakes a drainer for this rig's outbox. */
  readonly wakeTeller: (rig: RigId) => Promise<void>;
};

/** The worker's side. */
export type Reports = { readonly send: (report: Report) => Promise<void> };
