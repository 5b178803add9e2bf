// The main job against doing it by hand: `/wcs up` and `/wcs down` from the typed command to what the engine says, beside
// `docker run`, `docker stop` and `docker rm`; how soon commands are acknowledged; what bot and worker occupy.
//
// In the compared part: everything from the command to the engine's word. On the rig's side that is Slack's socket, Bolt,
// the claim, the queue, the worker, its fence before and after the start, the rig file and the engine; on the other side the
// docker program and the engine. Bot, worker, emulated Slack and Redis are processes of their own on the same machine.
// Not in it: waiting until a rig is ready (it begins after the start), probes, pulls, and the registry's look-up, which
// comes once in ten minutes and is done before. With many at once, however, the worker looks already whether the first ones
// listen while the last ones start, and containers boot, as they do on the other side.

import { isDeepStrictEqual } from 'node:util';
import { connectEngine } from '../../src/docker/connect.ts';
import { type Fleet, fleetImage, startFleet } from '../support/fleet.ts';
import { silent } from '../support/registry-address.ts';
import { inspect, watchEngine } from './engine-watch.ts';
import { describeMachine } from './machine.ts';
import { measureAcknowledgement } from './main-job/acknowledgement.ts';
import { memoryOf } from './main-job/memory.ts';
import { dockerProgram, dockerSide, type Ground, rigSide, runDocker } from './main-job/sides.ts';
import { measureBursts, measurePairs, type Sides } from './main-job/turns.ts';
import { atLeast, atMost, below, median, type Result, type Row, row } from './rows.ts';

const pairs = 20;
const rounds = 5;
const many = 20;
const livingRigs = 5;
const memory = '128m';

export type Benchmark = (say: (line: string) => void, signal: AbortSignal) => Promise<Result>;

export const benchMainJob: Benchmark = async (say, signal) => {
  const environment = { WCS_RIGS_PER_USER: '100', WCS_RIG_MEMORY: memory };
  const fleet = await startFleet({ hosts: ['h1'], addressesEach: 40, environment });
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([measure(fleet, say), stopped]);
  } finally {
    await fleet.stop();
  }
};

const measure = async (fleet: Fleet, say: (line: string) => void): Promise<Result> => {
  const bot = await fleet.startBot();
  const worker = await fleet.startWorker('h1');
  const { dockerHost, version } = fleet.host('h1').engine;
  const { installation, redis } = fleet;
  const engine = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log: silent });
  const watch = await watchEngine(dockerHost);
  try {
    const network = `${installation}-rigs`;
    const ground: Ground = {
      ...{ fleet, bot, engine, dockerHost, watch, network, memory },
      image: `${fleetImage}:latest`,
    };
    const addresses = Array.from({ length: many + 1 }, (_, index) => `10.77.0.${200 + index}`);
    const sides: Sides = { rig: rigSide(ground), docker: dockerSide(ground, addresses) };
    await warmUp(sides, dockerHost);
    const rows = [
      ...(await acknowledgement(ground, sides, say)),
      ...(await oneByOne(sides, dockerHost, say)),
      ...(await manyAtOnce(sides, dockerHost, say)),
      ...(await occupied(bot.pid, worker.pid)),
    ];
    // Under load two messages may arrive a little closer than they were sent: Slack asks for patience then, and gets it.
    for (const { rule, detail } of fleet.slack.violations) say(`Slack objected: ${rule}: ${detail}`);
    const cli = await runDocker(dockerHost, ['version', '--format', '{{.Client.Version}}']);
    const programs = [`Docker ${version}`, `${dockerProgram} ${cli}`, `Redis ${redis.version}`];
    return { name: 'main-job', machine: await describeMachine(programs), rows };
  } finally {
    watch.stop();
    engine.close();
  }
};

/** Each side once, unmeasured (the registry's look-up is in it), with a look whether the two containers are equal. */
const warmUp = async (sides: Sides, dockerHost: string): Promise<void> => {
  const made = [];
  for (const key of ['rig', 'docker'] as const) {
    const { container } = await sides[key].up(`warm-${key}`);
    await sides[key].booted(`warm-${key}`, container);
    made.push({ key, container, seen: await inspect(dockerHost, container) });
  }
  const [rig, docker] = made.map(({ seen }) => comparedFacts(seen));
  if (!isDeepStrictEqual(rig, docker)) {
    throw new Error(`the two sides differ: ${JSON.stringify(rig)} and ${JSON.stringify(docker)}`);
  }
  for (const { key, container } of made) await sides[key].down(`warm-${key}`, container);
};

