// A whole fleet for the lab: an emulated Slack, a Redis, hosts with an engine each on a LAN of namespaces, and the real
// bot and workers as processes of their own, which can be killed and started again.

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message, SlackEmulator } from '../../src/demo/slack/surface.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import type { RigContainer } from '../../src/ports/engine.ts';
import { fleetSecret } from './a-worker.ts';
import { freePort } from './free-port.ts';
import { createLan, type Lan } from './lan.ts';
import { type Environment, type Process, startProcess } from './process.ts';
import { silent } from './registry-address.ts';

export type FleetHost = {
  readonly name: string;
  readonly engine: PrivateEngine;
  readonly range: string;
  readonly slots: number;
  /** Its worker's; the rig files lie below it. */
  readonly stateDir: string;
};

export type Fleet = {
  readonly installation: string;
  readonly slack: SlackEmulator;
  readonly redis: PrivateRedis;
  readonly lan: Lan;
  /** Their names. */
  readonly hosts: readonly string[];
  readonly host: (name: string) => FleetHost;
  readonly startBot: (change?: Environment) => Promise<Process>;
  readonly startWorker: (host: string, change?: Environment) => Promise<Process>;
  /** Without waiting until it serves. */
  readonly spawnWorker: (host: string, change?: Environment) => Process;
  /** With the environment of this host's worker, and where it is. */
  readonly spawnDoctor: (host: string, words: readonly string[], change?: Environment) => Process;
  readonly containers: (host: string) => Promise<readonly RigContainer[]>;
  /** Types `/wcs …` as @anna in #rigs; throws unless it was acknowledged. */
  readonly type: (text: string, user?: string) => Promise<void>;
  /** The newest card in #rigs that names this rig. */
  readonly card: (name: string) => Message | undefined;
  /** Waits until that card says this. */
  readonly cardSays: (name: string, what: RegExp, milliseconds?: number) => Promise<Message>;
  readonly replies: (name: string) => readonly string[];
  /** Kills bots and workers. */
  readonly endAll: () => Promise<void>;
  /** Ends the processes; what they left on the engines is removed. */
  readonly clear: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export type FleetOptions = {
  readonly hosts: readonly string[];
  /** Of each host; the ranges are disjoint. 8 */
  readonly addressesEach?: number | readonly number[];
  /** Where the engine of a host has its data: a directory that is not there yet. */
  readonly engineDirectory?: string;
  /** Engines that write firewall rules, as they usually do; without, as in all other labs, they come up faster. */
  readonly firewall?: boolean;
  readonly environment?: Environment;
};

const root = new URL('../../', import.meta.url);

/** Node with the flags that the Dockerfile gives it, so that the lab and the benchmark run what is deployed. */
export const deployedProgram = async (): Promise<readonly string[]> => {
  const [, entrypoint = ''] =
    /^ENTRYPOINT (.*)$/m.exec(await readFile(new URL('Dockerfile', root), 'utf8')) ?? [];
  const [node, ...words] = z.array(z.string()).parse(JSON.parse(entrypoint));
  if (node !== 'node' || words.at(-1) !== 'src/main.ts')
    throw new Error(`an unknown entry point: ${entrypoint}`);
  return [process.execPath, ...words.slice(0, -1), fileURLToPath(new URL('src/main.ts', root))];
};
export const fleetImage = 'localhost/stand-in';

export const startFleet = async ({
  hosts,
  addressesEach = 8,
  engineDirectory,
  firewall = false,
  environment = {},
}: FleetOptions): Promise<Fleet> => {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    const faults: unknown[] = [];
    for (const step of undo.splice(0).reverse()) await step().catch((fault: unknown) => faults.push(fault));
    if (faults.length > 0)
      throw new AggregateError(faults, `the lab could not be cleared: ${faults.join('; ')}`);
  };
  try {
    const each = hosts.map((_, index) =>
      typeof addressesEach === 'number' ? addressesEach : (addressesEach[index] ?? 8),
    );
    return await build({ hosts, addressesEach: each, engineDirectory, firewall, environment, undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
};

type Plan = {
  readonly hosts: readonly string[];
  readonly addressesEach: readonly number[];
  readonly engineDirectory: string | undefined;
  readonly firewall: boolean;
  readonly environment: Environment;
  readonly undo: (() => Promise<unknown>)[];
  readonly stop: () => Promise<void>;
};

const build = async (plan: Plan): Promise<Fleet> => {
  const { hosts: names, addressesEach, engineDirectory, firewall, environment, undo, stop } = plan;
  const installation = `lab-${randomBytes(3).toString('hex')}`;
  const stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-lab-'));
  undo.push(() => rm(stateDir, { recursive: true, force: true }));
  const redis = await startPrivateRedis({ aof: true, unixSocket: true });
  undo.push(redis.stop);
  const lan = await createLan({ hosts: names, colleague: true });
  undo.push(lan.stop);
  const hosts = new Map<string, FleetHost>();
  let first = 100;
  for (const [index, name] of names.entries()) {
    const { namespace } = lan.host(name);
    const engine = await startPrivateEngine({ namespace, directory: engineDirectory, firewall });
    undo.push(engine.stop);
    await buildStandIn({ dockerHost: engine.dockerHost, reference: `${fleetImage}:latest` });
    const slots = addressesEach[index] ?? 8;
    const range = `10.77.0.${first}-10.77.0.${first + slots - 1}`;
    hosts.set(name, { name, engine, range, slots, stateDir: join(stateDir, name) });
    first += slots;
  }
  const program = await deployedProgram();
  const manifest = await readFile(new URL('manifest.yml', root), 'utf8');
  const slack = await startSlackEmulator({ manifest });
  undo.push(slack.stop);

  const processes = new Set<Process>();
  const launch = (command: readonly string[], extra: Environment): Process => {
    const started = startProcess(command, { ...common, ...environment, ...extra });
    processes.add(started);
    void started.ended.then(() => processes.delete(started));
    return started;
  };
  const host = (name: string): FleetHost => {
    const found = hosts.get(name);
    if (!found) throw new Error(`there is no host ${name}`);
    return found;
  };
  const common = {
    // By its socket's path, which reaches into every namespace; loopback does not.
    REDIS_URL: redis.socketPath ?? redis.url,
    WCS_SECRET: fleetSecret,
    WCS_INSTALLATION: installation,
    // A fraction of the usual, so that the lab need not wait for what a killed process left behind.
    WCS_PRESENCE: '2s',
    WCS_JOB_LOCK: '2s',
    WCS_OUTBOX_LEASE: '3s',
    WCS_STOP_GRACE: '2s',
  };
  const onHost = (name: string, words: readonly string[], change: Environment = {}): Process => {
    const { engine, range, slots, stateDir: own } = host(name);
    return launch(['nsenter', `--net=/run/netns/${lan.host(name).namespace}`, ...program, ...words], {
      WCS_HOST: name,
      DOCKER_HOST: engine.dockerHost,
      WCS_IMAGE: `${fleetImage}:latest`,
      WCS_NETWORK: 'macvlan',
      WCS_PARENT: 'eth0',
      WCS_GATEWAY: '10.77.0.1',
      WCS_RANGE: range,
      WCS_SLOTS: String(slots),
      WCS_RIG_MEMORY: '128m',
      WCS_STATE_DIR: own,
      ...change,
    });
  };
  const spawnWorker = (name: string, change: Environment = {}): Process => onHost(name, ['worker'], change);
  const containers = async (name: string): Promise<readonly RigContainer[]> => {
    const { dockerHost } = host(name).engine;
    const engine = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log: silent });
    try {
      return await engine.rigs();
    } finally {
      engine.close();
    }
  };
  const card = (name: string): Message | undefined =>
    slack.messages('#rigs').findLast(({ text }) => text.split(' ').includes(name));
  const endAll = async (): Promise<void> => {
    await Promise.all([...processes].map((one) => one.end('SIGKILL')));
  };
  const clear = async (): Promise<void> => {
    await endAll();
    for (const { engine } of hosts.values()) {
      const docker = connectEngine({
        dockerHost: engine.dockerHost,
        installation,
        registryAuthFile: undefined,
        log: silent,
      });
      for (const { container } of await docker.rigs()) await docker.remove(container, 0);
      docker.close();
    }
  };
  undo.push(clear);
  return {
    installation,
    slack,
    redis,
    lan,
    hosts: names,
    host,
    startBot: async (change = {}) => {
      const bot = launch([...program, 'bot'], {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
        WCS_HEALTH_PORT: String(await freePort()),
        ...change,
      });
      await bot.says('"msg":"serving"');
      return bot;
    },
    startWorker: async (name, change) => {
      const worker = spawnWorker(name, change);
      await worker.says('"msg":"serving"');
      return worker;
    },
    spawnWorker,
    spawnDoctor: (name, words, change = {}) => onHost(name, ['doctor', ...words], change),
    containers,
    type: async (text, user = 'anna') => {
      const interaction = await slack.command({ user, channel: '#rigs', text });
      if (interaction.kind !== 'acknowledged') throw new Error(`/wcs ${text}: ${interaction.shown}`);
    },
    card,
    cardSays: async (name, what, milliseconds = 30_000) => {
      const found = await slack.until(
        () => {
          const seen = card(name);
          return seen && what.test(seen.text) ? seen : undefined;
        },
        milliseconds,
        `a card of ${name} that says ${what}`,
      );
      return found;
    },
    replies: (name) => {
      const seen = card(name);
      return seen ? slack.replies('#rigs', seen.ts).map(({ text }) => text) : [];
    },
    endAll,
    clear,
    stop,
  };
};
