// The bot: builds its parts, wires them, starts and stops them.

import { randomBytes, randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type { BotConfig } from './config.ts';
import { createDrainer } from './control/drainer.ts';
import { judgeAll } from './control/judge-addresses.ts';
import { keepIndices } from './control/keep-indices.ts';
import { lookEpoch } from './control/look-epoch.ts';
import { createReconciler } from './control/reconcile.ts';
import { recordReport } from './control/record-report.ts';
import { repeat } from './control/repeat.ts';
import { resumeJobs } from './control/resume-jobs.ts';
import { stampJobs } from './control/stamp-jobs.ts';
import { sweepIdle, sweepLeases } from './control/sweep-leases.ts';
import { noteEndless, tellNotices } from './control/tell-notices.ts';
import { createRedisWatch } from './control/watch-redis.ts';
import { createLog } from './log.ts';
import type { BotNote } from './ports/bots.ts';
import type { Log } from './ports/log.ts';
import { connectBotQueue } from './queue/bot-queue.ts';
import { connectRegistry, type Registry, refuseBadRedis } from './redis/registry.ts';
import { type Duration, hour, minute, second } from './rig/duration.ts';
import { passwordsOf } from './rig/redis-address.ts';
import type { Report } from './rig/report.ts';
import type { RigId } from './rig/rig.ts';
import { deriveSecrets } from './secrets.ts';
import { connectSlack } from './slack/app.ts';
import { createUndo, type Undo } from './undo.ts';
import { serveHealth } from './web/health.ts';

export type RunningBot = {
  readonly stop: () => Promise<void>;
  /** Resolves when it can go on no more. */
  readonly failed: Promise<Error>;
};

const idLetters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 6 letters and digits, 32^6: about a thousand million. */
const newId = (): string => Array.from({ length: 6 }, () => idLetters[randomInt(idLetters.length)]).join('');

export const createBotLog = ({ logLevel, secret, secretPrevious, redis, slack }: BotConfig): Log => {
  const { connection } = slack;
  const door = connection.kind === 'socket' ? connection.appToken : connection.signingSecret;
  return createLog('bot', logLevel, {
    secrets: [secret, secretPrevious, ...passwordsOf(redis), slack.botToken, door],
  });
};

/**
 * Throws with one sentence if it cannot start; what was started by then is stopped again. `skew` is added to the time by
 * which rigs live: only the try-out has one.
 */
export const startBot = async (
  config: BotConfig,
  log: Log = createBotLog(config),
  skew?: () => Duration,
  version = 'unknown',
): Promise<RunningBot> => {
  const undo = createUndo(log);
  try {
    return await start(config, log, undo, version, skew);
  } catch (error) {
    await undo.all();
    throw error;
  }
};

type Handlers = {
  readonly onReport: (report: Report) => Promise<void>;
  readonly onWake: (rig: RigId) => Promise<void>;
};

const start = async (
  config: BotConfig,
  log: Log,
  undo: Undo,
  version: string,
  skew: (() => Duration) | undefined,
): Promise<RunningBot> => {
  const { installation, redis: address } = config;
  const { auditKeep, redisTimeout: commandTimeout } = config;
  const secrets = deriveSecrets(config.secret, installation, config.secretPrevious);
  const registry = await connectRegistry({
    address,
    installation,
    log,
    auditKeep,
    commandTimeout,
    clock: { skew },
  });
  undo.push(registry.close);
  await refuseBadRedis(registry);
  const { rigs, hosts, breaker, cards, outbox, clock, audit, uses, homes, notices } = registry;

  // The queue hands out reports as soon as it is connected; what they are answered with is there a moment later.
  const parts = Promise.withResolvers<Handlers>();
  const queue = await connectBotQueue({
    address,
    installation,
    log,
    lock: config.jobLock,
    commandTimeout,
    onReport: async (report) => (await parts.promise).onReport(report),
    onWake: async (rig) => (await parts.promise).onWake(rig),
  });
  undo.push(queue.close);
  const { epochs } = registry;
  await lookEpoch({ epochs, log });
  const jobs = stampJobs(queue.jobs, () => epochs.known()?.id);

  const slack = connectSlack(config.slack, {
    log,
    rigs,
    hosts,
    breaker,
    licences: registry.licences,
    epochs,
    cards,
    jobs,
    clock,
    audit,
    uses,
    homes,
    addresses: registry.addresses,
    access: config.access,
    adminChannel: config.adminChannel,
    useFresh: config.leases.useFresh,
    secrets,
    newId,
    random: Math.random,
    policy: {
      lease: config.lease,
      rigsPerUser: config.rigsPerUser,
      rigsMax: config.rigsMax,
      tags: config.tags,
      deadline: config.launchDeadline,
      keyIds: secrets.keyIds,
    },
    words: { note: config.note, sshCommand: config.sshCommand },
    progressEvery: config.progressEvery,
  });
  const drainer = createDrainer({
    outbox,
    rigs,
    cards,
    teller: slack.teller,
    clock,
    audit,
    notices,
    log,
    lease: config.outboxLease,
  });
  const patience = { hold: config.crashHold, deadline: config.launchDeadline };
  parts.resolve({
    onReport: (report) => recordReport({ rigs, jobs, hosts, clock, log }, report, patience),
    // Not awaited: telling waits for Slack, and the sweep finds what a crash leaves behind.
    onWake: async (rig) => {
      drainer
        .wake(rig)
        .catch((error: unknown) => log.warn({ rig, err: error }, 'news wait for the next sweep'));
    },
  });
  await slack.start();

  const change = { rigs, jobs, clock, epochs, log };
  const sweep = { ...change, watch: registry.watch, uses };
  const judge = { addresses: registry.addresses, epochs, notices, clock, log };
  // A host that probes says what it saw once a minute at least.
  const judging = { silence: config.probeSilent, probes: 3, fresh: 5 * minute };
  const reconciling = {
    ...change,
    hosts,
    surveys: registry.surveys,
    addresses: registry.addresses,
    breaker: registry.breaker,
    notices,
  };
  const sweepOnce = async (): Promise<void> => {
    await lookEpoch({ epochs, log });
    await sweepLeases(sweep, config.leases);
  };
  const loops = [
    repeat('outbox', second, drainer.sweep, log),
    repeat('leases', config.sweepEvery, sweepOnce, log),
    repeat('unused', 10 * config.sweepEvery, () => sweepIdle(sweep, config.leases), log),
    repeat('reconcile', config.reconcile.every, createReconciler(reconciling, config.reconcile).pass, log),
    repeat('resume', 5 * second, () => resumeJobs(change, config.launchDeadline), log),
    repeat('redis', 10 * second, createRedisWatch({ check: registry.check, notices, log }), log),
    repeat('indices', 10 * minute, () => keepIndices(change), log),
    repeat('notices', 5 * second, () => tellNotices(notices, slack.tellNotice), log),
    repeat('addresses', second, () => judgeAll(judge, judging), log),
    repeat('bots', noted / 3, sayWeAreThere(registry, { version, keyIds: secrets.keyIds }, undo), log),
    repeat('endless', hour, () => noteEndless({ rigs, notices }), log),
  ];
  undo.push(() => Promise.all(loops.map(({ stop }) => stop())));
  // Taken back first: passes under way wait for Slack only as long as it is there to be waited for.
  undo.push(slack.stop);
  if (config.healthPort !== undefined) {
    const health = await serveHealth(config.healthPort, () => healthOf(registry, slack.isConnected));
    undo.push(health.stop);
  }
  log.info({ installation, slack: config.slack.connection.kind, keys: secrets.keyIds }, 'serving');
  return { stop: undo.all, failed: slack.failed };
};

/** How long a bot that was killed still counts as one, for whoever looks what runs. */
const noted: Duration = 30 * second;

const sayWeAreThere = (
  { bots, clock }: Registry,
  facts: Pick<BotNote, 'version' | 'keyIds'>,
  undo: Undo,
): (() => Promise<void>) => {
  const session = `${hostname()} pid ${process.pid} ${randomBytes(4).toString('hex')}`;
  undo.push(() => bots.leave(session));
  const note: BotNote = { v: 1, session, since: clock.now(), ...facts };
  return () => bots.note(note, noted);
};

/** Any answer of Redis will do, so it is a cheap one. */
const healthOf = async ({ clock, watch }: Registry, isConnected: () => boolean) => {
  try {
    clock.now();
    await watch.last();
  } catch (error) {
    return { kind: 'unwell', why: error instanceof Error ? error.message : 'a fault' } as const;
  }
  return isConnected()
    ? ({ kind: 'well' } as const)
    : ({ kind: 'unwell', why: 'not connected to Slack' } as const);
};
