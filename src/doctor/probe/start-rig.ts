// Starts the probe rig, as a worker starts a rig, and waits until it listens, seen from inside.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerConfig } from '../../config.ts';
import type { ContainerSpec } from '../../ports/engine.ts';
import { type Duration, hour, type Instant } from '../../rig/duration.ts';
import type { NoProbe } from './facts.ts';
import type { ProbePlaces, ProbeWish } from './places.ts';

export type Started =
  | { readonly kind: 'up'; readonly container: string; readonly took: Duration }
  | { readonly kind: 'none'; readonly why: NoProbe };

type Places = Pick<ProbePlaces, 'config' | 'engine' | 'registry' | 'placeOf'>;

const none = (why: NoProbe): Started => ({ kind: 'none', why });

export const startProbeRig = async (
  { config, engine, registry, placeOf }: Places,
  address: string,
  image: string,
  { progress, signal }: Pick<ProbeWish, 'progress' | 'signal'>,
): Promise<Started> => {
  const password = randomBytes(18).toString('base64url');
  const { network, conf, taken } = await placeOf(engine, config, address);
  if (taken.length > 0) return none({ kind: 'ports-taken', ports: taken });
  if (network === undefined) throw new Error(`${address} is not among WCS_RANGE`);
  const spec = specOf(config, { address, image, network, password }, registry.clock.now());
  const container = await engine.probeRigs.create(spec);
  await engine.layOver(container, conf);
  signal.throwIfAborted();
  progress(`a probe rig starts at ${address}`);
  const begun = performance.now();
  if ((await engine.start(container)) === 'address-in-use') return none({ kind: 'address-in-use', address });
  await announce(engine, config, container, address);
  const { ports, timeout, interval } = config.ready;
  let missing = ports;
  while (performance.now() - begun < timeout) {
    const listening = await engine.listeningPorts(container, network.kind === 'host' ? address : undefined);
    signal.throwIfAborted();
    missing = ports.filter((port) => !listening?.has(port));
    if (missing.length === 0) return { kind: 'up', container, took: performance.now() - begun };
    if (listening === undefined && (await engine.probeRigs.state(container)) !== 'running') {
      const [last] = await engine.logTail(container, 1);
      return none({ kind: 'ended', last: last?.replaceAll(password, '(secret)') });
    }
    await delay(interval, undefined, { signal });
  }
  return none({ kind: 'not-ready', missing, waited: timeout });
};

/** As a worker tells the LAN of a rig; one that is not announced is found a little later. */
const announce = async (
  engine: Places['engine'],
  { network }: WorkerConfig,
  container: string,
  address: string,
): Promise<void> => {
  if (network.parent === undefined) return;
  try {
    await (await engine.announcer('leave'))?.announce(container, address);
  } catch {
    // Whoever is asked tries for a while.
  }
};

const specOf = (
  config: WorkerConfig,
  {
    address,
    image,
    network,
    password,
  }: Pick<ContainerSpec, 'image' | 'network' | 'password'> & {
    readonly address: string;
  },
  now: Instant,
): ContainerSpec => ({
  job: {
    ...{ v: 1, kind: 'launch', rig: 'doctor', generation: 1, attempt: 1 },
    deadline: now + hour,
    name: 'doctor',
    owner: { id: 'doctor', name: 'doctor' },
    lan: config.network.lan,
    address,
    tag: config.image.tag,
    created: now,
    lease: { end: now + hour, cap: now + hour, rev: 1 },
  },
  image,
  network,
  external: config.network.outside.external?.[address] ?? address,
  password,
  // A licence is counted by its owner.
  licence: undefined,
  licenceId: undefined,
  keyId: '',
  memoryBytes: config.memoryBytes,
  cpus: config.cpus,
});
