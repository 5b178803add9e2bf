// A host without anything real: the worker's use cases on the engine and the registry in memory.

import { openEngineLife, type SeenLife } from '../../src/host/engine-life.ts';
import { createImageKeeper } from '../../src/host/keep-images.ts';
import type { HostPorts, HostSettings } from '../../src/host/parts.ts';
import { createRigCare } from '../../src/host/rig-care.ts';
import { createJobRunner } from '../../src/host/run-job.ts';
import { createRigWatch } from '../../src/host/watch-rigs.ts';
import { licenceIdOf } from '../../src/licence-id.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import type { Fence } from '../../src/ports/registry.ts';
import type { RigFile, RigFiles } from '../../src/ports/rig-files.ts';
import { type Job, type LaunchJob, type LogJob, launchJob, logJob, stopJob } from '../../src/rig/job.ts';
import type { Report, Sighting } from '../../src/rig/report.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { emptyConf } from '../../src/rig/wcs-conf.ts';
import { deriveSecrets } from '../../src/secrets.ts';
import { fleetSecret, rememberingLog } from './a-worker.ts';
import { createFakeDocker } from './fake-engine.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { aClaim, aRegistration } from './registries.ts';

export const licence = 'LICENCE-1234567890';
export const licenceId = licenceIdOf(licence, 'wcs');

const createRigFilesInMemory = () => {
  const files = new Map<string, RigFile>();
  const port: RigFiles = {
    write: async (file, may) => {
      if (!may || may(files.get(file.rig))) files.set(file.rig, file);
    },
    read: async (rig) => files.get(rig),
    all: async () => [...files.values()],
    remove: async (rig) => void files.delete(rig),
  };
  return { files, port };
};

/** Reports that can be held up, refused, or looked at as they come. */
const createReports = () => {
  const all: Report[] = [];
  const hooks = new Map<Sighting['kind'], () => Promise<void> | void>();
  return {
    all,
    kinds: () => all.map(({ saw }) => saw.kind),
    /** Runs before each report of this kind is taken. */
    before: (kind: Sighting['kind'], hook: () => Promise<void> | void) => void hooks.set(kind, hook),
    port: {
      send: async (report: Report) => {
        await hooks.get(report.saw.kind)?.();
        all.push(report);
      },
    },
  };
};

export const queueDown = (): never => {
  throw new QueueDown('Redis does not answer: Connection is closed.');
};

/** What a worker remembers of its engine, over its own restarts. */
export const openLifeInMemory = (before?: SeenLife) => {
  const note: { seen: SeenLife | undefined } = { seen: before };
  return {
    note,
    file: {
      read: async () => note.seen,
      write: async (seen: SeenLife) => {
        note.seen = seen;
      },
    },
  };
};

export type HostChange = {
  readonly settings?: Partial<HostSettings>;
  readonly ports?: Partial<HostPorts>;
};

