// What the bot asks of a host. Jobs carry no secrets: passwords are derived and licences resolved by the worker.

import { type Instant, minute } from './duration.ts';
import type { Epoch } from './epoch.ts';
import type { Lease } from './lease.ts';
import type { RigName } from './name.ts';
import type { LanId, LicenceId, Person, Rig, RigId } from './rig.ts';

type JobBase = {
  readonly v: 1;
  readonly rig: RigId;
  readonly generation: number;
  /** Part of the job's id: a stored id is silently ignored by the queue, so that another try needs another number. */
  readonly attempt: number;
  /** The registry that decided it: a job of another one is not run. None: from a bot that knew of no such thing. */
  readonly epoch?: Epoch['id'] | undefined;
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
  /** Names the secret that its password is derived from. */
  readonly keyId?: string | undefined;
  /** The licence that it has claimed, which its host resolves. */
  readonly licenceId?: LicenceId | undefined;
  readonly created: Instant;
  readonly lease: Lease;
};

/** Remove the rig's containers up to and including this generation, and look that they are gone. */
export type StopJob = JobBase & {
  readonly kind: 'stop';
  /** Since its lease was over: that of this `rev`. A host that knows of a later one refuses. None: whatever it knows. */
  readonly rev?: number | undefined;
  /** Whoever wants it gone sees it again by then, and asks anew. None: a stop that somebody decided is tried until it is done. */
  readonly deadline?: Instant | undefined;
};

/** Say the last lines of its log. */
export type LogJob = JobBase & {
  readonly kind: 'log';
  /** One for each question: the same one asked twice is two jobs. */
  readonly request: string;
  readonly lines: number;
  readonly to: Person;
  /** Nobody waits for it any more after this. */
  readonly deadline: Instant;
};

/** Say whether there is a container of this generation. */
export type LookJob = JobBase & {
  readonly kind: 'look';
  /** The registry that asks was restored from an older copy. */
  readonly restored: boolean;
  /** Later than this it says nothing of now: whoever asked asks anew. None: from a bot of an older version. */
  readonly deadline?: Instant | undefined;
};

/** About a rig. */
export type Job = LaunchJob | StopJob | LogJob | LookJob;

/** Connect to this address from where you are, and say what came of it: the doctor asks. It is about no rig. */
export type ReachJob = {
  readonly v: 1;
  readonly kind: 'reach';
  /** One for each question; the answer is kept under it. */
  readonly request: string;
  readonly lan: LanId;
  readonly address: string;
  readonly ports: readonly number[];
  /** Nobody waits for the answer any more after this. */
  readonly deadline: Instant;
};

/** All that a host can be asked. */
export type HostJob = Job | ReachJob;

/** `launch-k3f9ab-1-1`: no `:` (the queue forbids it), and not a number. */
export const jobId = (job: Job): string => {
  const epoch = job.epoch === undefined ? '' : `-${job.epoch}`;
  const id = `${job.kind}-${job.rig}-${job.generation}-${job.attempt}${epoch}`;
  switch (job.kind) {
    case 'log':
      return `${id}-${job.request}`;
    // One that was refused is no reason to ignore the next.
    case 'stop':
      return job.rev === undefined ? id : `${id}-r${job.rev}`;
    case 'launch':
    case 'look':
      return id;
  }
};

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
  keyId: rig.keyId,
  licenceId: rig.licenceId,
  created: rig.created,
  lease: rig.lease,
});

export const stopJob = (rig: Rig): StopJob => ({
  v: 1,
  kind: 'stop',
  rig: rig.id,
  generation: rig.generation,
  attempt: 1,
  rev: refusableRev(rig),
});

/** What a person wants is done, whatever the lease. */
const refusableRev = ({ state, lease }: Rig): number | undefined =>
  state.kind === 'stopping' && (state.reason.kind === 'expired' || state.reason.kind === 'idle')
    ? lease.rev
    : undefined;

export const logJob = (
  rig: Rig,
  { request, lines, to, deadline }: Pick<LogJob, 'request' | 'lines' | 'to' | 'deadline'>,
): LogJob => ({
  v: 1,
  kind: 'log',
  rig: rig.id,
  generation: rig.generation,
  attempt: 1,
  request,
  lines,
  to,
  deadline,
});

/** `at`: each look is one of its own, as what it finds is one moment's. */
export const lookJob = (rig: Rig, restored: boolean, at: Instant): LookJob => ({
  v: 1,
  kind: 'look',
  rig: rig.id,
  generation: rig.generation,
  attempt: later(at / 1000),
  restored,
  deadline: at + again,
});

/**
 * What a host has and should not. Each survey asks for it, as long as it is there: what cannot be removed is no reason for
 * more than one job.
 */
export const removeJob = (
  { rig, generation }: Pick<StopJob, 'rig' | 'generation'>,
  at: Instant,
): StopJob => ({
  v: 1,
  kind: 'stop',
  rig,
  generation,
  attempt: later(at / again),
  deadline: at + again,
});

export const reachJobId = ({ request }: Pick<ReachJob, 'request'>): string => `reach-${request}`;

const again = 10 * minute;

/** Apart from the first attempt of a stop that somebody decided. */
const later = (count: number): number => Math.max(2, Math.floor(count));
