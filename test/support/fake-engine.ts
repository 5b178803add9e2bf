// Docker as a test wants it: containers, images, a registry and one network in memory, on which several installations'
// engines can be opened. The contract suite holds it to what a real engine does.

import type { Engine, LocalImage } from '../../src/ports/engine.ts';
import { EngineDown, EngineRefused } from '../../src/ports/faults.ts';
import type { Statistics } from '../../src/rig/use.ts';
import {
  type Behaviour,
  changeContainer,
  engineOn,
  type FakeContainer,
  newId,
  newImage,
  putImage,
  type World,
} from './fake-docker-world.ts';

type Method = keyof Engine;

export type FakeDocker = {
  readonly engine: (installation: string) => Engine;
  /** Every call so far, `start 3f…`, without secrets. */
  readonly calls: readonly string[];
  readonly containers: () => readonly FakeContainer[];
  readonly images: () => readonly LocalImage[];
  /** An image that is on the engine already; the name moves to it if it was another's. */
  readonly addImage: (reference: string, behaviour?: Partial<Behaviour>) => LocalImage;
  /** A new image in the registry under this name; gives its manifest's digest. */
  readonly publish: (reference: string, behaviour?: Partial<Behaviour>) => string;
  /** The registry does not know this name any more. */
  readonly withdraw: (reference: string) => void;
  readonly silenceRegistry: (isSilent: boolean) => void;
  /** Something else has this address. */
  readonly occupy: (address: string) => void;
  /** A container of somebody else's; gives its id. */
  readonly addForeign: (name: string, image?: string) => string;
  readonly pause: (container: string) => void;
  /** It ends by itself. */
  readonly end: (container: string, exitCode: number, outOfMemory?: boolean) => void;
  readonly listen: (container: string, ports: readonly number[]) => void;
  /** Its network carries so many bytes more, half of them each way. */
  readonly carry: (container: string, bytes: number) => void;
  /** What WCS's own statistics show; `undefined`: they do not answer. */
  readonly showStatistics: (container: string, statistics: Statistics | undefined) => void;
  /** It ends and is started anew: what ran has ended with this. */
  readonly restart: (exitCode?: number) => void;
  /** While down, every call throws EngineDown. */
  readonly setDown: (isDown: boolean) => void;
  /** The next call of this method is refused with this line. */
  readonly refuseNext: (method: Method, detail: string) => void;
  /** Runs before each call of this method: to hold it up, or to let something happen just then. */
  readonly before: (method: Method, hook: () => Promise<void> | void) => void;
};

export const createFakeDocker = (): FakeDocker => {
  const world: World = {
    containers: new Map(),
    images: new Map(),
    published: new Map(),
    networks: new Map(),
    occupied: new Set(),
    listeners: new Set(),
    state: { isRegistrySilent: false, ticks: 0, starts: 1 },
  };
  const calls: string[] = [];
  const refusals = new Map<Method, string>();
  const hooks = new Map<Method, () => Promise<void> | void>();
  const power = { isDown: false };
  const change = (id: string, facts: Partial<FakeContainer>): void => changeContainer(world, id, facts);

  const enter = async (method: Method, about: string): Promise<void> => {
    calls.push(about === '' ? method : `${method} ${about}`);
    await hooks.get(method)?.();
    if (power.isDown) throw new EngineDown('Docker at fake does not answer (ECONNREFUSED)');
    const detail = refusals.get(method);
    refusals.delete(method);
    if (detail !== undefined) throw new EngineRefused(detail);
  };

  return {
    engine: (installation) => guarded(engineOn(world, installation), enter),
    calls,
    containers: () => [...world.containers.values()],
    images: () => [...world.images.values()],
    addImage: (reference, behaviour) => putImage(world, reference, newImage(behaviour, ++world.state.ticks)),
    publish: (reference, behaviour) => {
      const digest = `sha256:${newId()}`;
      world.published.set(reference, { digest, image: newImage(behaviour, 0) });
      return digest;
    },
    withdraw: (reference) => void world.published.delete(reference),
    silenceRegistry: (isSilent) => {
      world.state.isRegistrySilent = isSilent;
    },
    occupy: (address) => void world.occupied.add(address),
    addForeign: (name, image = 'sha256:foreign') => {
      const id = newId();
      const facts = {
        installation: undefined,
        spec: undefined,
        madeAt: 0,
        image,
        exitCode: 0,
        outOfMemory: false,
      };
      const seen = { listens: [], log: [], conf: new Map(), carried: 0, statistics: undefined };
      world.containers.set(id, { id, name, state: 'running', ...seen, ...facts });
      return id;
    },
    pause: (container) => change(container, { state: 'paused' }),
    end: (container, exitCode, outOfMemory = false) =>
      change(container, { state: 'exited', exitCode, outOfMemory, listens: [] }),
    listen: (container, ports) => change(container, { listens: ports }),
    carry: (container, bytes) => {
      const carried = world.containers.get(container)?.carried ?? 0;
      change(container, { carried: carried + bytes });
    },
    showStatistics: (container, statistics) => change(container, { statistics }),
    restart: (exitCode = 137) => {
      world.state.starts += 1;
      for (const { id, state } of world.containers.values()) {
        if (state === 'running' || state === 'paused')
          change(id, { state: 'exited', exitCode, outOfMemory: false, listens: [] });
      }
    },
    setDown: (isDown) => {
      power.isDown = isDown;
    },
    refuseNext: (method, detail) => void refusals.set(method, detail),
    before: (method, hook) => void hooks.set(method, hook),
  };
};

const guarded = (engine: Engine, enter: (method: Method, about: string) => Promise<void>): Engine => ({
  version: () => enter('version', '').then(() => engine.version()),
  incarnation: () => enter('incarnation', '').then(() => engine.incarnation()),
  ensureNetwork: (plan) => enter('ensureNetwork', plan.name).then(() => engine.ensureNetwork(plan)),
  localImage: (reference) => enter('localImage', reference).then(() => engine.localImage(reference)),
  localTags: (repository) => enter('localTags', repository).then(() => engine.localTags(repository)),
  registryDigest: (reference, signal) =>
    enter('registryDigest', reference).then(() => engine.registryDigest(reference, signal)),
  pull: (reference, onPercent, signal) =>
    enter('pull', reference).then(() => engine.pull(reference, onPercent, signal)),
  pruneImages: (repository, keep) =>
    enter('pruneImages', repository).then(() => engine.pruneImages(repository, keep)),
  rigs: () => enter('rigs', '').then(() => engine.rigs()),
  watchEvents: (signal, onEvent) => enter('watchEvents', '').then(() => engine.watchEvents(signal, onEvent)),
  rigContainers: (rig) => enter('rigContainers', rig).then(() => engine.rigContainers(rig)),
  create: (spec) => enter('create', spec.job.rig).then(() => engine.create(spec)),
  layOver: (container, conf) => enter('layOver', container).then(() => engine.layOver(container, conf)),
  start: (container) => enter('start', container).then(() => engine.start(container)),
  remove: (container, grace) => enter('remove', container).then(() => engine.remove(container, grace)),
  inspect: (container) => enter('inspect', container).then(() => engine.inspect(container)),
  listeningPorts: (container) =>
    enter('listeningPorts', container).then(() => engine.listeningPorts(container)),
  logTail: (container, lines) => enter('logTail', container).then(() => engine.logTail(container, lines)),
  networkBytes: (container) => enter('networkBytes', container).then(() => engine.networkBytes(container)),
  statistics: (container) => enter('statistics', container).then(() => engine.statistics(container)),
});
