// What every Engine does, the one in memory that other tests trust and the adapter on a real Docker engine alike.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContainerSpec, Engine, RigContainer } from '../../src/ports/engine.ts';
import { EngineRefused } from '../../src/ports/faults.ts';
import { emptyConf, type WcsConf } from '../../src/rig/wcs-conf.ts';
import { aSpec, type SpecFacts } from '../support/a-spec.ts';
import { type EngineWorld, openFakeWorld, openRealWorld } from '../support/engine-worlds.ts';

const worlds = [
  { what: 'in memory', open: openFakeWorld },
  { what: 'on a real Docker engine', open: openRealWorld },
] as const;

const never = new AbortController().signal;
const oneLine = /^[^\n]+$/;

const until = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
  while (true) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await delay(30);
  }
};

const refusalOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineRefused);
  expect(String(error)).toMatch(oneLine);
  return String(error);
};

describe.each(worlds)('an Engine $what', ({ open }) => {
  const opened: EngineWorld[] = [];
  const world = (): EngineWorld => {
    const [one] = opened;
    if (!one) throw new Error('the world is not open');
    return one;
  };
  const engine = (): Engine => world().engine;

  beforeAll(async () => {
    opened.push(await open());
    expect((await world().engine.ensureNetwork(world().plan)).kind).toBe('created');
  });
  afterAll(async () => {
    for (const one of opened) await one.stop();
  });

  const specFor = async (facts: SpecFacts, reference = world().working): Promise<ContainerSpec> => {
    const image = await engine().localImage(reference);
    if (!image) throw new Error(`${reference} is not there`);
    return aSpec({ image: image.id, network: world().plan.name, ...facts });
  };
  const isGone = async ({ container, rig }: RigContainer): Promise<boolean> =>
    (await engine().inspect(container)) === undefined && (await engine().rigContainers(rig)).length === 0;

  test('says its version', async () => {
    expect(await engine().version()).toMatch(/^\d+\.\d+/);
  });

  test('is of the same start as long as nobody starts it anew', async () => {
    const before = await engine().incarnation();
    expect(before).toEqual(expect.any(String));
    expect(await engine().incarnation()).toBe(before);
  });

  describe('the network', () => {
    test('is found when it is there as planned', async () => {
      expect(await engine().ensureNetwork(world().plan)).toEqual({ kind: 'found', name: world().plan.name });
    });

    test('differs in what is named, and stays as it is', async () => {
      const outcome = await engine().ensureNetwork({
        ...world().plan,
        subnet: '10.79.0.0/24',
        gateway: '10.79.0.1',
      });
      expect(outcome).toEqual({
        kind: 'differs',
        differences: [
          'subnet is 10.78.0.0/24 and should be 10.79.0.0/24',
          'gateway is 10.78.0.1 and should be 10.79.0.1',
        ],
      });
      expect(await engine().ensureNetwork(world().plan)).toEqual({ kind: 'found', name: world().plan.name });
    });

    test('of another installation differs, however alike it looks', async () => {
      const outcome = await world().rival.ensureNetwork(world().plan);
      expect(outcome).toMatchObject({
        kind: 'differs',
        differences: [expect.stringMatching(/installation is wcs and should be rival$/)],
      });
    });
  });

  describe('a container', () => {
    test('tells of itself as it happens: made, started, removed', async () => {
      const controller = new AbortController();
      let events = 0;
      const told = engine().watchEvents(controller.signal, () => {
        events += 1;
      });
      await delay(300);
      const made = await engine().create(await specFor({ id: 'tells', address: '10.78.0.19' }));
      await until(async () => events >= 1);
      expect(made.birth).toMatchObject({ name: made.birth?.name, owner: { name: expect.any(String) } });
      expect(Math.abs(made.madeAt - Date.now())).toBeLessThan(60_000);
      await engine().remove(made.container, 10);
      await until(async () => events >= 2);
      controller.abort();
      await told;
    });

    test('goes from created to running to gone; each step may be repeated', async () => {
      const spec = await specFor({ id: 'walk', address: '10.78.0.10' });
      const made = await engine().create(spec);
      expect(made).toMatchObject({
        name: 'wcs-walk-g1',
        rig: 'walk',
        generation: 1,
        address: '10.78.0.10',
        state: 'created',
      });
      expect(made.image).toEqual({ id: spec.image, digest: spec.image.slice(7, 19) });
      expect(await engine().create(spec)).toEqual(made);
      expect(await engine().listeningPorts(made.container)).toBeUndefined();

      expect(await engine().start(made.container)).toBe('started');
      expect(await engine().start(made.container)).toBe('started');
      const running: RigContainer = { ...made, state: 'running' };
      expect(await engine().inspect(made.container)).toEqual(running);
      expect(await engine().rigContainers('walk')).toEqual([running]);
      expect(await engine().rigs()).toContainEqual(running);
      expect(await engine().create(spec)).toEqual(running);
      await until(async () => (await engine().listeningPorts(made.container))?.has(8444));
      expect(await engine().listeningPorts(made.container)).toEqual(new Set([8081, 1935, 8443, 8444]));
      expect((await engine().logTail(made.container, 1))[0]).toMatch(/ready$/);

      await engine().remove(made.container, 5_000);
      await engine().remove(made.container, 5_000);
      expect(await isGone(made)).toBe(true);
      expect(await world().hasContainer(made.container)).toBe(false);
    });

    test('is listed with its generations, oldest first, and not with other rigs', async () => {
      const second = await engine().create(
        await specFor({ id: 'gen', generation: 2, address: '10.78.0.11' }),
      );
      const first = await engine().create(await specFor({ id: 'gen', generation: 1, address: '10.78.0.12' }));
      const other = await engine().create(await specFor({ id: 'gen2', address: '10.78.0.13' }));
      expect((await engine().rigContainers('gen')).map(({ generation }) => generation)).toEqual([1, 2]);
      expect((await engine().rigs()).map(({ rig }) => rig).sort()).toEqual(['gen', 'gen', 'gen2']);
      for (const one of [first, second, other]) await engine().remove(one.container, 0);
    });

    test('on an address that another one has is not started, and can be removed', async () => {
      const holder = await engine().create(await specFor({ id: 'holder', address: '10.78.0.14' }));
      expect(await engine().start(holder.container)).toBe('started');
      const late = await engine().create(await specFor({ id: 'late', address: '10.78.0.14' }));
      expect(await engine().start(late.container)).toBe('address-in-use');
      expect((await engine().inspect(late.container))?.state).toBe('created');
      await engine().remove(late.container, 0);
      await engine().remove(holder.container, 0);
      expect(await engine().rigs()).toEqual([]);
    });

    test('that ends by itself shows how, with its last lines', async () => {
      const made = await engine().create(
        await specFor({ id: 'ends', address: '10.78.0.15' }, world().exiting),
      );
      expect(await engine().start(made.container)).toBe('started');
      const ended = await until(async () => {
        const seen = await engine().inspect(made.container);
        return seen?.state === 'exited' && seen;
      });
      expect(ended).toMatchObject({ exitCode: 7, outOfMemory: false });
      expect(await engine().rigContainers('ends')).toEqual([ended]);
      expect(await engine().listeningPorts(made.container)).toBeUndefined();
      // A busy engine mixes what came over standard output with what came over standard error.
      const all = await engine().logTail(made.container, 100);
      expect(all).toContain('FATAL could not start the media engine: STAND_IN_FAIL=exit');
      expect(all.length).toBeGreaterThan(1);
      expect(await engine().logTail(made.container, 1)).toEqual(all.slice(-1));
      await engine().remove(made.container, 0);
      expect(await isGone(made)).toBe(true);
    });

    test('that is paused hides its ports, and can be removed', async () => {
      const made = await engine().create(await specFor({ id: 'pause', address: '10.78.0.16' }));
      await engine().start(made.container);
      await world().pause(made.container);
      expect(await engine().listeningPorts(made.container)).toBeUndefined();
      expect((await engine().inspect(made.container))?.state).toBe('paused');
      await engine().remove(made.container, 1_000);
      expect(await isGone(made)).toBe(true);
    });

    test('of an image that is not there: refused in one line', async () => {
      const missing = `sha256:${'0'.repeat(64)}`;
      const spec = aSpec({
        id: 'noimage',
        image: missing,
        network: world().plan.name,
        address: '10.78.0.17',
      });
      expect(await refusalOf(engine().create(spec))).toMatch(/no such image/i);
      expect(await engine().rigContainers('noimage')).toEqual([]);
    });

    test('that is not there: nothing to see, nothing to remove, refused to start', async () => {
      const unknown = 'f'.repeat(64);
      expect(await engine().inspect(unknown)).toBeUndefined();
      expect(await engine().listeningPorts(unknown)).toBeUndefined();
      expect(await engine().logTail(unknown, 5)).toEqual([]);
      await engine().remove(unknown, 0);
      expect(await refusalOf(engine().start(unknown))).toMatch(/no such container/i);
    });
  });

  describe("WCS's own settings", () => {
    const settingsFile = 'flashphoner.properties';
    const conf: WcsConf = {
      settings: new Map([
        [settingsFile, new Map(Object.entries({ media_port_to: '31099', new_key: 'é' }))],
        ['log4j.properties', new Map([['log4j.logger.RestClient', 'WARN']])],
      ]),
      options: ['-Xmx512m', '-Xms512m'],
      files: new Map([['wss.jks', '\u0000\u00ff\r\n']]),
    };
    const made = async (id: string, address: string, reference?: string): Promise<string> =>
      (await engine().create(await specFor({ id, address }, reference))).container;

    test('are laid over those of the image, and the rest of them stays; a second time changes nothing', async () => {
      const container = await made('laid', '10.78.0.25');
      const before = await world().conf(container);
      expect(before[settingsFile]).toMatch(/^media_port_to =32000$/m);
      await engine().layOver(container, conf);
      const after = await world().conf(container);
      expect(after).toEqual({
        [settingsFile]: `${before[settingsFile]?.replace('=32000', '=31099')}new_key=\\u00e9\n`,
        'wcs-core.properties': `${before['wcs-core.properties']?.replace('-Xmx1024M', '-Xmx512m')}-Xms512m\n`,
        'log4j.properties': 'log4j.logger.RestClient=WARN\n',
        'wss.jks': '\u0000\u00ff\r\n',
      });
      await engine().layOver(container, conf);
      expect(await world().conf(container)).toEqual(after);
      await engine().layOver(container, { ...conf, files: new Map([['wss.jks', 'new']]) });
      expect(await world().conf(container)).toEqual({ ...after, 'wss.jks': 'new' });
      expect((await engine().inspect(container))?.state).toBe('created');
      expect(await engine().start(container)).toBe('started');
      await engine().remove(container, 0);
    });

    test('stay as they are where there is nothing to lay over', async () => {
      const container = await made('plain', '10.78.0.26');
      const before = await world().conf(container);
      await engine().layOver(container, emptyConf);
      expect(await world().conf(container)).toEqual(before);
      await engine().remove(container, 0);
    });

    test('of a container that is not there: refused in one line', async () => {
      expect(await refusalOf(engine().layOver('f'.repeat(64), conf))).toMatch(/no such container/i);
    });
  });

  describe('the activity of a container', () => {
    const running = async (id: string, address: string): Promise<string> => {
      const { container } = await engine().create(await specFor({ id, address }));
      await engine().start(container);
      await until(async () => (await engine().listeningPorts(container))?.has(8444));
      return container;
    };
    const bytesOf = async (container: string): Promise<number> => {
      const seen = await engine().networkBytes(container);
      if (!seen) throw new Error('its counters cannot be seen');
      return seen.received + seen.sent;
    };

    test('is what its network carried; looking at it does not count', async () => {
      const container = await running('bytes', '10.78.0.21');
      const begun = await bytesOf(container);
      await world().carry(container, 300_000);
      const after = await bytesOf(container);
      expect(after - begun).toBeGreaterThanOrEqual(300_000);
      expect(after - begun).toBeLessThan(600_000);
      for (let look = 0; look < 10; look += 1) {
        await engine().statistics(container);
        await engine().networkBytes(container);
        await engine().listeningPorts(container);
      }
      // What the network says by itself is some hundred bytes.
      expect((await bytesOf(container)) - after).toBeLessThan(3_000);
      await engine().remove(container, 0);
    });

    test("is what WCS's own statistics show, as far as they answer", async () => {
      const container = await running('stats', '10.78.0.22');
      const quiet = await engine().statistics(container);
      for (const key of ['connections', 'connections_websocket', 'streams_webrtc_in', 'streams_webrtc_out']) {
        expect([key, quiet?.get(key)]).toEqual([key, 0]);
      }
      await world().stream(container, 2);
      expect((await engine().statistics(container))?.get('streams_webrtc_in')).toBe(2);
      await world().silenceStatistics(container);
      expect(await engine().statistics(container)).toBeUndefined();
      expect(await engine().networkBytes(container)).toBeDefined();
      await engine().remove(container, 0);
    });

    test('cannot be seen before it runs, while it is paused, when it ended, and once it is gone', async () => {
      const blind = async (container: string): Promise<void> => {
        expect(await engine().networkBytes(container)).toBeUndefined();
        expect(await engine().statistics(container)).toBeUndefined();
      };
      const { container } = await engine().create(await specFor({ id: 'blind', address: '10.78.0.23' }));
      await blind(container);
      await engine().start(container);
      await world().pause(container);
      await blind(container);
      await engine().remove(container, 0);
      await blind(container);
      const spec = await specFor({ id: 'over', address: '10.78.0.24' }, world().exiting);
      const over = await engine().create(spec);
      await engine().start(over.container);
      await until(async () => (await engine().inspect(over.container))?.state === 'exited');
      await blind(over.container);
      await engine().remove(over.container, 0);
    });
  });

  describe('what is not ours', () => {
    test("another installation's rig is not seen and not removed", async () => {
      const theirs = await world().rival.create(await specFor({ id: 'theirs', address: '10.78.0.18' }));
      expect(await engine().rigs()).toEqual([]);
      expect(await engine().inspect(theirs.container)).toBeUndefined();
      expect(await refusalOf(engine().remove(theirs.container, 0))).toContain('is not one of ours');
      expect(await world().rival.rigContainers('theirs')).toHaveLength(1);
      await world().rival.remove(theirs.container, 0);
    });

    test('a foreign container with the name of ours is refused by name and left alone', async () => {
      const foreign = await world().addForeignContainer('wcs-foreign-g1');
      const spec = await specFor({ id: 'foreign', address: '10.78.0.19' });
      const refusal = await refusalOf(engine().create(spec));
      expect(refusal).toContain('wcs-foreign-g1');
      expect(refusal).toContain('is not one of ours and is left alone');
      expect(await world().hasContainer(foreign)).toBe(true);
    });
  });

  describe('images', () => {
    const pullTag = async (tag: string): Promise<string> => {
      const digest = await world().publish(tag);
      const reference = `${world().repository}:${tag}`;
      expect(await engine().pull(reference, () => undefined, never)).toEqual({ kind: 'pulled' });
      return digest;
    };
    const idOf = async (tag: string): Promise<string | undefined> =>
      (await engine().localImage(`${world().repository}:${tag}`))?.id;

    test('that are not there', async () => {
      expect(await engine().localImage(`${world().repository}:nothing`)).toBeUndefined();
      const looked = await engine().registryDigest(`${world().repository}:nothing`, never);
      expect(looked).toMatchObject({ kind: 'silent', detail: expect.stringMatching(/manifest unknown/) });
      const pulled = await engine().pull(`${world().repository}:nothing`, () => undefined, never);
      expect(pulled).toMatchObject({
        kind: 'failed',
        detail: expect.stringMatching(/^[^\n]*manifest unknown[^\n]*$/),
      });
    });

    test('are pulled with progress, and known by what the registry calls them', async () => {
      const digest = await world().publish('one');
      const reference = `${world().repository}:one`;
      expect(await engine().registryDigest(reference, never)).toEqual({ kind: 'digest', digest });
      const percents: (number | undefined)[] = [];
      expect(await engine().pull(reference, (percent) => percents.push(percent), never)).toEqual({
        kind: 'pulled',
      });
      expect(percents[0]).toBeUndefined();
      expect(percents.at(-1)).toBe(100);
      expect(percents.slice(1)).toEqual(percents.slice(1).toSorted((one = 0, other = 0) => one - other));
      expect((await engine().localImage(reference))?.registryDigests).toEqual([digest]);

      const newer = await world().publish('one');
      expect(newer).not.toBe(digest);
      expect(await engine().registryDigest(reference, never)).toEqual({ kind: 'digest', digest: newer });
      expect((await engine().localImage(reference))?.registryDigests).toEqual([digest]);
    });

    test('have tags, which are told of one repository alone', async () => {
      for (const tag of ['t2', 't1']) await pullTag(tag);
      const tags = await engine().localTags(world().repository);
      expect(tags.filter((tag) => /^t\d$/.test(tag))).toEqual(['t1', 't2']);
      expect(await engine().localTags('flashphoner/webcallserver')).toEqual(['exits', 'latest']);
      expect(await engine().localTags('nobody/has-this')).toEqual([]);
    });

    test('of the repository go when unused, but for the newest; others stay', async () => {
      const tags = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
      for (const tag of tags) await pullTag(tag);
      const ids = await Promise.all(tags.map(idOf));
      const used = await engine().create(
        aSpec({ id: 'user', image: ids[0] ?? '', network: world().plan.name, address: '10.78.0.20' }),
      );
      const removed = await engine().pruneImages(world().repository, 3);
      expect(removed).toContain(ids[1]);
      expect(removed).toContain(ids[2]);
      expect(await Promise.all(tags.map(idOf))).toEqual([
        ids[0],
        undefined,
        undefined,
        ids[3],
        ids[4],
        ids[5],
      ]);
      expect(await engine().localImage(world().working)).toBeDefined();
      expect(await engine().localImage(world().exiting)).toBeDefined();
      expect(await engine().pruneImages(world().repository, 3)).toEqual([]);
      await engine().remove(used.container, 0);
    });
  });
});
