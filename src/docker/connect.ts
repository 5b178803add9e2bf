// The Engine port on a real Docker engine.

import { z } from 'zod';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Announcer } from '../ports/prober.ts';
import { minute, second } from '../rig/duration.ts';
import { networkBytes, statistics } from './activity.ts';
import { prepareAnnouncer } from './announce.ts';
import { ask, openClient } from './client.ts';
import { create, inspect, list, remove, start } from './containers.ts';
import type { Context, Timeouts } from './context.ts';
import { watchEvents } from './events.ts';
import { localImage, localTags, pruneImages, registryDigest } from './images.ts';
import { incarnation } from './incarnation.ts';
import { listeningPorts, logTail } from './inside.ts';
import { layOver } from './lay-over.ts';
import { ensureNetwork } from './network.ts';
import { createProbeRigs, type ProbeRigs } from './probe-rigs.ts';
import { pull } from './pull.ts';

export type EngineOptions = {
  /** `unix://…` or `tcp://…`, as in DOCKER_HOST; the usual socket if undefined. */
  readonly dockerHost: string | undefined;
  readonly installation: string;
  /** A Docker `config.json` with credentials for registries. */
  readonly registryAuthFile: string | undefined;
  /** On by default. */
  readonly noNewPrivileges?: boolean | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  readonly log: Log;
};

const usualTimeouts: Timeouts = {
  answer: 15 * second,
  action: minute,
  registry: 10 * second,
  pullSilence: 5 * minute,
};

const versionSchema = z.object({ Version: z.string() });

export type ConnectedEngine = Engine & {
  /** `undefined`: this machine lacks what it takes. */
  readonly announcer: (leftovers?: 'remove' | 'leave') => Promise<Announcer | undefined>;
  readonly probeRigs: ProbeRigs;
  readonly close: () => void;
};

/** Connects when it is asked something, not before. Every method throws EngineDown where nobody answers. */
export const connectEngine = (options: EngineOptions): ConnectedEngine => {
  const timeouts = { ...usualTimeouts, ...options.timeouts };
  const client = openClient(options.dockerHost, timeouts.answer);
  const { installation, registryAuthFile, noNewPrivileges = true, log } = options;
  const toldOf = new Set<string>();
  const ranOut = new Set<string>();
  const context: Context = {
    ...{ client, installation, registryAuthFile, noNewPrivileges, timeouts, log },
    toldOf,
    ranOut,
  };
  return {
    version: async () =>
      versionSchema.parse(await ask(client, timeouts.answer, () => client.quick.version())).Version,
    incarnation: () => incarnation(context),
    ensureNetwork: (plan) => ensureNetwork(context, plan),
    localImage: (reference) => localImage(context, reference),
    localTags: (repository) => localTags(context, repository),
    registryDigest: (reference, signal) => registryDigest(context, reference, signal),
    pull: (reference, onPercent, signal) => pull(context, reference, onPercent, signal),
    pruneImages: (repository, keep) => pruneImages(context, repository, keep),
    rigs: () => list(context),
    watchEvents: (signal, onEvent) => watchEvents(context, signal, onEvent),
    rigContainers: (rig) => list(context, rig),
    create: (spec) => create(context, spec),
    layOver: (container, conf) => layOver(context, container, conf),
    start: (container) => start(context, container),
    remove: (container, grace) => remove(context, container, grace),
    inspect: (container) => inspect(context, container),
    listeningPorts: (container, on) => listeningPorts(context, container, on),
    logTail: (container, lines) => logTail(context, container, lines),
    networkBytes: (container) => networkBytes(context, container),
    statistics: (container, on) => statistics(context, container, on),
    announcer: (leftovers) => prepareAnnouncer(context, leftovers),
    probeRigs: createProbeRigs(context),
    close: client.close,
  };
};
