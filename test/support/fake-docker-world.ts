// What the fake Docker is made of, and what its engine does with it: see fake-engine.ts.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { birthOf } from '../../src/docker/labels.ts';
import type { ContainerSpec, Engine, LocalImage, NetworkPlan, RigContainer } from '../../src/ports/engine.ts';
import { EngineRefused } from '../../src/ports/faults.ts';
import { containerName } from '../../src/rig/rig.ts';
import type { ContainerState } from '../../src/rig/survey.ts';
import type { Statistics } from '../../src/rig/use.ts';
import { laidOver } from '../../src/rig/wcs-conf.ts';

/** How a container of this image behaves once it is started. */
export type Behaviour = {
  /** The ports it listens on at once. */
  readonly listens: readonly number[];
  /** It ends with this at once. */
  readonly exits?: number | undefined;
  readonly log: readonly string[];
  /** WCS's configuration files. */
  readonly conf: ReadonlyMap<string, string>;
};

export const wcsPorts: readonly number[] = [8081, 1935, 8443, 8444];

/** As WCS comes with them. */
export const usualConf: ReadonlyMap<string, string> = new Map([
  ['flashphoner.properties', 'ip =\nip_local =\nmedia_port_from =31001\nmedia_port_to =32000\n'],
  ['wcs-core.properties', '### JVM OPTIONS ###\n-Xmx1024M\n'],
]);
const working: Behaviour = { listens: wcsPorts, log: ['ready'], conf: usualConf };

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
  readonly madeAt: number;
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly listens: readonly number[];
  readonly log: readonly string[];
  readonly conf: ReadonlyMap<string, string>;
  /** Bytes on its network so far, half of them each way. */
  readonly carried: number;
  readonly statistics: Statistics | undefined;
};

/** What a server shows that nobody has connected to. */
export const quietStatistics: Statistics = new Map([
  ['connections', 0],
  ['connections_websocket', 0],
  ['streams_webrtc_in', 0],
  ['streams_webrtc_out', 0],
]);

export type World = {
  readonly containers: Map<string, FakeContainer>;
  readonly images: Map<string, FakeImage>;
  readonly published: Map<string, { readonly digest: string; readonly image: FakeImage }>;
  readonly networks: Map<string, NetworkPlan & { readonly installation: string }>;
  readonly occupied: Set<string>;
  readonly listeners: Set<() => void>;
  readonly state: { isRegistrySilent: boolean; ticks: number; starts: number };
};

export const newId = (): string => randomBytes(32).toString('hex');