export const openHost = async ({ settings, ports }: HostChange = {}) => {
  const clock = { now: 5_000 };
  const registry = createMemoryRegistry({ now: () => clock.now });
  await registry.presence.take(aRegistration(), 'session');
  const docker = createFakeDocker();
  const engine = docker.engine('wcs');
  const log = rememberingLog();
  const { files, port: rigFiles } = createRigFilesInMemory();
  const reports = createReports();
  const fenceHooks: (() => Promise<void> | void)[] = [];
  const fence: Fence = {
    claim: async (rig) => {
      await fenceHooks.shift()?.();
      return registry.fence.claim(rig);
    },
  };
  const images = createImageKeeper(
    { engine, now: () => clock.now, log },
    { checkEvery: 600_000, registryTimeout: 1_000, repository: 'example/wcs', keep: 3 },
  );
  const secrets = deriveSecrets(fleetSecret, 'wcs');
  const announced: { readonly container: string; readonly address: string }[] = [];
  const parts: HostPorts = {
    engine,
    fence,
    records: registry.records,
    epochs: { current: registry.epochs.current, look: registry.epochs.current },
    reports: reports.port,
    rigFiles,
    images,
    secrets,
    clock: registry.clock,
    log,
    listeners: async () => [],
    onListensEverywhere: () => undefined,
    announce: (container, address) => void announced.push({ container, address }),
    ...ports,
  };
  const facts: HostSettings = {
    host: 'h1',
    networking: { kind: 'own-address', network: 'wcs-rigs' },
    external: {},
    repository: 'example/wcs',
    licences: { ofAll: { id: licenceId, text: licence }, toClaim: [] },
    keyId: secrets.keyId,
    memoryBytes: 2 ** 30,
    cpus: undefined,
    conf: emptyConf,
    ready: { ports: [8443, 8444], timeout: 150, interval: 5 },
    lookAgain: 5,
    stopGrace: 10,
    progressEvery: 0,
    tailLines: 20,
    ...settings,
  };
  docker.publish('example/wcs:latest');
  const claim = async (id = 'k3f9ab'): Promise<Rig> => {
    const outcome = await registry.rigs.claim(aClaim(id));
    if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
    return outcome.rig;
  };
  /** A stop is decided, or the rig ended: the claim is closed, or gone. */
  const change = async ({ id }: Rig, to: 'stopping' | 'ended'): Promise<void> => {
    const stored = await registry.rigs.get(id);
    if (!stored) throw new Error(`there is no rig ${id}`);
    const reason = { kind: 'asked', by: stored.rig.owner } as const;
    const state = { kind: to === 'stopping' ? 'stopping' : 'stopped', since: clock.now, reason } as const;
    const rig = { ...stored.rig, state };
    await registry.rigs.save({ rig, version: stored.version, told: [], release: to === 'ended' });
  };
  /** A new generation on the same address, as a restart is decided. */
  const restart = async ({ id }: Rig): Promise<Rig> => {
    const stored = await registry.rigs.get(id);
    if (!stored) throw new Error(`there is no rig ${id}`);
    const state = { kind: 'placed', since: clock.now } as const;
    const rig = { ...stored.rig, state, generation: stored.rig.generation + 1 };
    await registry.rigs.save({ rig, version: stored.version, told: [], release: false });
    return rig;
  };
  const ending = new AbortController();
  const jobs = createJobRunner(parts, facts);
  const { run } = jobs;
  const { file: lifeFile, note: lifeNote } = openLifeInMemory();
  /** A worker's own looks; another one of the same host remembers what the first one noted. */
  const openWorker = async (boot = 'boot 1') => {
    const life = await openEngineLife({ engine, file: lifeFile, log }, boot);
    const care = createRigCare(parts, facts, life, jobs.isBusy);
    return { care, look: createRigWatch(parts, jobs, facts, care).look };
  };
  const { care, look } = await openWorker();
  return {
    clock,
    registry,
    docker,
    announced,
    log,
    files,
    reports,
    secrets,
    parts,
    isBusy: jobs.isBusy,
    run: (job: Job) => run(job, ending.signal),
    claim,
    change,
    restart,
    /** Runs before the next looks at the fence, one each. */
    atFence: (...hooks: (() => Promise<void> | void)[]) => void fenceHooks.push(...hooks),
    /** The process ends. */
    end: () => ending.abort(new Error('this process ends')),
    launch: (rig: Rig, facts: Partial<LaunchJob> = {}) =>
      run({ ...launchJob(rig, rig.created + 60_000), ...facts }, ending.signal),
    stop: (rig: Rig) => run(stopJob(rig), ending.signal),
    askLog: (rig: Rig, facts: Partial<LogJob> = {}) => {
      const asked = { request: 'r1', lines: 100, to: rig.owner, deadline: clock.now + 60_000 };
      return run({ ...logJob(rig, asked), ...facts }, ending.signal);
    },
    /** One look of the watch. */
    look,
    care,
    lifeNote,
    openWorker,
  };
};
