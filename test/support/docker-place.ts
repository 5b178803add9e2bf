// One real engine on a LAN of namespaces with a colleague, a registry that is open and one that is closed, for the tests of
// the Docker adapter. Up before a file's tests, gone after them.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine, type EngineOptions } from '../../src/docker/connect.ts';
import type { ContainerSpec, Engine, NetworkPlan } from '../../src/ports/engine.ts';
import { EngineRefused } from '../../src/ports/faults.ts';
import { aSpec, type SpecFacts } from './a-spec.ts';
import { createLan, type Lan } from './lan.ts';
import { type PrivateRegistry, startPrivateRegistry } from './private-registry.ts';
import { silent } from './registry-address.ts';
import { mustRun } from './run.ts';

export const image = 'flashphoner/webcallserver:latest';
export const bridge: NetworkPlan = {
  name: 'wcs-bridge',
  mode: 'bridge',
  parent: undefined,
  subnet: '10.78.0.0/24',
  gateway: '10.78.0.1',
};
export const lanPlan: NetworkPlan = {
  name: 'wcs-macvlan',
  mode: 'macvlan',
  parent: 'eth0',
  subnet: '10.77.0.0/24',
  gateway: '10.77.0.1',
};
export const never = new AbortController().signal;

export type Place = {
  readonly lan: Lan;
  readonly dockerHost: string;
  readonly engine: Engine;
  readonly open: PrivateRegistry;
  readonly closed: PrivateRegistry;
};

export const useDocker = () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  afterAll(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  const places: Place[] = [];
  const place = (): Place => {
    const [one] = places;
    if (!one) throw new Error('nothing is up');
    return one;
  };

  const connectTo = (dockerHost: string, options: Partial<EngineOptions> = {}): Engine => {
    const usual = { dockerHost, installation: 'wcs', registryAuthFile: undefined, log: silent };
    const engine = connectEngine({ ...usual, ...options });
    undo.push(engine.close);
    return engine;
  };
  const docker = (...command: readonly string[]): Promise<string> =>
    mustRun(['docker', '--host', place().dockerHost, ...command]);

  beforeAll(async () => {
    const lan = await createLan({ hosts: ['h1'], colleague: true });
    undo.push(lan.stop);
    const { namespace } = lan.host('h1');
    const { dockerHost, stop } = await startPrivateEngine({ namespace });
    undo.push(stop);
    const open = await startPrivateRegistry({ namespace });
    undo.push(open.stop);
    const closed = await startPrivateRegistry({ namespace, port: 5001, isClosed: true });
    undo.push(closed.stop);
    places.push({ lan, dockerHost, engine: connectTo(dockerHost), open, closed });
    await buildStandIn({ dockerHost, reference: image, env: { STAND_IN_BOOT_MS: '20' } });
    expect(await place().engine.ensureNetwork(bridge)).toEqual({ kind: 'created', name: bridge.name });
  });

  const specFor = async (facts: SpecFacts, reference = image): Promise<ContainerSpec> => {
    const found = await place().engine.localImage(reference);
    if (!found) throw new Error(`${reference} is not there`);
    return aSpec({ image: found.id, network: bridge.name, ...facts });
  };

  /** The stand-in with other defaults, as `docker commit` makes it. */
  const variant = async (name: string, ...changes: readonly string[]): Promise<string> => {
    const container = (await docker('create', image)).trim();
    const reference = `flashphoner/webcallserver:${name}`;
    await docker('commit', ...changes.flatMap((change) => ['--change', change]), container, reference);
    await docker('rm', container);
    return reference;
  };
  return { undo, place, connectTo, docker, specFor, variant };
};

/** The one line with which the engine refused; anything else fails the test. */
export const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineRefused);
  return error instanceof Error ? error.message : '';
};

export const until = async (look: () => Promise<boolean>): Promise<void> => {
  while (!(await look())) await delay(30);
};
