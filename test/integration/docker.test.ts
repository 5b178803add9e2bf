// The adapter on a real engine: what the contract cannot say of both, and the traps of the engine and of its library.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine, type EngineOptions } from '../../src/docker/connect.ts';
import { type ContainerSpec, type Engine, EngineRefused, type NetworkPlan } from '../../src/ports.ts';
import { aSpec, type SpecFacts } from '../support/a-spec.ts';
import { fetchFrom } from '../support/colleague.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { annasAuth, type PrivateRegistry, startPrivateRegistry } from '../support/private-registry.ts';
import { silent } from '../support/registry-address.ts';
import { mustRun } from '../support/run.ts';
import { startUnixProxy } from '../support/unix-proxy.ts';

const undo: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const image = 'flashphoner/webcallserver:latest';
const bridge: NetworkPlan = {
  name: 'wcs-bridge',
  mode: 'bridge',
  parent: undefined,
  subnet: '10.78.0.0/24',
  gateway: '10.78.0.1',
};
const lanPlan: NetworkPlan = {
  name: 'wcs-macvlan',
  mode: 'macvlan',
  parent: 'eth0',
  subnet: '10.77.0.0/24',
  gateway: '10.77.0.1',
};
const never = new AbortController().signal;

type Place = {
  readonly lan: Lan;
  readonly dockerHost: string;
  readonly engine: Engine;
  readonly open: PrivateRegistry;
  readonly closed: PrivateRegistry;
};
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
  expect(await place().engine.ensureNetwork(bridge)).toEqual({ kind: 'created' });
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

const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineRefused);
  return error instanceof Error ? error.message : '';
};

const until = async (look: () => Promise<boolean>): Promise<void> => {
  while (!(await look())) await delay(30);
};

