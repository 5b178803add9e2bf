// The worker: builds its parts beside one Docker engine, wires them, starts and stops them.

import { join } from 'node:path';
import type { WorkerConfig } from './config.ts';
import { repeat } from './control/repeat.ts';
import { connectEngine } from './docker/connect.ts';
import { createOverdueWatch } from './host/end-overdue.ts';
import { type EngineLife, openEngineLife } from './host/engine-life.ts';
import { openLifeFile, readBootId } from './host/engine-life-file.ts';
import { openEpochFile } from './host/epoch-file.ts';
import { keepEpoch, lookFirst } from './host/keep-epoch.ts';
import { createImageKeeper } from './host/keep-images.ts';
import { createRigMirror } from './host/mirror-rigs.ts';
import { onEngineEvents } from './host/on-engine-events.ts';
import { answerReach } from './host/reach.ts';
import { renewSignatures } from './host/renew-signatures.ts';
import { createRigCare } from './host/rig-care.ts';
import { openRigFiles } from './host/rig-files.ts';
import { createJobRunner } from './host/run-job.ts';
import { takeSurvey } from './host/survey.ts';
import { createRigWatch } from './host/watch-rigs.ts';
import { createUseWatch } from './host/watch-use.ts';
import { createLog } from './log.ts';
import { readListeners } from './machine/listeners.ts';
import type { Engine } from './ports/engine.ts';
import type { Log } from './ports/log.ts';
import { connectWorkerQueue } from './queue/worker-queue.ts';
import { connectRegistry, type Registry, refuseBadRedis } from './redis/registry.ts';
import { type Duration, second } from './rig/duration.ts';
import { passwordsOf } from './rig/redis-address.ts';
import { filesOf, secretsIn } from './rig/wcs-conf.ts';
import { deriveSecrets } from './secrets.ts';
import { createUndo, type Undo } from './undo.ts';
import { serveHealth } from './web/health.ts';
import { examineAtStart } from './worker/examine.ts';
import { announcementsOf, proberOf, startProbing } from './worker/lan.ts';
import { haveNetworking } from './worker/networking.ts';
import { lookAtRunning, sayOnce } from './worker/one-rig-at-a-time.ts';
import { licencesOf, settingsOf } from './worker/settings.ts';
import { lostSentence, registrationOf, takePresence } from './worker/take-presence.ts';

export type RunningWorker = {
  readonly stop: () => Promise<void>;
  /** Resolves when it can go on no more: another worker serves its host name. */
  readonly failed: Promise<Error>;
};

export const createWorkerLog = (config: WorkerConfig): Log => {
  const { logLevel, secret, secretPrevious, redis, licence, licences, conf } = config;
  const secrets = [secret, secretPrevious, ...passwordsOf(redis), licence, ...licences, ...secretsIn(conf)];
  return createLog('worker', logLevel, { secrets });
};

/** Throws with one sentence if it cannot serve; what was started by then is stopped again. `skew`: as the bot's. */
export const startWorker = async (
  config: WorkerConfig,
  version: string,
  log: Log = createWorkerLog(config),
  skew?: () => Duration,
): Promise<RunningWorker> => {
  const undo = createUndo(log);
  try {
    return await start(config, version, log, undo, skew);
  } catch (error) {
    await undo.all();
    throw error;
  }
};

