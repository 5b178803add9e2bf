// A Docker host of a story: a simulated engine that outlives its workers, and the worker's real use cases on it.

import type { EngineLife } from '../../src/host/engine-life.ts';
import { createImageKeeper } from '../../src/host/keep-images.ts';
import type { HostPorts, HostSettings } from '../../src/host/parts.ts';
import { createRigCare } from '../../src/host/rig-care.ts';
import { createJobRunner, type JobRunner } from '../../src/host/run-job.ts';
import { createRigWatch } from '../../src/host/watch-rigs.ts';
import { createUseWatch } from '../../src/host/watch-use.ts';
import type { Engine } from '../../src/ports/engine.ts';
import type { Log } from '../../src/ports/log.ts';
import type { RigFile } from '../../src/ports/rig-files.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { type Instant, minute } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import { jobId } from '../../src/rig/job.ts';
import type { RigId } from '../../src/rig/rig.ts';
import type { FleetSecrets } from '../../src/secrets.ts';
import type { FakeContainer } from '../support/fake-docker-world.ts';
import { createFakeDocker, type FakeDocker } from '../support/fake-engine.ts';
import { installation, licencesOf } from './licences.ts';
import { bootTimeout, conf, repository, tags } from './setting.ts';
import type { StoryQueue } from './story-queue.ts';
import { type Process, type Turns, through } from './turns.ts';

/** A boot that goes on: since when, and whether it will ever come to its end. */
type Boot = { readonly since: Instant; isStuck: boolean };

export type StoryHost = {
  readonly registration: Registration;
  readonly docker: FakeDocker;
  /** Beside all turns: what somebody does by hand on the host. */
  readonly byHand: Engine;
  /** Containers that are up and do not listen yet. */
  readonly boots: Map<string, Boot>;
  /** The next start is told that its address is taken. */
  readonly trouble: { addressInUse: boolean };
  /** Outlives workers: the state directory. */
  readonly files: Map<RigId, RigFile>;
  readonly containers: () => readonly FakeContainer[];
};

export const openStoryHost = (registration: Registration): StoryHost => {
  const docker = createFakeDocker();
  for (const tag of tags) {
    if (tag === 'broken') docker.publish(`${repository}:${tag}`, { exits: 1, log: ['no licence, bye'] });
    else if (tag !== 'none') docker.publish(`${repository}:${tag}`, { listens: [] });
  }
  docker.addForeign(`foreign-on-${registration.name}`);
  return {
    registration,
    docker,
    byHand: docker.engine(installation),
    boots: new Map(),
    trouble: { addressInUse: false },
    files: new Map(),
    containers: docker.containers,
  };
};

export const wcsPorts: readonly number[] = [8443, 8444];

export type WorkerParts = {
  readonly registry: Registry;
  readonly queue: StoryQueue;
  readonly turns: Turns;
  readonly now: () => Instant;
  readonly secrets: FleetSecrets;
  readonly log: Log;
  /** A worker is about to remove this container. */
  readonly onRemove: (container: FakeContainer) => void;
};

export type StoryWorker = {
  readonly process: Process;
  readonly host: StoryHost;
  readonly run: JobRunner['run'];
  /** Aborted when it is told to end. */
  readonly ending: AbortController;
  readonly look: () => Promise<void>;
  readonly lookAtUse: () => Promise<void>;
  /** Takes the lock on its host's name; false if somebody else still has it. */
  readonly takePresence: () => Promise<boolean>;
  readonly keepPresence: () => Promise<boolean>;
  readonly giveBackPresence: () => Promise<void>;
};

