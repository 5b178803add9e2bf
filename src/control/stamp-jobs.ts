// Every job says which registry decided it.

import type { Jobs } from '../ports/queue.ts';
import type { Epoch } from '../rig/epoch.ts';

export const stampJobs = (jobs: Jobs, epoch: () => Epoch['id'] | undefined): Jobs => ({
  send: (host, job) => jobs.send(host, { ...job, epoch: epoch() }),
  withdraw: (host, job) => jobs.withdraw(host, { ...job, epoch: epoch() }),
  forgetHost: jobs.forgetHost,
  wakeTeller: jobs.wakeTeller,
});
