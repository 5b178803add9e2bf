// The two sides that are compared: `/wcs up` and `/wcs down` through Slack, bot, queue and worker; `docker run`, `docker stop`
// and `docker rm` by hand. Same engine, same image, same network, same options.

import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Engine } from '../../../src/ports/engine.ts';
import type { Fleet } from '../../support/fleet.ts';
import type { Process } from '../../support/process.ts';
import type { EngineWatch } from '../engine-watch.ts';

/** Milliseconds since 1970 by the machine's one clock, which is the engine's, too. */
export type Begun = {
  readonly container: string;
  /** The moment at which the command was sent, or the program spawned. */
  readonly sent: number;
  /** How long the caller waited for it, in milliseconds: the acknowledgement, or the docker program's own run. */
  readonly callTook: number;
};

export type Ended = Omit<Begun, 'container'> & { readonly gone: number };

export type Side = {
  /** Resolves when the container has started. */
  readonly up: (name: string) => Promise<Begun>;
  /** Resolves when what it started has finished booting, so that it does not disturb what is measured next. */
  readonly booted: (name: string, container: string) => Promise<void>;
  /** Resolves when the engine has told that the container is gone, and all that follows from it is done. */
  readonly down: (name: string, container: string) => Promise<Ended>;
};

export type Ground = {
  readonly fleet: Fleet;
  readonly bot: Process;
  readonly engine: Engine;
  readonly dockerHost: string;
  readonly watch: EngineWatch;
  /** The host's Docker network, where the rigs are. */
  readonly network: string;
  readonly image: string;
  readonly memory: string;
};

const bootPatience = 60_000;

const timed = async (
  work: () => Promise<unknown>,
): Promise<{ readonly sent: number; readonly took: number }> => {
  const sent = Date.now();
  const begun = performance.now();
  await work();
  return { sent, took: performance.now() - begun };
};

export const rigSide = ({ fleet, bot, watch }: Ground): Side => ({
  up: async (name) => {
    const { sent, took } = await timed(() => fleet.type(`up ${name} for 1h`));
    const seen = await watch.first('start', sent, ({ attributes }) => attributes['wcs-rigs.name'] === name);
    return { container: seen.container, sent, callTook: took };
  },
  booted: (name) => bot.says(`"saw":"ready","name":"${name}"`, bootPatience),
  down: async (name, container) => {
    const { sent, took } = await timed(() => fleet.type(`down ${name}`));
    const seen = await watch.first('destroy', sent, (one) => one.container === container);
    await bot.says(`"saw":"gone","name":"${name}"`, bootPatience);
    return { sent, callTook: took, gone: seen.at };
  },
});

const run = promisify(execFile);

// Debian's and Docker's own packages have it there; another one further up in PATH may be of another version.
export const dockerProgram = '/usr/bin/docker';

export const runDocker = async (dockerHost: string, words: readonly string[]): Promise<string> => {
  const env = { PATH: process.env.PATH ?? '', DOCKER_HOST: dockerHost, DOCKER_CONFIG: '/nonexistent' };
  return (await run(dockerProgram, [...words], { env })).stdout.trim();
};

/** `addresses`: of the network and outside of the worker's range; taken in turn. */
export const dockerSide = (ground: Ground, addresses: readonly string[]): Side => {
  const { dockerHost, watch, engine } = ground;
  const free = [...addresses];
  const held = new Map<string, string>();
  return {
    up: async (name) => {
      const address = free.shift();
      if (address === undefined) throw new Error('the benchmark has no address left');
      held.set(name, address);
      const words = runWords(ground, name, address);
      const { sent, took } = await timed(() => runDocker(dockerHost, words));
      const seen = await watch.first('start', sent, ({ attributes }) => attributes.name === name);
      return { container: seen.container, sent, callTook: took };
    },
    booted: async (_name, container) => {
      const begun = performance.now();
      for (;;) {
        const ports = await engine.listeningPorts(container);
        if (ports?.has(8444) && ports.has(8443)) return;
        if (performance.now() - begun > bootPatience) throw new Error(`${container} does not listen`);
        await delay(100);
      }
    },
    down: async (name, container) => {
      const { sent, took } = await timed(async () => {
        await runDocker(dockerHost, ['stop', '--time', '2', name]);
        await runDocker(dockerHost, ['rm', '--volumes', name]);
      });
      const seen = await watch.first('destroy', sent, (one) => one.container === container);
      free.push(held.get(name) ?? '');
      return { sent, callTook: took, gone: seen.at };
    },
  };
};

/** What a rig gets, word by word; main-job.ts looks on the engine that the two came out equal. */
const runWords = ({ network, image, memory }: Ground, name: string, address: string): readonly string[] => [
  ...['run', '--detach', '--name', name, '--hostname', name],
  ...['--network', network, '--ip', address, '--restart', 'no'],
  ...['--memory', memory, '--memory-swap', memory, '--pids-limit', '4096', '--ulimit', 'nofile=20000:20000'],
  ...['--log-driver', 'json-file', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'],
  ...['--security-opt', 'no-new-privileges'],
  ...['PASSWORD=0123456789abcdef', `LOCAL_IP=${address}`, `EXTERNAL_IP=${address}`].flatMap((one) => [
    '--env',
    one,
  ]),
  // As many as a rig has.
  ...Array.from({ length: 12 }, (_, index) => ['--label', `bench.label-${index}=0123456789abcdef`]).flat(),
  image,
];
