// What the bot asks of a host. Jobs carry no secrets: passwords are derived and licences resolved by the worker.

import type { Instant } from './duration.ts';
import type { Lease } from './lease.ts';
import type { RigName } from './name.ts';
import type { LanId, Person, Rig, RigId } from './rig.ts';

type JobBase = {
  readonly v: 1;
  readonly rig: RigId;
  readonly generation: number;
  /** Part of the job's id: a stored id is silently ignored by the queue, so that another try needs another number. */
  readonly attempt: number;
};

export type LaunchJob = JobBase & {
  readonly kind: 'launch';
  /** Looked at when the job is picked up: later than this it is refused. */
  readonly deadline: Instant;
  readonly name: RigName;
  readonly owner: Person;
  readonly lan: LanId;
  readonly address: string;
  readonly tag: string;
  readonly created: Instant;
  readonly lease: Lease;
};

/** Remove the rig's containers up to and including this generation, and look that they are gone. */
export type StopJob = JobBase & { readonly kind: 'stop' };

export type Job = LaunchJob | StopJob;

/** `launch-k3f9ab-1-1`: no `:` (the queue forbids it), and not a number. */
export const jobId = (job: Job): string => `${job.kind}-${job.rig}-${job.generation}-${job.attempt}`;

export const launchJob = (rig: Rig, deadline: Instant): LaunchJob => ({
  v: 1,
  kind: 'launch',
  rig: rig.id,
  generation: rig.generation,
  attempt: 1,
  deadline,
  name: rig.name,
  owner: rig.owner,
  lan: rig.network.lan,
  address: rig.address,
  tag: rig.tag,
  created: rig.created,
  lease: rig.lease,
});

export const stopJob = (rig: Rig): StopJob => ({
  v: 1,
  kind: 'stop',
  rig: rig.id,
  generation: rig.generation,
  attempt: 1,
});
