// Each network mode against `docker run` in that mode, in turn: from the command to the moment at which the page answers at a
// colleague's machine, and from `/wcs down` (`docker stop` + `docker rm`) to the engine's word that it is gone. Then the usual
// recipe, which publishes 3,001 ports.

import { setTimeout as delay } from 'node:timers/promises';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { type Fleet, fleetImage, startFleet } from '../support/fleet.ts';
import { type LabMode, labHosts, labModes, startMode } from '../support/network-modes.ts';
import type { Process } from '../support/process.ts';
import { type EngineWatch, watchEngine } from './engine-watch.ts';
import { describeMachine } from './machine.ts';
import { dockerProgram, runDocker } from './main-job/sides.ts';
import type { Benchmark } from './main-job.ts';
import { runWords, type Way } from './networks/by-hand.ts';
import { answersAt } from './networks/colleague-sees.ts';
import { atMost, median, type Result, type Row, row } from './rows.ts';

const pairs = 8;
const memory = '128m';
/** So long the usual recipe gets to finish. */
const patience = 120_000;

export const benchNetworks: Benchmark = async (say, signal) => {
  const environment = { WCS_RIGS_PER_USER: '100', WCS_RIG_MEMORY: memory };
  const fleet = await startFleet({ hosts: labHosts, firewall: true, environment });
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([measure(fleet, say), stopped]);
  } finally {
    await fleet.stop();
  }
};

type Mode = { readonly name: string; readonly mode: LabMode; readonly way: Way; readonly byHand: string };

const modesOf = ({ installation }: Fleet): readonly Mode[] => {
  const network = `${installation}-rigs`;
  return [
    { name: 'macvlan', mode: labModes.macvlan, way: { kind: 'network', network }, byHand: '10.77.0.240' },
    { name: 'bridge', mode: labModes.bridge, way: { kind: 'network', network }, byHand: '172.31.7.100' },
    {
      name: 'publish, 100 media ports',
      mode: labModes.publish,
      way: { kind: 'published', network, inside: '10.231.0.200', media: [31_001, 31_100] },
      byHand: '10.77.0.204',
    },
    { name: 'host', mode: labModes.host, way: { kind: 'host' }, byHand: '10.77.0.214' },
  ];
};

const measure = async (fleet: Fleet, say: (line: string) => void): Promise<Result> => {
  const { dockerHost } = fleet.host(labModes.host.host).engine;
  await buildStandIn({
    dockerHost,
    reference: `${fleetImage}:${labModes.host.tag}`,
    env: { STAND_IN_BIND: 'own' },
  });
  const bot = await fleet.startBot();
  const rows: Row[] = [];
  for (const one of modesOf(fleet)) {
    await startMode(fleet, one.mode);
    rows.push(...(await measureMode(fleet, bot, one)));
    say(`${one.name}: done`);
  }
  rows.push(...(await usualRecipe(fleet, rows, say)));
  const cli = await runDocker(dockerHost, ['version', '--format', '{{.Client.Version}}']);
  const { version } = fleet.host(labModes.host.host).engine;
  const programs = [`Docker ${version}`, `${dockerProgram} ${cli}`, `Redis ${fleet.redis.version}`];
  return { name: 'networks', machine: await describeMachine(programs), rows };
};

type Figures = { readonly up: number[]; readonly told: number[]; readonly down: number[] };
const none = (): Figures => ({ up: [], told: [], down: [] });

const measureMode = async (
  fleet: Fleet,
  bot: Process,
  { name, mode, way, byHand }: Mode,
): Promise<readonly Row[]> => {
  const { dockerHost } = fleet.host(mode.host).engine;
  const watch = await watchEngine(dockerHost);
  const [rig, docker] = [none(), none()];
  try {
    // The first of each is not counted: the registry's look-up is in it.
    for (let round = -1; round < pairs; round += 1) {
      const [ofRig, ofDocker] = round < 0 ? [none(), none()] : [rig, docker];
      const byRig = () => measureRig(fleet, bot, watch, mode, `pair-${mode.host}-${round + 1}`, ofRig);
      const byDocker = () => measureDocker(fleet, watch, mode, way, byHand, ofDocker);
      for (const side of round % 2 === 0 ? [byRig, byDocker] : [byDocker, byRig]) {
        await delay(300);
        await side();
      }
    }
  } finally {
    watch.stop();
  }
  const compare = (key: 'up' | 'down'): number => median(rig[key]) / median(docker[key]);
  return [
    row(`${name}: /wcs up until its page answers a colleague, median of ${pairs}`, 'ms', median(rig.up)),
    row(`${name}: /wcs up until it is told as ready, median`, 'ms', median(rig.told)),
    row(`${name}: docker run until its page answers a colleague, median`, 'ms', median(docker.up)),
    row(`${name}: /wcs up to docker run`, 'ratio', compare('up'), atMost(1.3)),
    row(`${name}: /wcs down to gone, median`, 'ms', median(rig.down)),
    row(`${name}: docker stop + docker rm to gone, median`, 'ms', median(docker.down)),
    row(`${name}: /wcs down to docker stop + docker rm`, 'ratio', compare('down'), atMost(1.3)),
  ];
};

