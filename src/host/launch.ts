// One launch, from job to ready. It may run twice and stop anywhere: name and labels are the keys, so that a second run
// finds the first one's container and goes on from there.
//
// INVARIANTS
// - Right before and right after `start` the claim is read; unless it allows this generation, the container goes.
// - What was not started yet has WCS's settings laid over, whoever made it: an earlier run may have ended before it did.
// - Whatever ends a launch other than ready is noted, then the container is removed, then it is reported.
// - A generation that has ended is never started again: a job that is run once more says the same once more.

import { setTimeout as delay } from 'node:timers/promises';
import type { RigContainer } from '../ports/engine.ts';
import { EngineDown, EngineRefused, QueueDown } from '../ports/faults.ts';
import { allowsStart } from '../rig/claim.ts';
import { mayBeEngineStop } from '../rig/engine-stop.ts';
import type { LaunchJob } from '../rig/job.ts';
import { isNewer } from '../rig/record.ts';
import type { Sighting } from '../rig/report.ts';
import type { FailReason, HostName, RunningImage } from '../rig/rig.ts';
import { awaitReady } from './await-ready.ts';
import { clearAway, endOf, markEnded, withoutSecrets } from './clear-away.ts';
import { inTheWay, listensEverywhere, lookedAtOn } from './container-network.ts';
import { isLicensed, specOf } from './container-spec.ts';
import { LaunchFailed } from './launch-failed.ts';
import { paceProgress } from './pace-progress.ts';
import type { HostPorts, HostSettings } from './parts.ts';

export const launch = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  signal: AbortSignal,
): Promise<'ready' | 'failed'> => {
  const report = reporter(ports, settings.host, job);
  const fail = async (reason: FailReason): Promise<'failed'> => {
    const tail = await clearAway(ports, settings, job);
    await report({ kind: 'failed', reason, tail });
    return 'failed';
  };
  const ended = await endOf(ports, job);
  if (ended) return fail(ended);
  try {
    const life = await ports.engine.incarnation();
    const { container, image } = await findOrStart(ports, settings, job, report, signal);
    await report({ kind: 'starting', image });
    const on = lookedAtOn(settings.networking, job.address);
    const readiness = await awaitReady(ports.engine, { container, on }, settings.ready, signal);
    if (readiness.kind === 'failed') {
      await staysUp(ports, settings, readiness.reason, life, signal);
      throw new LaunchFailed(readiness.reason);
    }
    const { networking, ready } = settings;
    // Where WCS takes the whole host, a second rig would not get its ports: whoever places rigs has to know.
    if (await listensEverywhere(ports.engine, networking, container, ready.ports))
      ports.onListensEverywhere();
    // Said again, since reports may overtake one another.
    await report({ kind: 'ready', image });
    return 'ready';
  } catch (error) {
    // A stop or a shutdown is under way: whoever aborted cleans up, or the next run goes on from here.
    if (signal.aborted) throw error;
    const found = reasonOf(error, ports.clock.now() > job.deadline);
    if (!found) throw error;
    const reason = withoutSecrets(ports, settings, job, found);
    ports.log.warn({ rig: job.rig, name: job.name, generation: job.generation, reason }, 'launch failed');
    await markEnded(ports, job, reason);
    return fail(reason);
  }
};

const reporter = (
  { reports, clock }: HostPorts,
  host: HostName,
  { rig, generation }: LaunchJob,
): ((saw: Sighting) => Promise<void>) => {
  return (saw) => reports.send({ v: 1, host, rig, generation, at: clock.now(), saw });
};

/**
 * The engine's own "no" is an answer; an engine or a Redis that is away is not: the job is tried again later. So is a
 * fault, which may pass, until it is too late: then somebody has to hear of it.
 */
const reasonOf = (error: unknown, isLate: boolean): FailReason | undefined => {
  if (error instanceof LaunchFailed) return error.reason;
  if (error instanceof EngineRefused) return { kind: 'engine', detail: error.message };
  if (error instanceof EngineDown || error instanceof QueueDown || !isLate) return undefined;
  return { kind: 'engine', detail: error instanceof Error ? error.message : String(error) };
};

/** An engine that is stopped ends its containers first: that is no end of this launch, which goes on when it is back. */
const staysUp = async (
  { engine }: HostPorts,
  { lookAgain }: HostSettings,
  reason: FailReason,
  life: string | undefined,
  signal: AbortSignal,
): Promise<void> => {
  if (reason.kind !== 'exited' || !mayBeEngineStop(reason)) return;
  await delay(lookAgain, undefined, { signal });
  if ((await engine.incarnation()) !== life) throw new EngineDown('Docker was restarted meanwhile');
};