const comparedFacts = ({
  Image,
  Config,
  HostConfig,
  NetworkSettings,
}: Awaited<ReturnType<typeof inspect>>) => {
  const { NetworkMode, Memory, MemorySwap, NanoCpus, PidsLimit, Ulimits, LogConfig, SecurityOpt } =
    HostConfig;
  const { RestartPolicy, AutoRemove, Privileged, CapAdd, Binds } = HostConfig;
  return {
    ...{ Image, NetworkMode, Memory, MemorySwap, NanoCpus, PidsLimit, Ulimits, LogConfig, SecurityOpt },
    ...{ RestartPolicy, AutoRemove, Privileged, CapAdd, Binds },
    variables: Config.Env.length,
    labels: Object.keys(Config.Labels).length,
    networks: Object.keys(NetworkSettings.Networks),
  };
};

const acknowledgement = async (
  { fleet }: Ground,
  { rig }: Sides,
  say: (line: string) => void,
): Promise<readonly Row[]> => {
  const names = Array.from({ length: livingRigs }, (_, index) => `living-${index}`);
  const begun = await Promise.all(names.map(async (name) => ({ name, ...(await rig.up(name)) })));
  await Promise.all(begun.map(({ name, container }) => rig.booted(name, container)));
  const rows = await measureAcknowledgement(fleet, livingRigs);
  await Promise.all(begun.map(({ name, container }) => rig.down(name, container)));
  say('acknowledgement: done');
  return rows;
};

const oneByOne = async (
  sides: Sides,
  dockerHost: string,
  say: (line: string) => void,
): Promise<readonly Row[]> => {
  const { up, down } = await measurePairs(sides, dockerHost, pairs, (round) =>
    say(`up and down: pair ${round + 1} of ${pairs}`),
  );
  const ratio = ({ rig, docker }: typeof up): number => median(rig.took) / median(docker.took);
  return [
    row(`/wcs up to started, median of ${pairs}`, 'ms', median(up.rig.took)),
    row('docker run to started, median', 'ms', median(up.docker.took)),
    row('docker run, the program itself, median', 'ms', median(up.docker.callTook)),
    row('/wcs up to docker run', 'ratio', ratio(up), atMost(1.3)),
    row(`/wcs down to gone, median of ${pairs}`, 'ms', median(down.rig.took)),
    row('docker stop + docker rm to gone, median', 'ms', median(down.docker.took)),
    row('docker stop + docker rm, the programs themselves, median', 'ms', median(down.docker.callTook)),
    row('/wcs down to docker stop + docker rm', 'ratio', ratio(down), atMost(1.3)),
  ];
};

const manyAtOnce = async (
  sides: Sides,
  dockerHost: string,
  say: (line: string) => void,
): Promise<readonly Row[]> => {
  const took = await measureBursts(sides, dockerHost, { rounds, many }, (round) =>
    say(`${many} at once: round ${round + 1} of ${rounds}`),
  );
  return [
    row(`${many} × /wcs up at once, until the last started, median of ${rounds}`, 'ms', median(took.rig)),
    row(`${many} × docker run at once, until the last started, median`, 'ms', median(took.docker)),
    row(
      `throughput of ${many} at once to docker run`,
      'ratio',
      median(took.docker) / median(took.rig),
      atLeast(0.8),
    ),
  ];
};

const occupied = async (bot: number, worker: number): Promise<readonly Row[]> => {
  const [ofBot, ofWorker] = await Promise.all([memoryOf(bot), memoryOf(worker)]);
  return [
    row('memory of the bot after all this (RSS)', 'MB', ofBot.rss, below(150)),
    row('memory of the bot, its share (PSS)', 'MB', ofBot.pss),
    row('memory of the worker after all this (RSS)', 'MB', ofWorker.rss, below(150)),
    row('memory of the worker, its share (PSS)', 'MB', ofWorker.pss),
  ];
};
