// One launch, from job to ready. It may run twice and stop anywhere: name and labels are the keys, so that a second run
// finds the first one's container and goes on from there.
//
// INVARIANTS
// - Right before and right after `start` the claim is read; unless it allows this generation, the container goes.
// - Whatever ends a launch other than ready removes the container before it is reported.

import {
  type Clock,
  type ContainerSpec,
  type Engine,
  EngineRefused,
  type Fence,
  type Log,
  type Reports,
  type RigContainer,
  type RigFiles,
  type Secrets,
} from '../ports.ts';
import { allowsStart } from '../rig/claim.ts';
import type { Duration } from '../rig/duration.ts';
import type { LaunchJob } from '../rig/job.ts';
import type { Sighting } from '../rig/report.ts';
import type { FailReason, HostName } from '../rig/rig.ts';
import { awaitReady, type ReadySettings } from './await-ready.ts';
import type { ImageKeeper } from './keep-images.ts';

export type HostPorts = {
  readonly engine: Engine;
  readonly fence: Fence;
  readonly reports: Reports;
  readonly rigFiles: RigFiles;
  readonly images: ImageKeeper;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
};

export type HostSettings = {
  readonly host: HostName;
  /** The worker's own Docker network. */
  readonly network: string;
  /** The image's name without its tag. */
  readonly repository: string;
  readonly licence: string | undefined;
  readonly licenceId: string | undefined;
  readonly keyId: string;
  readonly memoryBytes: number;
  readonly cpus: number | undefined;
  readonly ready: ReadySettings;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGrace: Duration;
  /** Between two reports of a pull's progress. */
  readonly progressEvery: Duration;
  readonly tailLines: number;
};

/** What ends a launch early, other than a fault. */
class LaunchFailed extends Error {
  override readonly name = 'LaunchFailed';
  readonly reason: FailReason;
  constructor(reason: FailReason) {
    super(reason.kind);
    this.reason = reason;
  }
}

export const launch = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  signal: AbortSignal,
): Promise<void> => {
  const report = reporter(ports, settings.host, job);
  try {
    const container = await findOrStart(ports, settings, job, report, signal);
    const readiness = await awaitReady(ports.engine, container.container, settings.ready, signal);
    if (readiness.kind === 'failed') throw new LaunchFailed(readiness.reason);
    await report({ kind: 'ready' });
  } catch (error) {
    // A stop or a shutdown is under way: whoever aborted cleans up, or the next run goes on from here.
    if (signal.aborted) throw error;
    const reason = reasonOf(error);
    if (!reason) throw error;
    ports.log.warn(
      { rig: job.rig, name: job.name, generation: job.generation, reason, err: error },
      'launch failed',
    );
    const tail = await clearAway(ports, settings, job);
    await report({ kind: 'failed', reason, tail });
  }
};

const reporter = (
  { reports, clock }: HostPorts,
  host: HostName,
  { rig, generation }: LaunchJob,
): ((saw: Sighting) => Promise<void>) => {
  return (saw) => reports.send({ v: 1, host, rig, generation, at: clock.now(), saw });
};

/** The engine's own "no" is an answer; an engine or a Redis that is away is not: the job is tried again later. */
const reasonOf = (error: unknown): FailReason | undefined => {
  if (error instanceof LaunchFailed) return error.reason;
  if (error instanceof EngineRefused) return { kind: 'engine', detail: error.message };
  return undefined;
};

const findOrStart = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  report: (saw: Sighting) => Promise<void>,
  signal: AbortSignal,
): Promise<RigContainer> => {
  const found = await removeOtherGenerations(ports, settings, job);
  if (found?.state === 'exited' || found?.state === 'removing') {
    throw new LaunchFailed({ kind: 'exited', exitCode: found.exitCode, outOfMemory: found.outOfMemory });
  }
  if (!found && ports.clock.now() > job.deadline) throw new LaunchFailed({ kind: 'too-late' });
  await passFence(ports, job);
  if (found && found.state !== 'created') {
    const unchecked = false;
    await report({
      kind: 'starting',
      image: { digest: found.image.digest, unchecked, licensed: isLicensed(settings) },
    });
    return found;
  }
  const { image, unchecked } = await imageFor(ports, settings, job, report, signal);
  await ports.rigFiles.write(rigFileOf(job));
  const container = found ?? (await ports.engine.create(specOf(ports, settings, job, image.id)));
  signal.throwIfAborted();
  await passFence(ports, job);
  const started = await ports.engine.start(container.container);
  if (started === 'address-in-use') throw new LaunchFailed({ kind: 'address-in-use', address: job.address });
  await passFence(ports, job);
  await report({
    kind: 'starting',
    image: { digest: image.digest, unchecked, licensed: isLicensed(settings) },
  });
  return container;
};

const isLicensed = ({ licence }: HostSettings): boolean => licence !== undefined;

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

/** At most one report in `every`: the queue and Slack are for states first. */
const paceProgress = (report: (saw: Sighting) => Promise<void>, every: Duration) => {
  let last = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> = Promise.resolve();
  const forget = (): void => undefined; // a lost figure is no loss; the next report of a state says whether Redis is there
  return {
    onPercent: (percent: number | undefined): void => {
      const now = performance.now();
      if (now - last < every) return;
      last = now;
      sending = sending.then(() => report({ kind: 'pulling', percent })).catch(forget);
    },
    settled: (): Promise<void> => sending,
  };
};

const specOf = (
  { secrets }: HostPorts,
  { network, licence, licenceId, keyId, memoryBytes, cpus }: HostSettings,
  job: LaunchJob,
  image: string,
): ContainerSpec => ({
  job,
  image,
  network,
  password: secrets.password(job.rig, job.generation),
  licence,
  licenceId,
  keyId,
  memoryBytes,
  cpus,
});

const rigFileOf = ({ rig, generation, name, owner, lan, address, created, lease }: LaunchJob) => ({
  rig,
  generation,
  name,
  owner,
  lan,
  address,
  created,
  lease,
});

/** Removes what there is of this generation; its last log lines, with every known secret cut out. */
const clearAway = async (
  { engine, rigFiles, secrets }: HostPorts,
  { stopGrace, tailLines, licence }: HostSettings,
  job: LaunchJob,
): Promise<readonly string[]> => {
  const known = [secrets.password(job.rig, job.generation), ...(licence === undefined ? [] : [licence])];
  let tail: readonly string[] = [];
  for (const { container, generation } of await engine.rigContainers(job.rig)) {
    if (generation !== job.generation) continue;
    tail = (await engine.logTail(container, tailLines)).map((line) => secrets.redact(line, known));
    await engine.remove(container, stopGrace);
  }
  await rigFiles.remove(job.rig);
  return tail;
};