export const createStoryWorker = (process: Process, host: StoryHost, parts: WorkerParts): StoryWorker => {
  const { registry, queue, turns, now, secrets, log } = parts;
  const { name } = host.registration;
  const redis = <P extends object>(port: P): P =>
    through(port, (method, work) => turns.call(process, 'redis', method, work));
  const engine = engineOf(process, host, parts);
  const clock = { now };
  const epochs = redis(registry.epochs);
  const ports: HostPorts = {
    engine,
    fence: redis(registry.fence),
    records: redis(registry.records),
    epochs: { current: epochs.current, look: epochs.current },
    reports: queue.reportsOf(process),
    rigFiles: {
      write: async (file, may) => {
        if (!may || may(host.files.get(file.rig))) host.files.set(file.rig, file);
      },
      read: async (rig) => host.files.get(rig),
      all: async () => [...host.files.values()],
      remove: async (rig) => void host.files.delete(rig),
    },
    images: createImageKeeper(
      { engine, now, log },
      { checkEvery: minute, registryTimeout: 60_000, repository, keep: 3 },
    ),
    secrets,
    clock,
    log,
    listeners: async () => [],
    onListensEverywhere: () => undefined,
    announce: () => undefined,
  };
  const settings = settingsOf(name, secrets);
  const runner = createJobRunner(ports, settings);
  const { run, isBusy } = runner;
  // No story restarts an engine.
  const care = createRigCare(ports, settings, endlessLife, isBusy);
  const presence = redis(registry.presence);
  return {
    process,
    host,
    run,
    ending: new AbortController(),
    look: createRigWatch(ports, runner, settings, care).look,
    lookAtUse: createUseWatch(
      { engine, uses: redis(registry.uses), clock, log },
      { networking, rate: 50_000 },
      isBusy,
      now,
    ).look,
    takePresence: async () => (await presence.take(host.registration, process.name)).kind === 'taken',
    keepPresence: () => presence.keep(name, process.name),
    giveBackPresence: () => presence.giveBack(name, process.name),
  };
};

const endlessLife: EngineLife = {
  isAnew: async () => false,
  settle: async () => undefined,
  isWaiting: () => false,
  drop: async () => undefined,
  keepOnly: async () => undefined,
  noteAway: () => undefined,
};

const networking = { kind: 'own-address', network: 'wcs-rigs' } as const;

const settingsOf = (host: string, secrets: FleetSecrets): HostSettings => ({
  host,
  networking,
  external: {},
  repository,
  licences: licencesOf(host),
  keyId: secrets.keyId,
  memoryBytes: 2 ** 30,
  cpus: undefined,
  conf,
  // One look that finds a port missing is the whole time-out: how long a boot takes is told by the story's clock.
  ready: { ports: wcsPorts, timeout: 40, interval: 60 },
  lookAgain: 0,
  stopGrace: 0,
  progressEvery: 0,
  tailLines: 20,
});

/** The engine as this worker's process sees it: one call at a time, boots that take a while, secrets in every log. */
const engineOf = (process: Process, host: StoryHost, parts: WorkerParts): Engine => {
  const { turns, now, secrets, queue } = parts;
  const { docker, byHand, boots, trouble } = host;
  const find = (id: string): FakeContainer | undefined => docker.containers().find((one) => one.id === id);
  const engine: Engine = {
    ...byHand,
    start: async (container) => {
      if (trouble.addressInUse && find(container)?.state === 'created') {
        trouble.addressInUse = false;
        return 'address-in-use';
      }
      const outcome = await byHand.start(container);
      const started = find(container);
      if (started?.state === 'running' && started.listens.length === 0 && !boots.has(container))
        boots.set(container, { since: now(), isStuck: false });
      return outcome;
    },
    remove: async (container, grace) => {
      const found = find(container);
      if (found) parts.onRemove(found);
      boots.delete(container);
      await byHand.remove(container, grace);
    },
    logTail: async (container, lines) => {
      const { job, licence = 'none' } = find(container)?.spec ?? {};
      const own = job ? [`password ${secrets.password(job.rig, job.generation)}, ${licence}`] : [];
      return [...(await byHand.logTail(container, lines)), ...own];
    },
  };
  return through(engine, (method, work, [first]) => {
    const label = `docker ${method}${typeof first === 'string' ? ` ${first.slice(0, 6)}` : ''}`;
    if (method !== 'listeningPorts') return turns.call(process, 'docker', label, work);
    const container = String(first);
    const isBooting = (): boolean => find(container)?.state === 'running' && boots.has(container);
    const isReady = (): boolean => {
      const boot = boots.get(container);
      if (!isBooting() || boot === undefined) return true;
      const rig = find(container)?.spec?.job.rig ?? '';
      // A stop that is under way has ended the wait, and does not wait for the boot.
      return process.isEnding || queue.isStopping(rig) || now() - boot.since >= bootTimeout;
    };
    return turns.call(process, 'docker', label, work, { isReady, sleeps: isBooting });
  });
};

/** What a job is called in the trace. */
export const jobLabel = jobId;