const measureRig = async (
  fleet: Fleet,
  bot: Process,
  watch: EngineWatch,
  { host, tag }: LabMode,
  name: string,
  figures: Figures,
): Promise<void> => {
  const tagged = tag === undefined ? '' : ` tag ${tag}`;
  const sent = Date.now();
  await fleet.type(`up ${name} on ${host} for 1h${tagged}`);
  const started = await watch.first('start', sent, ({ attributes }) => attributes['wcs-rigs.name'] === name);
  const [answered] = await Promise.all([
    answersAt(fleet.lan, started.attributes['wcs-rigs.address'] ?? ''),
    bot.says(`"saw":"ready","name":"${name}"`, 60_000).then(() => figures.told.push(Date.now() - sent)),
  ]);
  figures.up.push(answered - sent);
  const ended = Date.now();
  await fleet.type(`down ${name}`);
  const gone = await watch.first('destroy', ended, ({ container }) => container === started.container);
  figures.down.push(gone.at - ended);
  await bot.says(`"saw":"gone","name":"${name}"`, 60_000);
};

const measureDocker = async (
  fleet: Fleet,
  watch: EngineWatch,
  { host, tag = 'latest' }: LabMode,
  way: Way,
  address: string,
  figures: Figures,
): Promise<void> => {
  const { dockerHost } = fleet.host(host).engine;
  const name = 'by-hand';
  const words = runWords(way, { name, address, image: `${fleetImage}:${tag}`, memory });
  const sent = Date.now();
  await runDocker(dockerHost, words);
  figures.up.push((await answersAt(fleet.lan, address)) - sent);
  const ended = Date.now();
  await runDocker(dockerHost, ['stop', '--time', '2', name]);
  await runDocker(dockerHost, ['rm', '--volumes', name]);
  const gone = await watch.first('destroy', ended, ({ attributes }) => attributes.name === name);
  figures.down.push(gone.at - ended);
};

/** On an engine of its own, which is killed in the end: as long as it publishes, it does nothing else, and cannot be stopped. */
const usualRecipe = async (
  fleet: Fleet,
  before: readonly Row[],
  say: (line: string) => void,
): Promise<readonly Row[]> => {
  const { namespace } = fleet.lan.host(labModes.publish.host);
  const engine = await startPrivateEngine({ namespace, firewall: true });
  const image = `${fleetImage}:latest`;
  try {
    await buildStandIn({ dockerHost: engine.dockerHost, reference: image });
    await runDocker(engine.dockerHost, ['network', 'create', '--subnet', '10.232.0.0/24', 'usual']);
    const way: Way = { kind: 'recipe', network: 'usual' };
    const words = runWords(way, { name: 'usual', address: '10.77.0.204', image, memory });
    const begun = performance.now();
    const outcome = await Promise.race([
      runDocker(engine.dockerHost, words).then(
        () => 'started' as const,
        (error: unknown) => {
          say(error instanceof Error ? error.message.slice(-300) : String(error));
          return 'failed' as const;
        },
      ),
      delay(patience, 'unfinished' as const, { ref: false }),
    ]);
    const took = performance.now() - begun;
    const ours = before.find(({ what }) => /^publish.*\/wcs up until its page/.test(what))?.value ?? 0;
    const how = {
      started: 'started',
      failed: 'it failed',
      unfinished: 'it did not finish, and was given up',
    }[outcome];
    return [
      row(`docker run with 30000-33000 published: ${how}`, 'ms', took),
      row('publish with 100 media ports to that', 'ratio', ours / took),
    ];
  } finally {
    process.kill(engine.pid, 'SIGKILL');
    await engine.stop();
  }
};
