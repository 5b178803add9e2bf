// A worker on a real engine and a real Redis sees whether its rigs are in use, and says so in the registry.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import type { Engine } from '../../src/ports/engine.ts';
import type { SeenUse } from '../../src/rig/use.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { type Bench, openBench } from '../support/a-worker.ts';
import { type InsideStandIn, insideStandIn } from '../support/inside-stand-in.ts';
import { createLan } from '../support/lan.ts';

const image = 'localhost/stand-in:latest';
const gateway = '10.66.0.1';
const environment = { WCS_USE_EVERY: '200ms', WCS_IDLE_RATE: '32k' };
/** Well over the rate, for long enough. */
const [megabyte, seconds] = [1_000_000, 3_000];

describe('a worker', () => {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  let redis: PrivateRedis;
  let bench: Bench;
  let worker: RunningWorker;
  let engine: Engine;
  let inside: InsideStandIn;

  beforeAll(async () => {
    const lan = await createLan({ hosts: ['h1'] });
    undo.push(lan.stop);
    redis = await startPrivateRedis();
    undo.push(() => redis.stop());
    const { dockerHost, stop }: PrivateEngine = await startPrivateEngine({
      namespace: lan.host('h1').namespace,
    });
    undo.push(stop);
    await buildStandIn({ dockerHost, reference: image, env: { STAND_IN_BOOT_MS: '50' } });
    bench = await openBench({ redisUrl: redis.url, dockerHost, image });
    undo.push(() => bench.close());
    const { installation, log } = bench;
    const connected = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log });
    undo.push(connected.close);
    engine = connected;
    inside = insideStandIn(dockerHost);
    worker = await bench.startWorker(environment);
    undo.push(() => worker.stop());
  });
  afterAll(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  const aRunningRig = async (): Promise<{ rig: string; container: string }> => {
    const { id: rig, ...rest } = await bench.claim();
    await bench.launch({ id: rig, ...rest });
    await bench.report(rig, 'ready');
    const [made] = await engine.rigContainers(rig);
    if (!made) throw new Error(`rig ${rig} has no container`);
    return { rig, container: made.container };
  };
  /** The first look of this kind. */
  const seen = async (rig: string, kind: SeenUse['use']['kind']): Promise<SeenUse> => {
    const begun = performance.now();
    for (;;) {
      const found = await bench.registry.uses.of(rig).catch(() => undefined);
      if (found?.use.kind === kind) return found;
      if (performance.now() - begun > 15_000) {
        throw new Error(`not seen as ${kind}, but ${JSON.stringify(found)}\n${bench.log.lines.join('\n')}`);
      }
      await delay(30);
    }
  };

  it('sees the streams that a page publishes, and remembers it when they are over', async () => {
    const { rig, container } = await aRunningRig();
    expect((await seen(rig, 'idle')).usedAt).toBeUndefined();
    await inside.openTab(container, '{"publish":true}');
    const used = await seen(rig, 'streams');
    expect(used).toMatchObject({ generation: 1, use: { count: 2 }, usedAt: used.at, knownAt: used.at });
    expect(Math.abs(bench.registry.clock.now() - used.at)).toBeLessThan(5_000);
    await inside.killTabs(container);
    const idle = await seen(rig, 'idle');
    expect(idle.usedAt).toBeGreaterThanOrEqual(used.at);
    expect(idle.usedAt).toBeLessThan(idle.at);
  });

  it('does not take an open tab for use', async () => {
    const { rig, container } = await aRunningRig();
    await inside.openTab(container);
    await inside.openTab(container, '{"publish":true}', '{"publish":false}');
    while ((await engine.statistics(container))?.get('connections_websocket') !== 2) await delay(50);
    const since = bench.registry.clock.now();
    while ((await seen(rig, 'idle')).at < since + 1_000) await delay(50);
    expect((await bench.registry.uses.of(rig))?.usedAt).toBeUndefined();
  });

  it('sees media that the statistics do not show', async () => {
    const { rig, container } = await aRunningRig();
    const sending = inside.send(container, gateway, megabyte, seconds);
    const { use } = await seen(rig, 'traffic');
    expect(use.kind === 'traffic' && use.bytesPerSecond).toBeGreaterThan(32_768);
    await sending;
    expect((await seen(rig, 'idle')).usedAt).toBeGreaterThan(0);
  });

  it('says unknown of a rig whose statistics do not answer, but for its traffic', async () => {
    const { rig, container } = await aRunningRig();
    const before = await seen(rig, 'idle');
    await inside.pretend(container, 'statistics=off');
    const unknown = await seen(rig, 'unknown');
    expect(unknown.knownAt).toBeGreaterThanOrEqual(before.at);
    expect(unknown.knownAt).toBeLessThan(unknown.at);
    const sending = inside.send(container, gateway, megabyte, seconds);
    const used = await seen(rig, 'traffic');
    expect(used).toMatchObject({ usedAt: used.at, knownAt: used.at });
    await sending;
    await seen(rig, 'unknown');
  });

  it('goes on when Redis was silent, and after it was started again', async () => {
    const { rig } = await aRunningRig();
    await seen(rig, 'idle');
    await redis.kill('SIGSTOP');
    await delay(2_500);
    await redis.kill('SIGCONT');
    const since = bench.registry.clock.now();
    while ((await seen(rig, 'idle')).at < since) await delay(50);
    await worker.stop();
    worker = await bench.startWorker(environment);
    const again = bench.registry.clock.now();
    while ((await seen(rig, 'idle')).at < again) await delay(50);
  });

  it('forgets what is gone: nothing is said of a rig that was stopped', async () => {
    const { rig, container } = await aRunningRig();
    await seen(rig, 'idle');
    const stored = await bench.registry.rigs.get(rig);
    if (!stored) throw new Error('no rig');
    await bench.stop(stored.rig);
    await bench.report(rig, 'gone');
    const last = await bench.registry.uses.of(rig);
    await delay(600);
    expect(await bench.registry.uses.of(rig)).toEqual(last);
    expect(await engine.networkBytes(container)).toBeUndefined();
  });
});
