// All that the try-out is made of: a private Redis, an engine, an image, a bot, a worker, an emulated Slack and its page.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { startBot } from '../bot.ts';
import { type BotConfig, readBotConfig, readEnvironment, readWorkerConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { readMachine } from '../machine.ts';
import type { Log } from '../ports/log.ts';
import { type Duration, day } from '../rig/duration.ts';
import { createUndo, type Undo } from '../undo.ts';
import { startWorker } from '../worker.ts';
import { createDemoClock, type DemoClock, type Skipped } from './demo-clock.ts';
import { type DemoEngine, takeEngine } from './demo-engine.ts';
import { type FoundEngine, findEngine } from './find-engine.ts';
import { freeSubnet } from './free-subnet.ts';
import { holdGround } from './ground.ts';
import { servePage } from './page/page.ts';
import { startPrivateRedis } from './private-redis.ts';
import { createSettled } from './settled.ts';
import { startSlackEmulator } from './slack/emulator.ts';
import type { SlackEmulator } from './slack/surface.ts';

export type TryOut = {
  readonly slack: SlackEmulator;
  /** The time by which its rigs live. */
  readonly clock: DemoClock;
  /** Moves that time on, step by step; resolves when it has arrived. */
  readonly skip: (length: Duration) => Promise<Skipped>;
  readonly installation: string;
  /** Where the logs of bot and worker are. */
  readonly logFile: string;
  /** Removes all of it; a sentence for each thing that could not be removed. */
  readonly stop: () => Promise<readonly string[]>;
};

export type TryOutOptions = {
  readonly ownEngine: boolean;
  /** Of the page; 0 is a free one. */
  readonly port: number;
  readonly say: (line: string) => void;
};

const manifest = new URL('../../manifest.yml', import.meta.url);
const range = { first: 10, last: 19 };

/** Throws with one sentence, or when `signal` says so; what was made by then is removed again. */
export const startTryOut = async (options: TryOutOptions, signal: AbortSignal): Promise<TryOut> => {
  const installation = `demo-${randomBytes(3).toString('hex')}`;
  const found = await lookForEngine(options);
  const ground = await holdGround({ installation, dockerHost: found?.dockerHost });
  const logFile = join(ground.directory, 'log');
  const log = createLog('demo', 'info', { destination: logFile });
  const faults: string[] = [];
  const undo = createUndo(log, (error) =>
    faults.push(error instanceof Error ? error.message : String(error)),
  );
  undo.push(ground.stop);
  try {
    const parts = await start(options, { ...ground, installation, found, log, undo }, signal);
    const stop = () => undo.all().then(() => faults);
    return { ...parts, installation, logFile, stop };
  } catch (error) {
    await undo.all();
    for (const fault of faults) options.say(`▲ could not be removed: ${fault}`);
    throw error;
  }
};

const lookForEngine = async ({ ownEngine, say }: TryOutOptions): Promise<FoundEngine | undefined> => {
  if (ownEngine) return undefined;
  const { DOCKER_HOST } = readEnvironment();
  const found = await findEngine(DOCKER_HOST);
  if (!found && DOCKER_HOST !== undefined) say(`▲ no engine answers at DOCKER_HOST, which is ${DOCKER_HOST}`);
  return found;
};

type Surroundings = {
  readonly directory: string;
  readonly installation: string;
  readonly found: FoundEngine | undefined;
  readonly log: Log;
  readonly undo: Undo;
};

const start = async (
  { say, port }: TryOutOptions,
  { directory, installation, found, log, undo }: Surroundings,
  signal: AbortSignal,
): Promise<Pick<TryOut, 'slack' | 'clock' | 'skip'>> => {
  signal.throwIfAborted();
  const redis = await startPrivateRedis();
  undo.push(redis.stop);
  say(`✔ redis-server ${redis.version}, private, port ${redis.port}`);
  signal.throwIfAborted();

  const engine = await takeEngine({ found, installation, say, log }, signal);
  undo.push(engine.stop);
  signal.throwIfAborted();

  const subnet = freeSubnet([...(await engine.subnets()), ...ownAddresses()]);
  const addresses = `${subnet.prefix}.${range.first}-${subnet.prefix}.${range.last}`;
  const clock = createDemoClock();
  const slack = await startSlackEmulator({ manifest: await readFile(manifest, 'utf8'), clock: clock.now });
  undo.push(slack.stop);

  const secret = randomBytes(32).toString('hex');
  const common = { REDIS_URL: redis.url, WCS_SECRET: secret, WCS_INSTALLATION: installation };
  const worker = readWorkerConfig(
    { ...common, ...workerEnvironment(engine, subnet.text, addresses, directory) },
    await readMachine(),
  );
  if (worker.kind === 'faults') throw new Error(worker.faults.join('\n'));
  const runningWorker = await startWorker(worker.config, 'demo', log, clock.skew);
  undo.push(runningWorker.stop);
  // Before the worker goes, so that what it still does is done; it removes what bears this installation's labels.
  undo.push(engine.removeRigs);
  signal.throwIfAborted();
  say(`✔ bridge ${installation}-rigs ${subnet.text}, addresses .${range.first} to .${range.last}`);

  const bot = readBotConfig({
    ...common,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  });
  if (bot.kind === 'faults') throw new Error(bot.faults.join('\n'));
  const runningBot = await startBot(forSkips(bot.config), log, clock.skew, 'demo');
  undo.push(runningBot.stop);
  signal.throwIfAborted();
  say(`✔ bot ✔ worker "${worker.config.host}" ✔ Slack (emulated)`);

  const settled = createSettled(slack);
  const skip = (length: Duration): Promise<Skipped> => clock.skip(length, settled);
  const page = await servePage({ slack, clock, skip }, port);
  undo.push(page.stop);
  say(`✔ page ${page.url}`);
  return { slack, clock, skip };
};

/** A step of a skip is no outage, no launch that nobody came to, and what was seen of a rig a second ago still counts. */
const forSkips = (config: BotConfig): BotConfig => ({
  ...config,
  // Often enough for one between any two steps, see the clock's pause.
  sweepEvery: 50,
  launchDeadline: 30 * day,
  leases: {
    ...config.leases,
    unwatched: Number.POSITIVE_INFINITY,
    useFresh: Number.POSITIVE_INFINITY,
  },
});

/** Only what the shell says of the network around us is passed on; the rest is the demo's own. */
const workerEnvironment = (engine: DemoEngine, subnet: string, addresses: string, directory: string) => {
  const { WCS_HOST, WCS_LICENSE } = readEnvironment();
  return {
    DOCKER_HOST: engine.dockerHost,
    WCS_IMAGE: engine.image,
    WCS_NETWORK: 'bridge',
    WCS_SUBNET: subnet,
    WCS_RANGE: addresses,
    WCS_SLOTS: String(range.last - range.first + 1),
    // So that a click on Publish shows soon.
    WCS_USE_EVERY: '1s',
    WCS_RIG_MEMORY: engine.isStandIn ? '256m' : '2g',
    WCS_STATE_DIR: join(directory, 'state'),
    ...(WCS_HOST === undefined ? {} : { WCS_HOST }),
    ...(WCS_LICENSE === undefined ? {} : { WCS_LICENSE }),
  };
};

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((infos) =>
    (infos ?? []).flatMap(({ family, cidr }) => (family === 'IPv4' && cidr !== null ? [cidr] : [])),
  );