type Started = { readonly container: string; readonly image: RunningImage };

const findOrStart = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  report: (saw: Sighting) => Promise<void>,
  signal: AbortSignal,
): Promise<Started> => {
  const found = await removeOtherGenerations(ports, settings, job);
  // Had it ended by itself, whoever saw that would have noted it: its engine was restarted, or no worker was there.
  const isCutOff = found?.state === 'exited' && mayBeEngineStop(found);
  if (!isCutOff && (found?.state === 'exited' || found?.state === 'removing')) {
    throw new LaunchFailed({ kind: 'exited', exitCode: found.exitCode, outOfMemory: found.outOfMemory });
  }
  if (!found && ports.clock.now() > job.deadline) throw new LaunchFailed({ kind: 'too-late' });
  await passFence(ports, job);
  const licensed = isLicensed(settings, job);
  const asFound = found && {
    container: found,
    image: { digest: found.image.digest, unchecked: false, licensed },
  };
  const { container, image } = asFound ?? (await make(ports, settings, job, report, signal));
  if (container.state === 'created') await ports.engine.layOver(container.container, settings.conf);
  if (container.state === 'created' || isCutOff)
    await startFenced(ports, settings, job, container.container, signal);
  return { container: container.container, image };
};

const make = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  report: (saw: Sighting) => Promise<void>,
  signal: AbortSignal,
): Promise<{ readonly container: RigContainer; readonly image: RunningImage }> => {
  // A pull may take long; should the registry be lost meanwhile, its owner hears of that from the note.
  await note(ports, job);
  const { image, unchecked } = await imageFor(ports, settings, job, report, signal);
  const container = await ports.engine.create(specOf(ports, settings, job, image.id));
  return { container, image: { digest: image.digest, unchecked, licensed: isLicensed(settings, job) } };
};

const startFenced = async (
  ports: HostPorts,
  { networking }: HostSettings,
  job: LaunchJob,
  container: string,
  signal: AbortSignal,
): Promise<void> => {
  signal.throwIfAborted();
  const obstacle = await inTheWay(networking, job.address, ports.listeners);
  if (obstacle) throw new LaunchFailed(obstacle);
  await passFence(ports, job);
  const started = await ports.engine.start(container);
  if (started === 'address-in-use') throw new LaunchFailed({ kind: 'address-in-use', address: job.address });
  await passFence(ports, job);
  ports.announce(container, job.address);
};

/** Without its note a rig could not be brought back after a loss of the registry, so there is none without it. */
const note = async ({ rigFiles, records, log }: HostPorts, job: LaunchJob): Promise<void> => {
  const record = await records.of(job.rig);
  if (record?.generation !== job.generation) throw new LaunchFailed({ kind: 'superseded' });
  try {
    await rigFiles.write(record, (present) => present === undefined || !isNewer(present, record));
  } catch (error) {
    log.error({ rig: job.rig, err: error }, 'the state directory cannot be written');
    const why = error instanceof Error ? error.message : String(error);
    throw new LaunchFailed({
      kind: 'engine',
      detail: `the worker's state directory cannot be written: ${why}`,
    });
  }
};

const passFence = async ({ fence }: HostPorts, job: LaunchJob): Promise<void> => {
  const claim = await fence.claim(job.rig);
  if (!allowsStart(claim, job.generation, job.address)) throw new LaunchFailed({ kind: 'superseded' });
};

/** The container of the job's generation, if an earlier run made it; those of earlier generations go. */
const removeOtherGenerations = async (
  { engine }: HostPorts,
  { stopGrace }: HostSettings,
  job: LaunchJob,
): Promise<RigContainer | undefined> => {
  const containers = await engine.rigContainers(job.rig);
  for (const { container, generation } of containers) {
    if (generation < job.generation) await engine.remove(container, stopGrace);
  }
  return containers.find(({ generation }) => generation === job.generation);
};

const imageFor = async (
  { images }: HostPorts,
  { repository, progressEvery }: HostSettings,
  job: LaunchJob,
  report: (saw: Sighting) => Promise<void>,
  signal: AbortSignal,
) => {
  const reference = `${repository}:${job.tag}`;
  const progress = paceProgress(report, progressEvery);
  const outcome = await images.ensure(reference, progress.onPercent, signal);
  await progress.settled();
  if (outcome.kind === 'missing')
    throw new LaunchFailed({ kind: 'no-image', reference, detail: outcome.detail });
  return outcome;
};
