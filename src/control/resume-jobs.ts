// Sends again what was decided and perhaps never sent: a bot that died, or a Redis that went away, between a decision and
// its job. The queue ignores a job that it still has, so that this may run as often as it likes.

import type { Clock, Jobs, Log, Rigs } from '../ports.ts';
import { type Duration, second } from '../rig/duration.ts';
import { launchJob, stopJob } from '../rig/job.ts';

export type ResumePorts = {
  readonly rigs: Rigs;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
};

/** Younger decisions are still in the hands of the bot that took them. */
const patience: Duration = 5 * second;

export const resumeJobs = async ({ rigs, jobs, clock }: ResumePorts, deadline: Duration): Promise<void> => {
  const now = clock.now();
  for (const rig of await rigs.living()) {
    if (now - rig.state.since < patience) continue;
    if (rig.state.kind === 'placed') await jobs.send(rig.host, launchJob(rig, rig.created + deadline));
    if (rig.state.kind === 'stopping') await jobs.send(rig.host, stopJob(rig));
  }
};