const start = async (
  config: WorkerConfig,
  version: string,
  log: Log,
  undo: Undo,
  skew: (() => Duration) | undefined,
): Promise<RunningWorker> => {
  const { installation, host, redis: address } = config;
  const secrets = deriveSecrets(config.secret, installation, config.secretPrevious);
  const engine = connectEngine({
    dockerHost: config.dockerHost,
    installation,
    registryAuthFile: config.registryAuth,
    log,
  });
  undo.push(() => engine.close());
  const engineVersion = await engine.version();
  const tags = await engine.localTags(config.image.repository);
  // Before anything of ours is on the network.
  const found = await examineAtStart(config, log);
  const networking = await haveNetworking(engine, config);
  const clock = { skew };
  const registry = await connectRegistry({ address, installation, log, presence: config.presence, clock });
  undo.push(() => registry.close());
  await refuseBadRedis(registry);
  const stateDir = join(config.stateDir, installation);
  const rigFiles = await openRigFiles(stateDir, secrets, log);
  await renewSignatures(stateDir, secrets, log);
  const epoch = await keepEpoch(
    { epochs: registry.epochs, file: openEpochFile(stateDir, secrets, log), log },
    { name: host, lan: config.network.lan },
    (await engine.rigs()).length > 0,
  );

  const life = await openEngineLife({ engine, file: openLifeFile(stateDir, log), log }, await readBootId());

  const failed = Promise.withResolvers<Error>();
  const { prober, notes: lacking } = await proberOf(config, log);
  const presence = lookFirst(registry.presence, epoch);
  const licences = licencesOf(config);
  const seen = {
    engine: engineVersion,
    version,
    tags,
    keyId: secrets.keyId,
    licences: licences.toClaim.map(({ id }) => id),
    notes: [...lacking, ...found],
  };
  const registration = registrationOf(config, seen);
  const held = await takePresence(presence, config, registration, {
    log,
    onLost: (why) => failed.resolve(new Error(lostSentence(config, why))),
  });
  undo.push(held.giveBack);
  const tellEverywhere = sayOnce(held, registration, log);
  await lookAtRunning(engine, networking, config.ready.ports, tellEverywhere);
  const { announce, settled } = await announcementsOf(engine, config, log);
  undo.push(settled);

  const images = createImageKeeper(
    { engine, now: () => performance.now(), log },
    {
      checkEvery: config.registry.checkEvery,
      registryTimeout: config.registry.timeout,
      repository: config.image.repository,
      keep: config.keepImages,
    },
  );
  // The queue hands out jobs as soon as it is connected, and its reports are what they answer on.
  const reports = Promise.withResolvers<Awaited<ReturnType<typeof connectWorkerQueue>>['reports']>();
  const runner = reports.promise.then((ready) => {
    const { fence, records, clock, uses } = registry;
    const epochs = { current: registry.epochs.current, look: () => epoch.look().then(epoch.id) };
    const parts = {
      ...{ engine, fence, records, epochs, reports: ready, rigFiles, images, secrets, clock, log },
      announce,
      listeners: readListeners,
      onListensEverywhere: tellEverywhere,
    };
    const settings = settingsOf(config, networking, secrets, licences);
    const jobs = createJobRunner(parts, settings);
    const care = createRigCare(parts, settings, life, jobs.isBusy);
    return {
      run: jobs.run,
      care,
      look: createRigWatch(parts, jobs, settings, care).look,
      endOverdue: createOverdueWatch(
        { ...parts, watch: registry.watch, ender: care.ender },
        config.overdueAfter,
        care.isAtWork,
      ).look,
      lookAtUse: createUseWatch({ engine, uses, clock, log }, { ...config.use, networking }, care.isAtWork)
        .look,
    };
  });
  const queue = await connectWorkerQueue({
    address,
    installation,
    log,
    host,
    lock: config.jobLock,
    // A launch waits for its rig to boot and a stop for its grace; neither may hold up the others.
    concurrency: 2 * config.slots + 10,
    onJob: async (job, signal) => (await runner).run(job, signal),
    onReach: (job, signal) =>
      answerReach(
        { ...registry, log },
        { host, lan: config.network.lan, ports: config.ready.ports },
        job,
        signal,
      ),
  });
  reports.resolve(queue.reports);
  undo.push(queue.close);
  const { care } = await runner;
  undo.push(care.resumer.stop);
  const watch = repeat('watch', config.watchEvery, (await runner).look, log);
  undo.push(watch.stop);
  const mirror = createRigMirror({ records: registry.records, rigFiles, log }, host, epoch.isSettled);
  const mirrored = repeat('mirror', config.mirrorEvery, mirror.pass, log);
  undo.push(mirrored.stop);
  const surveying = { engine, rigFiles, surveys: registry.surveys, mirror, clock: registry.clock };
  const survey = repeat('survey', config.surveyEvery, () => takeSurvey(surveying, host, care.isAtWork), log);
  undo.push(survey.stop);
  const remembering = repeat('epoch', config.surveyEvery, epoch.save, log);
  undo.push(remembering.stop);
  undo.push(
    onEngineEvents({ engine: tellingEnd(engine, life), log }, config.surveyEvery / 30, () => {
      survey.wake();
      watch.wake();
    }),
  );
  const overdue = repeat(
    'overdue',
    Math.max(second / 2, config.overdueAfter / 60),
    (await runner).endOverdue,
    log,
  );
  undo.push(overdue.stop);
  const useWatch = repeat('use', config.use.every, (await runner).lookAtUse, log);
  undo.push(useWatch.stop);
  const probing = startProbing(registry, config, prober, log);
  if (probing) undo.push(probing.stop);
  if (config.healthPort !== undefined) {
    const health = await serveHealth(config.healthPort, () => healthOf(engine, registry));
    undo.push(health.stop);
  }
  log.info(
    {
      host,
      version,
      engine: engineVersion,
      mode: config.network.mode,
      slots: config.slots,
      keys: secrets.keyIds,
      conf: [...filesOf(config.conf)],
    },
    'serving',
  );
  return { stop: undo.all, failed: failed.promise };
};

/** A stream of events that ended says that the engine went away. */
const tellingEnd = ({ watchEvents }: Engine, { noteAway }: EngineLife): Pick<Engine, 'watchEvents'> => ({
  watchEvents: (signal, onEvent) => watchEvents(signal, onEvent).finally(noteAway),
});

/** Any answer of Redis will do, so it is a cheap one: there may be a thousand of us. */
const healthOf = async (engine: Engine, { clock, watch }: Registry) => {
  try {
    clock.now();
    await Promise.all([engine.version(), watch.last()]);
    return { kind: 'well' } as const;
  } catch (error) {
    return { kind: 'unwell', why: error instanceof Error ? error.message : 'a fault' } as const;
  }
};
