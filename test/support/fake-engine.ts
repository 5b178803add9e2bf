// Docker as a test wants it: containers, images, a registry and one network in memory, on which several installations'
// engines can be opened. The contract suite holds it to what a real engine does.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ContainerSpec,
  type ContainerState,
  type Engine,
  EngineDown,
  EngineRefused,
  type LocalImage,
  type NetworkPlan,
  type RigContainer,
} from '../../src/ports.ts';
import { containerName } from '../../src/rig/rig.ts';

/** How a container of this image behaves once it is started. */
export type Behaviour = {
  /** The ports it listens on at once. */
  readonly listens: readonly number[];
  /** It ends with this at once. */
  readonly exits?: number | undefined;
  readonly log: readonly string[];
};

export const wcsPorts: readonly number[] = [8081, 1935, 8443, 8444];
const working: Behaviour = { listens: wcsPorts, log: ['ready'] };

type FakeImage = LocalImage & {
  readonly names: ReadonlySet<string>;
  readonly registryDigests: readonly string[];
  readonly behaviour: Behaviour;
  readonly since: number;
};

export type FakeContainer = {
  readonly id: string;
  readonly name: string;
  /** Absent for a foreign one. */
  readonly installation: string | undefined;
  readonly spec: ContainerSpec | undefined;
  readonly image: string;
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly listens: readonly number[];
  readonly log: readonly string[];
};

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
  readonly silenceRegistry: (isSilent: boolean) => void;
  /** Something else has this address. */
  readonly occupy: (address: string) => void;
  /** A container of somebody else's; gives its id. */
  readonly addForeign: (name: string, image?: string) => string;
  readonly pause: (container: string) => void;
  /** It ends by itself. */
  readonly end: (container: string, exitCode: number, outOfMemory?: boolean) => void;
  readonly listen: (container: string, ports: readonly number[]) => void;
  /** While down, every call throws EngineDown. */
  readonly setDown: (isDown: boolean) => void;
  /** The next call of this method is refused with this line. */
  readonly refuseNext: (method: Method, detail: string) => void;
  /** Runs before each call of this method: to hold it up, or to let something happen just then. */
  readonly before: (method: Method, hook: () => Promise<void> | void) => void;
};

type World = {
  readonly containers: Map<string, FakeContainer>;
  readonly images: Map<string, FakeImage>;
  readonly published: Map<string, { readonly digest: string; readonly image: FakeImage }>;
  readonly networks: Map<string, NetworkPlan & { readonly installation: string }>;
  readonly occupied: Set<string>;
  readonly state: { isRegistrySilent: boolean; ticks: number };
};

const newId = (): string => randomBytes(32).toString('hex');

const newImage = (behaviour: Partial<Behaviour> | undefined, since: number): FakeImage => {
  const hex = newId();
  const id = `sha256:${hex}`;
  const rest = {
    names: new Set<string>(),
    registryDigests: [],
    behaviour: { ...working, ...behaviour },
    since,
  };
  return { id, digest: hex.slice(0, 12), ...rest };
};

export const createFakeDocker = (): FakeDocker => {
  const world: World = {
    containers: new Map(),
    images: new Map(),
    published: new Map(),
    networks: new Map(),
    occupied: new Set(),
    state: { isRegistrySilent: false, ticks: 0 },
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
    silenceRegistry: (isSilent) => {
      world.state.isRegistrySilent = isSilent;
    },
    occupy: (address) => void world.occupied.add(address),
    addForeign: (name, image = 'sha256:foreign') => {
      const id = newId();
      const facts = { installation: undefined, spec: undefined, image, exitCode: 0, outOfMemory: false };
      world.containers.set(id, { id, name, state: 'running', listens: [], log: [], ...facts });
      return id;
    },
    pause: (container) => change(container, { state: 'paused' }),
    end: (container, exitCode, outOfMemory = false) =>
      change(container, { state: 'exited', exitCode, outOfMemory, listens: [] }),
    listen: (container, ports) => change(container, { listens: ports }),
    setDown: (isDown) => {
      power.isDown = isDown;
    },
    refuseNext: (method, detail) => void refusals.set(method, detail),
    before: (method, hook) => void hooks.set(method, hook),
  };
};