describe('a container on the engine', () => {
  test('is what was asked for, and no secret was ever in a URL', async () => {
    const proxy = await startUnixProxy(place().dockerHost);
    undo.push(proxy.stop);
    const engine = connectTo(proxy.dockerHost);
    const spec = await specFor({
      id: 'full',
      address: '10.78.0.30',
      licence: 'licence-number',
      licenceId: 'l1',
      memoryBytes: 200 * 2 ** 20,
      cpus: 0.5,
    });
    const { container } = await engine.create(spec);
    await engine.start(container);
    await until(async () => (await engine.listeningPorts(container))?.has(8444) ?? false);

    const [seen] = JSON.parse(await docker('inspect', container));
    expect(seen.Config.Env).toEqual(
      expect.arrayContaining([
        'PASSWORD=pass-word-of-the-rig',
        'LICENSE=licence-number',
        'LOCAL_IP=10.78.0.30',
        'EXTERNAL_IP=10.78.0.30',
      ]),
    );
    expect(seen.HostConfig).toMatchObject({
      Memory: 200 * 2 ** 20,
      MemorySwap: 200 * 2 ** 20,
      NanoCpus: 500_000_000,
      PidsLimit: 4096,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    expect(seen.Config.Labels).toMatchObject({
      'wcs-rigs.installation': 'wcs',
      'wcs-rigs.rig': 'full',
      'wcs-rigs.licence-id': 'l1',
      'wcs-rigs.owner-name': 'anna',
    });
    expect(Object.keys(seen.NetworkSettings.Networks)).toEqual([bridge.name]);
    expect(seen.NetworkSettings.Networks[bridge.name].IPAddress).toBe('10.78.0.30');
    expect(
      await docker('exec', container, 'sh', '-c', 'ulimit -n; hostname; grep NoNewPrivs /proc/self/status'),
    ).toBe('20000\ndemo\nNoNewPrivs:\t1\n');
    await engine.remove(container, 5_000);

    const asked = proxy.asked();
    const urls = asked.map((text) => text.slice(0, text.indexOf('\r\n')));
    expect(urls).toContainEqual(expect.stringMatching(/^POST \/containers\/create\?name=wcs-full-g1 HTTP/));
    expect(urls.join('\n')).not.toMatch(/pass-word-of-the-rig|licence-number|PASSWORD|Env/);
    expect(asked.filter((text) => text.includes('PASSWORD=pass-word-of-the-rig'))).toHaveLength(1);
  });

  test('that does not heed SIGTERM is killed after its grace', async () => {
    const deaf = await variant('deaf', 'CMD ["/bin/sleep", "1000"]');
    const { container } = await place().engine.create(
      await specFor({ id: 'deaf', address: '10.78.0.31' }, deaf),
    );
    await place().engine.start(container);
    const begun = performance.now();
    await place().engine.remove(container, 1_000);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(950);
    expect(took).toBeLessThan(6_000);
    expect(await place().engine.rigContainers('deaf')).toEqual([]);
  });

  test('that used up its memory says so', async () => {
    const greedy = await variant(
      'greedy',
      'CMD ["/bin/node", "-e", "const a=[];for(;;)a.push(Buffer.alloc(1e7,1))"]',
    );
    const memoryBytes = 96 * 2 ** 20;
    const spec = await specFor({ id: 'greedy', address: '10.78.0.32', memoryBytes }, greedy);
    const { container } = await place().engine.create(spec);
    await place().engine.start(container);
    await until(async () => (await place().engine.inspect(container))?.state === 'exited');
    expect(await place().engine.inspect(container)).toMatchObject({ exitCode: 137, outOfMemory: true });
    await place().engine.remove(container, 0);
  });

  test('of an image without `cat` says why its ports cannot be seen', async () => {
    const blind = await variant('blind', 'ENV PATH=/nowhere');
    const { container } = await place().engine.create(
      await specFor({ id: 'blind', address: '10.78.0.33' }, blind),
    );
    await place().engine.start(container);
    expect(await refusalOf(place().engine.listeningPorts(container))).toContain('has no `cat`');
    await place().engine.remove(container, 1_000);
  });

  test('may be removed by two at once, and made anew meanwhile', async () => {
    const spec = await specFor({ id: 'twice', address: '10.78.0.34' });
    const first = await place().engine.create(spec);
    await place().engine.start(first.container);
    const removals = [1, 2, 3].map(() => place().engine.remove(first.container, 5_000));
    await Promise.all(removals);
    const second = await place().engine.create(spec);
    expect(second.container).not.toBe(first.container);
    await place().engine.remove(second.container, 0);
  });

  test('of the same rig and generation that differs is not taken for ours to go on with', async () => {
    const made = await place().engine.create(await specFor({ id: 'differs', address: '10.78.0.35' }));
    const other = await specFor({ id: 'differs', address: '10.78.0.36' });
    expect(await refusalOf(place().engine.create(other))).toBe(
      'a container called wcs-differs-g1 is there already and differs in wcs-rigs.address',
    );
    await place().engine.remove(made.container, 0);
  });

  test('outside the subnet is refused in one line', async () => {
    const spec = await specFor({ id: 'outside', address: '10.200.0.1' });
    expect(
      await refusalOf(
        place()
          .engine.create(spec)
          .then(({ container }) => place().engine.start(container)),
      ),
    ).toMatch(/^[^\n]*(no configured subnet|does not belong to any of this network's subnets)[^\n]*$/);
    for (const { container } of await place().engine.rigContainers('outside')) {
      await place().engine.remove(container, 0);
    }
  });
});

describe('the network', () => {
  test('macvlan: a colleague reaches the rig, the host itself does not', async () => {
    const { engine, lan } = place();
    expect(await engine.ensureNetwork(lanPlan)).toEqual({ kind: 'created' });
    expect(await engine.ensureNetwork(lanPlan)).toEqual({ kind: 'found' });
    const spec = await specFor({ id: 'mac', address: '10.77.0.50', network: lanPlan.name });
    const { container } = await engine.create(spec);
    expect(await engine.start(container)).toBe('started');
    await until(async () => (await engine.listeningPorts(container))?.has(8444) ?? false);
    const page = 'https://10.77.0.50:8444/';
    expect(await fetchFrom(lan, 'colleague', page)).toMatchObject({ status: 200 });
    expect(await fetchFrom(lan, 'h1', page)).toMatchObject({ status: 0 });
    await engine.remove(container, 5_000);
  });

  test('a foreign one of that name differs and is left alone', async () => {
    await docker('network', 'create', '--subnet', '10.81.0.0/24', 'somebodys');
    const plan = { ...bridge, name: 'somebodys', subnet: '10.81.0.0/24', gateway: undefined };
    expect(await place().engine.ensureNetwork(plan)).toEqual({
      kind: 'differs',
      differences: ['label wcs-rigs.installation is not set and should be wcs'],
    });
    expect(await docker('network', 'ls', '--format', '{{.Name}}')).toContain('somebodys');
  });

  test('one whose name only contains ours is not ours', async () => {
    const plan = { ...bridge, name: 'wcs-b', subnet: '10.82.0.0/24', gateway: undefined };
    expect(await place().engine.ensureNetwork(plan)).toEqual({ kind: 'created' });
  });

  test('that overlaps with another is refused in one line', async () => {
    const outcome = await place().engine.ensureNetwork({ ...bridge, name: 'wcs-overlap' });
    expect(outcome).toEqual({ kind: 'refused', detail: expect.stringMatching(/^[^\n]*overlaps[^\n]*$/i) });
  });

  // Whether this kernel has ipvlan decides which of the two it is; in each case it is one sentence or it works.
  test('ipvlan works, or is refused with the engine’s own sentence', async () => {
    const { engine } = place();
    const plan = {
      ...lanPlan,
      name: 'wcs-ipvlan',
      mode: 'ipvlan',
      subnet: '10.83.0.0/24',
      gateway: '10.83.0.1',
    } as const;
    const outcome = await engine.ensureNetwork(plan);
    if (outcome.kind === 'refused') return expect(outcome.detail).toMatch(/^[^\n]*(ipvlan|parent)[^\n]*$/);
    expect(outcome).toEqual({ kind: 'created' });
    const { container } = await engine.create(
      await specFor({ id: 'ipv', address: '10.83.0.9', network: plan.name }),
    );
    const refusal = await engine.start(container).catch((error: unknown) => error);
    await engine.remove(container, 0);
    if (refusal === 'started') return;
    expect(refusal).toBeInstanceOf(EngineRefused);
    expect(String(refusal)).toMatch(/^[^\n]*(ipvlan|not supported|parent)[^\n]*$/);
  });
});

describe('a registry', () => {
  const configFile = async (config: unknown): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'wcs-config-'));
    undo.push(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'config.json'), JSON.stringify(config));
    return join(directory, 'config.json');
  };

  test('that wants a name refuses without one, and lets in whom the file names', async () => {
    const { closed, dockerHost, engine } = place();
    const repository = `${closed.host}/wcs`;
    const digest = await closed.publish(repository, 'one', 'content');
    expect(await engine.registryDigest(`${repository}:one`, never)).toMatchObject({ kind: 'silent' });
    expect(await engine.pull(`${repository}:one`, () => undefined, never)).toMatchObject({
      kind: 'failed',
      detail: expect.stringMatching(/^[^\n]*no basic auth credentials[^\n]*$/),
    });
    const registryAuthFile = await configFile({ auths: { [closed.host]: { auth: annasAuth } } });
    const named = connectTo(dockerHost, { registryAuthFile });
    expect(await named.registryDigest(`${repository}:one`, never)).toEqual({ kind: 'digest', digest });
    expect(await named.pull(`${repository}:one`, () => undefined, never)).toEqual({ kind: 'pulled' });
  });

  test('whose credentials are in a helper: said before anything is asked', async () => {
    const { closed, dockerHost } = place();
    const registryAuthFile = await configFile({ credHelpers: { [closed.host]: 'pass' } });
    const engine = connectTo(dockerHost, { registryAuthFile });
    const detail = expect.stringContaining('docker-credential-pass');
    expect(await engine.registryDigest(`${closed.host}/wcs:one`, never)).toEqual({ kind: 'silent', detail });
    expect(await engine.pull(`${closed.host}/wcs:one`, () => undefined, never)).toEqual({
      kind: 'failed',
      detail,
    });
  });

  test('that has gone silent is waited for as long as was said', async () => {
    const { open, dockerHost, engine } = place();
    const reference = `${open.host}/wcs:quiet`;
    await open.publish(`${open.host}/wcs`, 'quiet', 'content');
    open.silence();
    try {
      const looked = await engine.registryDigest(reference, AbortSignal.timeout(200));
      expect(looked).toEqual({
        kind: 'silent',
        detail: `the registry of ${reference} did not answer in time`,
      });
      const pulled = await engine.pull(reference, () => undefined, AbortSignal.timeout(200));
      expect(pulled).toEqual({ kind: 'failed', detail: 'the pull was given up' });
      const impatient = connectTo(dockerHost, { timeouts: { pullSilence: 200, registry: 200 } });
      expect((await impatient.registryDigest(reference, never)).kind).toBe('silent');
      expect(await impatient.pull(reference, () => undefined, never)).toEqual({
        kind: 'failed',
        detail: 'the pull was given up: the registry went silent',
      });
    } finally {
      open.wake();
    }
    expect(await engine.pull(reference, () => undefined, never)).toEqual({ kind: 'pulled' });
  });

  test('that is not there is silent in one line', async () => {
    const looked = await place().engine.registryDigest('127.0.0.1:5999/wcs:one', never);
    expect(looked).toEqual({
      kind: 'silent',
      detail: expect.stringMatching(/^[^\n]*connection refused[^\n]*$/),
    });
  });

  test('gives a stand-in that runs, and a newer one under the same name', async () => {
    const { open, dockerHost, engine } = place();
    const reference = `${open.host}/wcs:latest`;
    const first = await open.publishFrom(dockerHost, image, reference, { BUILD: '1' });
    expect(await engine.localImage(reference)).toBeUndefined();
    expect(await engine.pull(reference, () => undefined, never)).toEqual({ kind: 'pulled' });
    const second = await open.publishFrom(dockerHost, image, reference, { BUILD: '2' });
    expect((await engine.localImage(reference))?.registryDigests).toEqual([first]);
    expect(await engine.registryDigest(reference, never)).toEqual({ kind: 'digest', digest: second });
    const { container } = await engine.create(
      await specFor({ id: 'built', address: '10.78.0.37' }, reference),
    );
    await engine.start(container);
    await until(async () => (await engine.listeningPorts(container))?.has(8443) ?? false);
    await engine.remove(container, 5_000);
  });

  test('an old image that somebody has given another name stays', async () => {
    const { open, engine } = place();
    const repository = `${open.host}/kept`;
    await open.publish(repository, 'old', 'content');
    expect(await engine.pull(`${repository}:old`, () => undefined, never)).toEqual({ kind: 'pulled' });
    await docker('tag', `${repository}:old`, 'somebodys/backup:1');
    expect(await engine.pruneImages(repository, 0)).toEqual([]);
    await docker('rmi', 'somebodys/backup:1');
    expect(await engine.pruneImages(repository, 0)).toHaveLength(1);
    expect(await engine.localImage(`${repository}:old`)).toBeUndefined();
    expect(await engine.localImage(image)).toBeDefined();
  });
});
