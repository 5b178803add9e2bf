// A real worker in this process, on a real engine and a real Redis, with the bot's side of the queue to ask it by.

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkerConfig } from '../../src/config.ts';
import { readFile } from '../../src/machine/read-file.ts';
import { readFolder } from '../../src/machine/read-folder.ts';
import type { Log } from '../../src/ports/log.ts';
import { type BotQueue, connectBotQueue } from '../../src/queue/bot-queue.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import { auditOfUp } from '../../src/rig/audit.ts';
import type { UnplacedRig } from '../../src/rig/claim.ts';
import { launchJob, logJob, stopJob } from '../../src/rig/job.ts';
import { parseRedisUrl } from '../../src/rig/redis-address.ts';
import type { Report } from '../../src/rig/report.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { type RunningWorker, startWorker } from '../../src/worker.ts';
import { aRig } from './a-rig.ts';

export const fleetSecret = 'a secret of at least thirty-two characters';

export const aMachine = {
  hostName: 'h1',
  memoryBytes: 8 * 2 ** 30,
  cores: 2,
  interfaces: [],
  defaultRoute: undefined,
  file: readFile,
  folder: readFolder,
};

/** Keeps what was logged, for tests that look at it. */
export const rememberingLog = (): Log & { readonly lines: readonly string[] } => {
  const lines: string[] = [];
  const keep = (facts: Readonly<Record<string, unknown>>, message: string): void => {
    const { err, ...rest } = facts;
    lines.push(`${message} ${JSON.stringify(rest)} ${err === undefined ? '' : String(err)}`);
  };
  return { lines, info: keep, warn: keep, error: keep };
};

export type Bench = {
  readonly installation: string;
  readonly registry: Registry;
  readonly log: ReturnType<typeof rememberingLog>;
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly startWorker: (change?: Readonly<Record<string, string>>) => Promise<RunningWorker>;
  /** Claims a rig on h1; throws if that was refused. */
  readonly claim: (facts?: Partial<UnplacedRig>) => Promise<Rig>;
  readonly launch: (rig: Rig, deadline?: number) => Promise<void>;
  readonly stop: (rig: Rig) => Promise<void>;
  /** The next generation, with another tag if one is given, as the bot decides and sends it. */
  readonly restart: (rig: Rig, tag?: string) => Promise<Rig>;
  readonly askLog: (rig: Rig, lines: number, deadline?: number) => Promise<void>;
  readonly reports: (rig: string) => readonly Report[];
  /** Waits for the first report of this kind about the rig, or about this generation of it. */
  readonly report: (rig: string, kind: Report['saw']['kind'], generation?: number) => Promise<Report>;
  readonly close: () => Promise<void>;
};

export type Grounds = { readonly redisUrl: string; readonly dockerHost: string; readonly image: string };

const patience = 30_000;

export const openBench = async ({ redisUrl, dockerHost, image }: Grounds): Promise<Bench> => {
  const installation = `test-${randomBytes(4).toString('hex')}`;
  const address = parseRedisUrl(redisUrl);
  if (!address) throw new Error(`${redisUrl} is no address of a Redis`);
  const stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-state-'));
  const log = rememberingLog();
  const registry = await connectRegistry({ address, installation, log });
  const seen: Report[] = [];
  const listeners = new Set<() => void>();
  const queue: BotQueue = await connectBotQueue({
    address,
    installation,
    log,
    onReport: async (report) => {
      seen.push(report);
      for (const listener of listeners) listener();
    },
    onWake: async () => undefined,
  });
  const environment = {
    REDIS_URL: redisUrl,
    DOCKER_HOST: dockerHost,
    WCS_SECRET: fleetSecret,
    WCS_INSTALLATION: installation,
    WCS_IMAGE: image,
    WCS_NETWORK: 'bridge',
    WCS_RANGE: '10.66.0.10-10.66.0.19',
    WCS_SLOTS: '8',
    WCS_RIG_MEMORY: '128m',
    WCS_STATE_DIR: stateDir,
    WCS_STOP_GRACE: '2s',
    WCS_LICENSE: 'LICENCE-1234567890',
  };
  const reports = (rig: string): readonly Report[] => seen.filter((report) => report.rig === rig);
  return {
    installation,
    registry,
    log,
    stateDir,
    environment,
    startWorker: async (change = {}) => {
      const reading = readWorkerConfig({ ...environment, ...change }, aMachine);
      if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
      return startWorker(reading.config, 'test', log);
    },
    claim: async (facts = {}) => {
      const now = registry.clock.now();
      const { address: _, ...rig } = aRig({
        id: randomBytes(3).toString('hex'),
        name: `rig-${randomBytes(3).toString('hex')}`,
        created: now,
        lease: { end: now + 3_600_000, cap: now + 7_200_000, rev: 1 },
        network: { lan: 'bridge:h1', mode: 'bridge', subnet: '10.66.0.0/24' },
        ...facts,
      });
      const outcome = await registry.rigs.claim({
        rig,
        limits: { perUser: 100, fleet: undefined },
        slots: 100,
        request: rig.id,
        told: [],
        audit: auditOfUp(rig),
      });
      if (outcome.kind !== 'claimed') throw new Error(`the claim was refused: ${outcome.kind}`);
      return outcome.rig;
    },
    launch: (rig, deadline = registry.clock.now() + 60_000) =>
      queue.jobs.send('h1', launchJob(rig, deadline)),
    stop: async (rig) => {
      // As the bot does it: the decision closes the claim, then the job is sent.
      const stored = await registry.rigs.get(rig.id);
      const reason = { kind: 'asked', by: rig.owner } as const;
      const state = { kind: 'stopping', since: registry.clock.now(), reason } as const;
      if (stored) {
        await registry.rigs.save({ ...stored, rig: { ...stored.rig, state }, told: [], release: false });
      }
      await queue.jobs.send('h1', stopJob(rig));
    },
    restart: async (rig, tag = rig.tag) => {
      const stored = await registry.rigs.get(rig.id);
      if (!stored) throw new Error(`rig ${rig.id} is gone`);
      const now = registry.clock.now();
      const state = { kind: 'placed', since: now } as const;
      const next = { ...stored.rig, state, tag, generation: stored.rig.generation + 1 };
      await registry.rigs.save({ rig: next, version: stored.version, told: [], release: false });
      await queue.jobs.send('h1', launchJob(next, now + 60_000));
      return next;
    },
    askLog: (rig, lines, deadline = registry.clock.now() + 60_000) => {
      const request = randomBytes(4).toString('hex');
      return queue.jobs.send('h1', logJob(rig, { request, lines, to: rig.owner, deadline }));
    },
    reports,
    report: (rig, kind, generation) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = reports(rig).find(
            (one) => one.saw.kind === kind && one.generation === (generation ?? one.generation),
          );
          if (!found) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          listeners.delete(look);
          const what = JSON.stringify(reports(rig).map(({ saw }) => saw));
          reject(
            new Error(
              `no report "${kind}" about ${rig} in ${patience} ms, only ${what}\n${log.lines.join('\n')}`,
            ),
          );
        }, patience);
        listeners.add(look);
        look();
      }),
    close: async () => {
      await queue.close();
      registry.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
};