const changeContainer = (world: World, id: string, facts: Partial<FakeContainer>): void => {
  const container = world.containers.get(id);
  if (!container) throw new Error(`the fake has no container ${id}`);
  world.containers.set(id, { ...container, ...facts });
};

/** The name moves here, as `docker tag` does it. */
const putImage = (world: World, reference: string, image: FakeImage): FakeImage => {
  for (const other of world.images.values()) {
    if (!other.names.has(reference)) continue;
    world.images.set(other.id, {
      ...other,
      names: new Set([...other.names].filter((name) => name !== reference)),
    });
  }
  const named = { ...image, names: new Set([...image.names, reference]) };
  world.images.set(image.id, named);
  return named;
};

const guarded = (engine: Engine, enter: (method: Method, about: string) => Promise<void>): Engine => ({
  version: () => enter('version', '').then(() => engine.version()),
  ensureNetwork: (plan) => enter('ensureNetwork', plan.name).then(() => engine.ensureNetwork(plan)),
  localImage: (reference) => enter('localImage', reference).then(() => engine.localImage(reference)),
  registryDigest: (reference, signal) =>
    enter('registryDigest', reference).then(() => engine.registryDigest(reference, signal)),
  pull: (reference, onPercent, signal) =>
    enter('pull', reference).then(() => engine.pull(reference, onPercent, signal)),
  pruneImages: (repository, keep) =>
    enter('pruneImages', repository).then(() => engine.pruneImages(repository, keep)),
  rigs: () => enter('rigs', '').then(() => engine.rigs()),
  rigContainers: (rig) => enter('rigContainers', rig).then(() => engine.rigContainers(rig)),
  create: (spec) => enter('create', spec.job.rig).then(() => engine.create(spec)),
  start: (container) => enter('start', container).then(() => engine.start(container)),
  remove: (container, grace) => enter('remove', container).then(() => engine.remove(container, grace)),
  inspect: (container) => enter('inspect', container).then(() => engine.inspect(container)),
  listeningPorts: (container) =>
    enter('listeningPorts', container).then(() => engine.listeningPorts(container)),
  logTail: (container, lines) => enter('logTail', container).then(() => engine.logTail(container, lines)),
});

const engineOn = (world: World, installation: string): Engine => ({
  version: async () => '20.10.24',
  ...networkOn(world, installation),
  ...imagesOn(world),
  ...containersOn(world, installation),
});

const networkOn = (world: World, installation: string): Pick<Engine, 'ensureNetwork'> => ({
  ensureNetwork: async (plan) => {
    const found = world.networks.get(plan.name);
    if (!found) {
      world.networks.set(plan.name, { ...plan, installation });
      return { kind: 'created' };
    }
    const differences = (['installation', 'mode', 'parent', 'subnet', 'gateway'] as const)
      .map((key) => [key, found[key], key === 'installation' ? installation : plan[key]] as const)
      .filter(([, is, should]) => is !== should)
      .map(([key, is, should]) => `${key} is ${is} and should be ${should}`);
    return differences.length === 0 ? { kind: 'found' } : { kind: 'differs', differences };
  },
});

type ImagePart = Pick<Engine, 'localImage' | 'registryDigest' | 'pull' | 'pruneImages'>;

