// The image as a rig gets it: looked up in the registry, pulled when it is missing or changed, the local one when the
// registry is silent, and older ones cleared away.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askEngine } from '../../src/demo/find-engine.ts';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { type Bench, openBench } from '../support/a-worker.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { type PrivateRegistry, startPrivateRegistry } from '../support/private-registry.ts';

const base = 'localhost/stand-in:base';

describe('the image of a rig', () => {
  let lan: Lan;
  let redis: PrivateRedis;
  let engine: PrivateEngine;
  let registry: PrivateRegistry;
  let bench: Bench;
  let worker: RunningWorker | undefined;
  let repository: string;

  beforeAll(async () => {
    lan = await createLan({ hosts: ['h1'] });
    const { namespace } = lan.host('h1');
    [redis, engine, registry] = await Promise.all([
      startPrivateRedis(),
      startPrivateEngine({ namespace }),
      startPrivateRegistry({ namespace }),
    ]);
    await buildStandIn({ dockerHost: engine.dockerHost, reference: base, env: { STAND_IN_BOOT_MS: '50' } });
  });
  afterAll(async () => {
    await registry?.stop();
    await engine?.stop();
    await redis?.stop();
    await lan?.stop();
  });
  beforeEach(async ({ task }) => {
    repository = `${registry.host}/wcs-${task.id.slice(-6).replaceAll(/[^a-z0-9]/g, '')}`;
    bench = await openBench({
      redisUrl: redis.url,
      dockerHost: engine.dockerHost,
      image: `${repository}:latest`,
    });
  });
  afterEach(async () => {
    registry.wake();
    await worker?.stop();
    worker = undefined;
    await askEngine(engine.dockerHost, 'DELETE', `/networks/${bench.installation}-rigs`);
    await bench.close();
  });

  const publish = (build: string, tag = 'latest'): Promise<string> =>
    registry.publishFrom(engine.dockerHost, base, `${repository}:${tag}`, { BUILD: build });

  /** One rig, up and down again: what it ran, and what was reported on the way. */
  const oneRig = async (tag = 'latest') => {
    const rig = await bench.claim({ tag });
    await bench.launch(rig);
    const { saw } = await bench.report(rig.id, 'starting');
    await bench.report(rig.id, 'ready');
    await bench.stop(rig);
    await bench.report(rig.id, 'gone');
    if (saw.kind !== 'starting') throw new Error('it did not start');
    return { image: saw.image, kinds: bench.reports(rig.id).map((report) => report.saw.kind) };
  };

  it('is pulled when it is missing, with progress, and not again while nothing changed', async () => {
    await publish('one');
    worker = await bench.startWorker({ WCS_PROGRESS: '1ms', WCS_REGISTRY_CHECK: '1ms' });
    const first = await oneRig();
    expect(first.kinds).toContain('pulling');
    expect(first.image.unchecked).toBe(false);
    const second = await oneRig();
    expect(second.kinds).not.toContain('pulling');
    expect(second.image).toEqual(first.image);
  });

  it('is the new one when the tag moved, so that `latest` is not frozen on the day of the first pull', async () => {
    await publish('one');
    worker = await bench.startWorker({ WCS_REGISTRY_CHECK: '1ms' });
    const before = await oneRig();
    await publish('two');
    const after = await oneRig();
    expect(after.image.digest).not.toBe(before.image.digest);
    expect(after.image.unchecked).toBe(false);
  });

  it('is looked up at most so often', async () => {
    await publish('one');
    worker = await bench.startWorker({ WCS_REGISTRY_CHECK: '10m' });
    const before = await oneRig();
    await publish('two');
    expect((await oneRig()).image).toEqual(before.image);
  });

  it('is the local one when the registry says nothing, and says so', async () => {
    await publish('one');
    worker = await bench.startWorker({ WCS_REGISTRY_CHECK: '1ms', WCS_REGISTRY_TIMEOUT: '500ms' });
    const before = await oneRig();
    registry.silence();
    const after = await oneRig();
    expect(after.image).toEqual({ ...before.image, unchecked: true });
  });

  it('leaves the last three unused ones, and everything foreign', async () => {
    worker = await bench.startWorker({ WCS_REGISTRY_CHECK: '1ms' });
    for (const build of ['one', 'two', 'three', 'four', 'five', 'six']) {
      await publish(build, build);
      await oneRig(build);
    }
    const { body } = await askEngine(engine.dockerHost, 'GET', '/images/json');
    for (const build of ['four', 'five', 'six']) expect(body).toContain(`${repository}:${build}`);
    for (const build of ['one', 'two']) expect(body).not.toContain(`${repository}:${build}"`);
    expect(body).toContain(base);
  });
});