export const newImage = (behaviour: Partial<Behaviour> | undefined, since: number): FakeImage => {
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

export const changeContainer = (world: World, id: string, facts: Partial<FakeContainer>): void => {
  const container = world.containers.get(id);
  if (!container) throw new Error(`the fake has no container ${id}`);
  world.containers.set(id, { ...container, ...facts });
  for (const tell of world.listeners) tell();
};

/** The name moves here, as `docker tag` does it. */
export const putImage = (world: World, reference: string, image: FakeImage): FakeImage => {
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

export const engineOn = (world: World, installation: string): Engine => ({
  version: async () => '20.10.24',
  incarnation: async () => `start ${world.state.starts}`,
  ...networkOn(world, installation),
  ...imagesOn(world),
  ...containersOn(world, installation),
});

const networkOn = (world: World, installation: string): Pick<Engine, 'ensureNetwork'> => ({
  ensureNetwork: async (plan) => {
    const found = world.networks.get(plan.name);
    const fits = [...world.networks].find(([, one]) =>
      (['mode', 'parent', 'subnet', 'gateway'] as const).every((key) => one[key] === plan[key]),
    );
    if (!found && fits) return { kind: 'found', name: fits[0] };
    if (!found) {
      world.networks.set(plan.name, { ...plan, installation });
      return { kind: 'created', name: plan.name };
    }
    const differences = (['installation', 'mode', 'parent', 'subnet', 'gateway'] as const)
      .map((key) => [key, found[key], key === 'installation' ? installation : plan[key]] as const)
      .filter(([, is, should]) => is !== should)
      .map(([key, is, should]) => `${key} is ${is} and should be ${should}`);
    return differences.length === 0 ? { kind: 'found', name: plan.name } : { kind: 'differs', differences };
  },
});

type ImagePart = Pick<Engine, 'localImage' | 'localTags' | 'registryDigest' | 'pull' | 'pruneImages'>;

const imagesOn = (world: World): ImagePart => ({
  localImage: async (reference) => [...world.images.values()].find(({ names }) => names.has(reference)),
  localTags: async (repository) =>
    [...world.images.values()]
      .flatMap(({ names }) => [...names])
      .filter((name) => name.startsWith(`${repository}:`))
      .map((name) => name.slice(repository.length + 1))
      .sort(),
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

type ContainerPart = Omit<Engine, 'version' | 'incarnation' | 'ensureNetwork' | keyof ImagePart>;

const containersOn = (world: World, installation: string): ContainerPart => {
  const asRig = (one: FakeContainer): RigContainer[] => {
    if (one.installation !== installation || !one.spec) return [];
    const { rig, generation, address } = one.spec.job;
    const { id: container, name, state, exitCode, outOfMemory } = one;
    const image = { id: one.image, digest: one.image.replace('sha256:', '').slice(0, 12) };
    const birth = birthOf(one.spec);
    const { licenceId } = one.spec;
    return [
      {
        container,
        name,
        rig,
        generation,
        address,
        state,
        exitCode,
        outOfMemory,
        image,
        licenceId,
        birth,
        madeAt: one.madeAt,
      },
    ];
  };
  const rigs = (): RigContainer[] =>
    [...world.containers.values()].flatMap(asRig).sort((one, other) => one.generation - other.generation);

  return {
    rigs: async () => rigs(),
    watchEvents: async (signal, onEvent) => {
      world.listeners.add(onEvent);
      await untilAborted(signal);
      world.listeners.delete(onEvent);
    },
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
      const unseen = { conf: image.behaviour.conf, carried: 0, statistics: undefined };
      const madeAt = Math.floor(Date.now() / 1000) * 1000;
      const container = { id, name, installation, spec, image: image.id, madeAt, ...rest, ...unseen };
      world.containers.set(id, container);
      for (const tell of world.listeners) tell();
      const [made] = asRig(container);
      if (!made) throw new Error('the fake lost what it had made');
      return made;
    },
    layOver: async (container, conf) => {
      const one = world.containers.get(container);
      if (!one) throw new EngineRefused(`No such container: ${container}`);
      world.containers.set(container, { ...one, conf: new Map([...one.conf, ...laidOver(conf, one.conf)]) });
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
      const statistics = listens.includes(8081) ? quietStatistics : undefined;
      const runs = { state: 'running', listens, log: [...one.log, ...log], statistics } as const;
      changeContainer(world, container, exits === undefined ? runs : ended);
      return 'started';
    },
    remove: async (container) => {
      const one = world.containers.get(container);
      if (one && one.installation !== installation) {
        throw new EngineRefused(`the container ${one.name} is not one of ours and is left alone`);
      }
      world.containers.delete(container);
      for (const tell of world.listeners) tell();
    },
    listeningPorts: async (container) => {
      const one = world.containers.get(container);
      return one?.state === 'running' ? new Set(one.listens) : undefined;
    },
    networkBytes: async (container) => {
      const one = world.containers.get(container);
      return one?.state === 'running' ? { received: one.carried / 2, sent: one.carried / 2 } : undefined;
    },
    statistics: async (container) => {
      const one = world.containers.get(container);
      return one?.state === 'running' ? one.statistics : undefined;
    },
    logTail: async (container, lines) => {
      const log = world.containers.get(container)?.log ?? [];
      return log.slice(Math.max(0, log.length - lines));
    },
  };
};