const imagesOn = (world: World): ImagePart => ({
  localImage: async (reference) => [...world.images.values()].find(({ names }) => names.has(reference)),
  registryDigest: async (reference, signal) => {
    if (world.state.isRegistrySilent) {
      await untilAborted(signal);
      return { kind: 'silent', detail: `the registry of ${reference} did not answer in time` };
    }
    const digest = world.published.get(reference)?.digest;
    return digest === undefined ? { kind: 'silent', detail: 'manifest unknown' } : { kind: 'digest', digest };
  },
  pull: async (reference, onPercent, signal) => {
    onPercent(undefined);
    if (world.state.isRegistrySilent) {
      await untilAborted(signal);
      return { kind: 'failed', detail: 'the pull was given up' };
    }
    const found = world.published.get(reference);
    if (!found) return { kind: 'failed', detail: `manifest for ${reference} not found: manifest unknown` };
    for (const percent of [0, 50, 100]) {
      await delay(0);
      if (signal.aborted) return { kind: 'failed', detail: 'the pull was given up' };
      onPercent(percent);
    }
    const known = world.images.get(found.image.id) ?? found.image;
    putImage(world, reference, { ...known, registryDigests: [found.digest], since: ++world.state.ticks });
    return { kind: 'pulled' };
  },
  pruneImages: async (repository, keep) => {
    const used = new Set([...world.containers.values()].map(({ image }) => image));
    const isOf = (name: string): boolean => name.startsWith(`${repository}:`);
    const doomed = [...world.images.values()]
      .filter(({ id, names }) => !used.has(id) && names.size > 0 && [...names].every(isOf))
      .sort((one, other) => other.since - one.since)
      .slice(keep)
      .map(({ id }) => id);
    for (const id of doomed) world.images.delete(id);
    return doomed;
  },
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

type ContainerPart = Omit<Engine, 'version' | 'ensureNetwork' | keyof ImagePart>;

const containersOn = (world: World, installation: string): ContainerPart => {
  const asRig = (one: FakeContainer): RigContainer[] => {
    if (one.installation !== installation || !one.spec) return [];
    const { rig, generation, address } = one.spec.job;
    const { id: container, name, state, exitCode, outOfMemory } = one;
    const image = { id: one.image, digest: one.image.replace('sha256:', '').slice(0, 12) };
    return [{ container, name, rig, generation, address, state, exitCode, outOfMemory, image }];
  };
  const rigs = (): RigContainer[] =>
    [...world.containers.values()].flatMap(asRig).sort((one, other) => one.generation - other.generation);

  return {
    rigs: async () => rigs(),
    rigContainers: async (rig) => rigs().filter((one) => one.rig === rig),
    inspect: async (container) =>
      [world.containers.get(container)].flatMap((one) => (one ? asRig(one) : []))[0],
    create: async (spec) => {
      const name = containerName(installation, spec.job.rig, spec.job.generation);
      const holder = [...world.containers.values()].find((one) => one.name === name);
      if (holder) {
        const [ours] = asRig(holder);
        if (ours && ours.address === spec.job.address) return ours;
        throw new EngineRefused(
          `a container called ${name} is there already and is not one of ours and is left alone`,
        );
      }
      const image = world.images.get(spec.image);
      if (!image) throw new EngineRefused(`No such image: ${spec.image}`);
      const id = newId();
      const rest = { state: 'created', exitCode: 0, outOfMemory: false, listens: [], log: [] } as const;
      const container = { id, name, installation, spec, image: image.id, ...rest };
      world.containers.set(id, container);
      const [made] = asRig(container);
      if (!made) throw new Error('the fake lost what it had made');
      return made;
    },
    start: async (container) => {
      const one = world.containers.get(container);
      if (!one) throw new EngineRefused(`No such container: ${container}`);
      if (one.state === 'running') return 'started';
      const address = one.spec?.job.address ?? '';
      const isHeld = [...world.containers.values()].some(
        (other) => other.id !== one.id && other.state === 'running' && other.spec?.job.address === address,
      );
      if (isHeld || world.occupied.has(address)) return 'address-in-use';
      const { listens, exits, log } = world.images.get(one.image)?.behaviour ?? working;
      const ended = {
        state: 'exited',
        exitCode: exits ?? 0,
        listens: [],
        log: [...one.log, ...log],
      } as const;
      const runs = { state: 'running', listens, log: [...one.log, ...log] } as const;
      changeContainer(world, container, exits === undefined ? runs : ended);
      return 'started';
    },
    remove: async (container) => {
      const one = world.containers.get(container);
      if (one && one.installation !== installation) {
        throw new EngineRefused(`the container ${one.name} is not one of ours and is left alone`);
      }
      world.containers.delete(container);
    },
    listeningPorts: async (container) => {
      const one = world.containers.get(container);
      return one?.state === 'running' ? new Set(one.listens) : undefined;
    },
    logTail: async (container, lines) => {
      const log = world.containers.get(container)?.log ?? [];
      return log.slice(Math.max(0, log.length - lines));
    },
  };
};
