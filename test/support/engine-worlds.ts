// The two Dockers that the Engine contract is held on: the one in memory, and a real engine in a namespace of its own.

import { randomBytes } from 'node:crypto';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import type { Engine, NetworkPlan } from '../../src/ports/engine.ts';
import { quietStatistics } from './fake-docker-world.ts';
import { createFakeDocker } from './fake-engine.ts';
import { insideStandIn } from './inside-stand-in.ts';
import { createLan } from './lan.ts';
import { startPrivateRegistry } from './private-registry.ts';
import { readConf } from './read-conf.ts';
import { silent } from './registry-address.ts';
import { mustRun } from './run.ts';

export type EngineWorld = {
  readonly engine: Engine;
  /** Another installation's on the same Docker. */
  readonly rival: Engine;
  readonly installation: string;
  /** On the engine already: one that gets ready, and one that says why it cannot and ends with 7. */
  readonly working: string;
  readonly exiting: string;
  readonly plan: NetworkPlan;
  /** Names of this repository are looked up in a registry that is there. */
  readonly repository: string;
  /** Puts something new under this tag into the registry; gives its digest. */
  readonly publish: (tag: string) => Promise<string>;
  /** Gives its id. */
  readonly addForeignContainer: (name: string) => Promise<string>;
  readonly hasContainer: (id: string) => Promise<boolean>;
  readonly pause: (container: string) => Promise<void>;
  /** WCS's configuration files in it, by name, one character a byte. */
  readonly conf: (container: string) => Promise<Readonly<Record<string, string>>>;
  /** So much goes over its network. */
  readonly carry: (container: string, bytes: number) => Promise<void>;
  /** So many streams come in, as its statistics have it. */
  readonly stream: (container: string, count: number) => Promise<void>;
  readonly silenceStatistics: (container: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const working = 'flashphoner/webcallserver:latest';
const exiting = 'flashphoner/webcallserver:exits';
const subnet = '10.78.0.0/24';
const plan: NetworkPlan = {
  name: 'wcs-test',
  mode: 'bridge',
  parent: undefined,
  subnet,
  gateway: '10.78.0.1',
};

export const openFakeWorld = async (): Promise<EngineWorld> => {
  const docker = createFakeDocker();
  docker.addImage(working);
  docker.addImage(exiting, {
    exits: 7,
    log: ['booting', 'FATAL could not start the media engine: STAND_IN_FAIL=exit'],
  });
  const repository = 'registry.example/wcs';
  return {
    engine: docker.engine('wcs'),
    rival: docker.engine('rival'),
    installation: 'wcs',
    working,
    exiting,
    plan,
    repository,
    publish: async (tag) => docker.publish(`${repository}:${tag}`),
    addForeignContainer: async (name) => docker.addForeign(name),
    hasContainer: async (id) => docker.containers().some((one) => one.id === id),
    pause: async (container) => docker.pause(container),
    conf: async (container) =>
      Object.fromEntries(docker.containers().find(({ id }) => id === container)?.conf ?? []),
    carry: async (container, bytes) => docker.carry(container, bytes),
    stream: async (container, count) =>
      docker.showStatistics(container, new Map([...quietStatistics, ['streams_webrtc_in', count]])),
    silenceStatistics: async (container) => docker.showStatistics(container, undefined),
    stop: async () => undefined,
  };
};

export const openRealWorld = async (): Promise<EngineWorld> => {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const lan = await createLan({ hosts: ['h1'] });
    undo.push(lan.stop);
    const { namespace } = lan.host('h1');
    const [{ dockerHost, stop: stopEngine }, registry] = await Promise.all([
      startPrivateEngine({ namespace }),
      startPrivateRegistry({ namespace }),
    ]);
    undo.push(stopEngine, registry.stop);
    const docker = (...command: readonly string[]) => mustRun(['docker', '--host', dockerHost, ...command]);
    await buildStandIn({ dockerHost, reference: working, env: { STAND_IN_BOOT_MS: '50' } });
    await buildStandIn({
      dockerHost,
      reference: exiting,
      env: { STAND_IN_BOOT_MS: '0', STAND_IN_FAIL: 'exit' },
    });
    const connect = (installation: string) => {
      const engine = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log: silent });
      undo.push(async () => engine.close());
      return engine;
    };
    const repository = `${registry.host}/team/wcs`;
    const inside = insideStandIn(dockerHost);
    return {
      engine: connect('wcs'),
      rival: connect('rival'),
      installation: 'wcs',
      working,
      exiting,
      plan,
      repository,
      publish: (tag) => registry.publish(repository, tag, randomBytes(16).toString('hex')),
      addForeignContainer: async (name) =>
        (await docker('run', '-d', '--network', 'none', '--name', name, working)).trim(),
      hasContainer: async (id) => (await docker('ps', '-aq', '--no-trunc')).includes(id),
      pause: async (container) => void (await docker('pause', container)),
      conf: (container) => readConf(dockerHost, container),
      carry: (container, bytes) => inside.send(container, '10.78.0.1', bytes),
      stream: (container, count) => inside.pretend(container, `streams_webrtc_in=${count}`),
      silenceStatistics: (container) => inside.pretend(container, 'statistics=off'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
