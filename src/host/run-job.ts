// Runs the jobs of this host. A stop ends a launch of the same rig that is under way, waits for it, and looks by id.

import type { Job, LaunchJob, StopJob } from '../rig/job.ts';
import type { RigId } from '../rig/rig.ts';
import { clearUnclaimed, forget } from './clear-away.ts';
import { launch } from './launch.ts';
import { lookById } from './look-by-id.ts';
import type { HostPorts, HostSettings } from './parts.ts';
import { sendLog } from './send-log.ts';

type Running = { readonly generation: number; readonly abort: () => void; readonly ended: Promise<unknown> };

export type JobRunner = {
  /** For the queue: resolves when the job is done, throws when it has to be tried again. */
  readonly run: (job: Job, signal: AbortSignal) => Promise<void>;
  /** A job for this rig is under way. */
  readonly isBusy: (rig: RigId) => boolean;
  /** What has become ready since this was last asked. */
  readonly takeReady: () => readonly Place[];
};

/** Which container, and where. */
export type Place = Pick<LaunchJob, 'rig' | 'generation' | 'address'>;

export const createJobRunner = (ports: HostPorts, settings: HostSettings): JobRunner => {
  const launches = new Map<RigId, Running>();
  const busy = new Map<RigId, number>();
  const ready: Place[] = [];

  const runLaunch = async (job: Job & { kind: 'launch' }, signal: AbortSignal): Promise<void> => {
    const controller = new AbortController();
    const stopped = controller.signal;
    const work = launch(ports, settings, job, AbortSignal.any([signal, stopped]));
    const running = {
      generation: job.generation,
      abort: () => controller.abort(new Error('the rig is being stopped')),
      ended: work.catch(() => undefined),
    };
    launches.set(job.rig, running);
    try {
      const { rig, generation, address } = job;
      if ((await work) === 'ready') ready.push({ rig, generation, address });
    } catch (error) {
      // The stop that ended it reports what became of the rig.
      if (stopped.aborted) return;
      if (signal.aborted) await clearUnclaimed(ports, settings, job);
      throw error;
    } finally {
      if (launches.get(job.rig) === running) launches.delete(job.rig);
    }
  };

  /** Whoever was told that it goes on is not cut short by a registry that has forgotten that. */
  const laterRev = async ({ rig, generation, rev }: StopJob): Promise<number | undefined> => {
    const file = rev === undefined ? undefined : await ports.rigFiles.read(rig);
    if (rev === undefined || file?.generation !== generation || file.ended) return undefined;
    return file.lease.rev > rev ? file.lease.rev : undefined;
  };

  const runStop = async (job: StopJob): Promise<void> => {
    const { engine, reports, clock, log } = ports;
    const later = await laterRev(job);
    if (later !== undefined) {
      const { rig, generation, rev } = job;
      log.warn({ rig, generation, rev, noted: later }, 'a stop was refused: its lease was extended since');
      const saw = { kind: 'refused', rev: later } as const;
      return reports.send({ v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
    }
    const running = launches.get(job.rig);
    if (running && running.generation <= job.generation) {
      running.abort();
      await running.ended;
    }
    for (const { container, generation } of await engine.rigContainers(job.rig)) {
      if (generation <= job.generation) await engine.remove(container, settings.stopGrace);
    }
    const left = (await engine.rigContainers(job.rig)).filter(
      ({ generation }) => generation <= job.generation,
    );
    if (left.length > 0) throw new Error(`rig ${job.rig}: still there after its removal: ${left[0]?.name}`);
    await forget(ports, job);
    log.info({ rig: job.rig, generation: job.generation }, 'removed');
    const { rig, generation } = job;
    await reports.send({
      v: 1,
      host: settings.host,
      rig,
      generation,
      at: clock.now(),
      saw: { kind: 'gone' },
    });
  };

  /** Decided by a registry that was lost, or is not the newest: what it wanted, the present one decides anew. */
  const isOfAnother = async ({ kind, epoch }: Job): Promise<boolean> => {
    if (epoch === undefined) return false;
    const { current, look } = ports.epochs;
    // A copy that was restored has its old id, and the launches that waited in it, until somebody looks who saw more.
    return epoch !== (await (kind === 'launch' ? look() : current()));
  };

  /** A launch that is too late fails, and a log is answered; of these nobody waits for a word. */
  const isTooLate = (job: Job): boolean =>
    (job.kind === 'stop' || job.kind === 'look') &&
    job.deadline !== undefined &&
    ports.clock.now() > job.deadline;

  const runOne = async (job: Job, signal: AbortSignal): Promise<void> => {
    if (isTooLate(job)) {
      const { kind, rig, generation } = job;
      ports.log.warn({ kind, rig, generation }, 'a job could not be done in time and was dropped');
      return;
    }
    if (await isOfAnother(job)) {
      const { kind, rig, generation, epoch } = job;
      ports.log.warn({ kind, rig, generation, epoch }, 'a job of another registry was dropped');
      if (job.kind !== 'log') return;
    }
    switch (job.kind) {
      case 'launch':
        return runLaunch(job, signal);
      case 'stop':
        return runStop(job);
      case 'log':
        return sendLog(ports, settings, job);
      case 'look':
        return lookById(ports, settings, job);
    }
  };

  return {
    isBusy: (rig) => busy.has(rig),
    takeReady: () => ready.splice(0),
    run: async (job, signal) => {
      busy.set(job.rig, (busy.get(job.rig) ?? 0) + 1);
      try {
        await runOne(job, signal);
      } finally {
        const others = (busy.get(job.rig) ?? 1) - 1;
        if (others === 0) busy.delete(job.rig);
        else busy.set(job.rig, others);
      }
    },
  };
};
