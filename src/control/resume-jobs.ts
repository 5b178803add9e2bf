// Sends again what was decided and perhaps never sent: a bot that died, or a Redis that went away, between a decision and
// its job. The queue ignores a job that it still has, so that this may run as often as it likes. And it gives up on a launch
// that no worker has begun by its deadline: its owner waits for a host that is away. So it does on a rig that crashed and that
// nobody restarted.

import type { Log } from '../ports/log.ts';
import type { Epochs } from '../ports/surveys.ts';
import { type Duration, type Instant, minute, second } from '../rig/duration.ts';
import { launchJob, stopJob } from '../rig/job.ts';
import type { Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { doEach } from './do-each.ts';

export type ResumePorts = ChangePorts & {
  readonly epochs: Pick<Epochs, 'adopting' | 'known'>;
  readonly log: Log;
};

/** Younger decisions are still in the hands of the bot that took them. */
const patience: Duration = 5 * second;
/** The queue forgets a job some time after it was done, an hour at most: sent again, it looks as if nobody had begun it. */
const surelyKnown: Duration = 30 * minute;

export const resumeJobs = async (ports: ResumePorts, deadline: Duration): Promise<void> => {
  const now = ports.clock.now();
  const adopting = await ports.epochs.adopting();
  // A registry that was restored would start what was stopped since, where another has its address by now.
  const settled = (await ports.rigs.unsettled()).filter(({ network }) => !adopting.has(network.lan));
  await doEach(settled, (rig) => resume(ports, rig, deadline, now));
};

const resume = async (ports: ResumePorts, rig: Rig, deadline: Duration, now: Instant): Promise<void> => {
  if (now - rig.state.since < patience) return;
  if (rig.state.kind === 'placed') await resumeLaunch(ports, rig, deadline, now);
  // The queue still has its job, unless another registry decided it: that one was dropped, and this one goes on with it.
  if (rig.state.kind === 'starting') {
    await ports.jobs.send(rig.host, launchJob(rig, (rig.restarted?.at ?? rig.created) + deadline));
  }
  if (rig.state.kind === 'stopping') await ports.jobs.send(rig.host, stopJob(rig));
  if (rig.state.kind === 'crashed' && now >= rig.state.until) {
    await changeRig(ports, rig.id, { kind: 'given-up', at: now });
  }
};

/** Taken in from its host, or placed under another registry, whose job may have been begun. */
const isFromBefore = ({ epochs }: ResumePorts, { state, created, generation }: Rig): boolean =>
  (generation === 1 && state.since !== created) || state.since < (epochs.known()?.born ?? 0);

const resumeLaunch = async (
  ports: ResumePorts,
  rig: Rig,
  deadline: Duration,
  now: Instant,
): Promise<void> => {
  const { jobs, log } = ports;
  const job = launchJob(rig, rig.state.since + deadline);
  if (now < job.deadline + patience) return jobs.send(rig.host, job);
  // A worker that has begun it reports by itself; where it was never sent there is nothing to take out.
  await jobs.send(rig.host, job);
  if (!(await jobs.withdraw(rig.host, job))) return;
  log.warn({ rig: rig.id, name: rig.name, host: rig.host }, 'no worker came to this launch in time');
  const mayHaveRun = now - rig.state.since >= surelyKnown || isFromBefore(ports, rig);
  const change = await changeRig(ports, rig.id, { kind: 'withdrawn', mayHaveRun, at: now });
  if (change.kind === 'changed' && change.rig.state.kind === 'stopping') {
    await jobs.send(rig.host, stopJob(change.rig));
  }
};
