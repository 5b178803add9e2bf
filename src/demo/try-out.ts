// All that the try-out is made of: a private Redis, an engine, an image, a bot, a worker and an emulated Slack.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBot } from '../bot.ts';
import { readBotConfig, readEnvironment, readWorkerConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { readMachine } from '../machine.ts';
import type { Log } from '../ports.ts';
import { createUndo, type Undo } from '../undo.ts';
import { startWorker } from '../worker.ts';
import { type DemoEngine, takeEngine } from './demo-engine.ts';
import { freeSubnet } from './free-subnet.ts';
import { startPrivateRedis } from './private-redis.ts';
import { startSlackEmulator } from './slack/emulator.ts';
import type { SlackEmulator } from './slack/surface.ts';

export type TryOut = {
  readonly slack: SlackEmulator;
  readonly installation: string;
  /** Where the logs of bot and worker are. */
  readonly logFile: string;
  readonly stop: () => Promise<void>;
};

export type TryOutOptions = {
  readonly ownEngine: boolean;
  readonly say: (line: string) => void;
};

const manifest = new URL('../../manifest.yml', import.meta.url);
const range = { first: 10, last: 19 };

/** Throws with one sentence; what was made by then is removed again. */
export const startTryOut = async (options: TryOutOptions, signal: AbortSignal): Promise<TryOut> => {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-demo-'));
  const logFile = join(directory, 'log');
  const log = createLog('demo', 'info', { destination: logFile });
  const undo = createUndo(log);
  undo.push(() => rm(directory, { recursive: true, force: true }));
  try {
    return await start(options, { directory, logFile, log, undo }, signal);
  } catch (error) {
    await undo.all();
    throw error;
  }
};

type Ground = {
  readonly directory: string;
  readonly logFile: string;
  readonly log: Log;
  readonly undo: Undo;
};

const start = async (
  { ownEngine, say }: TryOutOptions,
  { directory, logFile, log, undo }: Ground,
  signal: AbortSignal,
): Promise<TryOut> => {
  const installation = `demo-${randomBytes(3).toString('hex')}`;
  const redis = await startPrivateRedis();
  undo.push(redis.stop);
  say(`✔ redis-server ${redis.version}, private, port ${redis.port}`);
  signal.throwIfAborted();

  const engine = await takeEngine({ own: ownEngine, installation, say, log });
  undo.push(engine.stop);
  signal.throwIfAborted();

  const subnet = freeSubnet([...(await engine.subnets()), ...ownAddresses()]);
  const addresses = `${subnet.prefix}.${range.first}-${subnet.prefix}.${range.last}`;
  const slack = await startSlackEmulator({ manifest: await readFile(manifest, 'utf8') });
  undo.push(slack.stop);

  const secret = randomBytes(32).toString('hex');
  const common = { REDIS_URL: redis.url, WCS_SECRET: secret, WCS_INSTALLATION: installation };
  const worker = readWorkerConfig(
    { ...common, ...workerEnvironment(engine, subnet.text, addresses, directory) },
    await readMachine(),
  );
  if (worker.kind === 'faults') throw new Error(worker.faults.join('\n'));
  const runningWorker = await startWorker(worker.config, 'demo', log);
  undo.push(runningWorker.stop);
  // Before the worker goes, so that what it still does is done; it removes what bears this installation's labels.
  undo.push(engine.removeRigs);
  say(`✔ bridge ${installation}-rigs ${subnet.text}, addresses .${range.first} to .${range.last}`);

  const bot = readBotConfig({
    ...common,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  });
  if (bot.kind === 'faults') throw new Error(bot.faults.join('\n'));
  const runningBot = await startBot(bot.config, log);
  undo.push(runningBot.stop);
  say(`✔ bot ✔ worker "${worker.config.host}" ✔ Slack (emulated)`);
  return { slack, installation, logFile, stop: undo.all };
};

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
