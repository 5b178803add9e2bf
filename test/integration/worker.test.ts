// The worker on a real engine and a real Redis: what it makes, what it refuses to make, and what it leaves behind.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askEngine } from '../../src/demo/find-engine.ts';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import { readRecord } from '../../src/redis/records.ts';
import { deriveSecrets } from '../../src/secrets.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { type Bench, fleetSecret, openBench } from '../support/a-worker.ts';
import { insideStandIn } from '../support/inside-stand-in.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { mustRun } from '../support/run.ts';

const repository = 'localhost/stand-in';

describe('the worker', () => {
  let lan: Lan;
  let redis: PrivateRedis;
  let engine: PrivateEngine;
  let bench: Bench;
  let worker: RunningWorker | undefined;

  beforeAll(async () => {
    lan = await createLan({ hosts: ['h1'] });
    redis = await startPrivateRedis();
    engine = await startPrivateEngine({ namespace: lan.host('h1').namespace });
    const { dockerHost } = engine;
    await buildStandIn({ dockerHost, reference: `${repository}:latest`, env: { STAND_IN_BOOT_MS: '200' } });
    await buildStandIn({ dockerHost, reference: `${repository}:slow`, env: { STAND_IN_BOOT_MS: '2000' } });
    await buildStandIn({ dockerHost, reference: `${repository}:broken`, env: { STAND_IN_FAIL: 'exit' } });
    await buildStandIn({ dockerHost, reference: `${repository}:deaf`, env: { STAND_IN_FAIL: 'hang' } });
  });
  afterAll(async () => {
    await engine?.stop();
    await redis?.stop();
    await lan?.stop();
  });
  beforeEach(async () => {
    bench = await openBench({
      redisUrl: redis.url,
      dockerHost: engine.dockerHost,
      image: `${repository}:latest`,
    });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    const { installation } = bench;
    const docker = connectEngine({
      dockerHost: engine.dockerHost,
      installation,
      registryAuthFile: undefined,
      log: bench.log,
    });
    for (const { container } of await docker.rigs()) await docker.remove(container, 0);
    docker.close();
    await askEngine(engine.dockerHost, 'DELETE', `/networks/${installation}-rigs`);
    await bench.close();
  });

  const rigContainers = async (rig: string) => {
    const { installation, log } = bench;
    const docker = connectEngine({
      dockerHost: engine.dockerHost,
      installation,
      registryAuthFile: undefined,
      log,
    });
    try {
      return await docker.rigContainers(rig);
    } finally {
      docker.close();
    }
  };
  const environmentOf = (container = ''): Promise<string> =>
    mustRun(['docker', '--host', engine.dockerHost, 'inspect', '-f', '{{.Config.Env}}', container]);
  const rigFiles = async (): Promise<string[]> =>
    (await readdir(join(bench.stateDir, bench.installation))).filter((name) => name.endsWith('.json')).sort();

  it('brings a rig up on its address, notes it on its disk, and takes it down without a trace', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    const starting = await bench.report(rig.id, 'starting');
    expect(starting.saw).toMatchObject({ image: { licensed: true, unchecked: true } });
    await bench.report(rig.id, 'ready');
    const [container] = await rigContainers(rig.id);
    expect(container).toMatchObject({ state: 'running', address: rig.address, generation: 1 });
    expect(await rigFiles()).toEqual([`${rig.id}.json`]);
    await bench.stop(rig);
    await bench.report(rig.id, 'gone');
    expect(await rigContainers(rig.id)).toEqual([]);
    expect(await rigFiles()).toEqual([]);
  });

  it('starts nothing without a claim, and nothing whose stop was decided', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    const orphan = { ...rig, id: 'nobody' };
    await bench.launch(orphan);
    expect((await bench.report('nobody', 'failed')).saw).toMatchObject({ reason: { kind: 'superseded' } });

    const stored = await bench.registry.rigs.get(rig.id);
    if (!stored) throw new Error('the rig is not there');
    const state = { kind: 'stopping', since: 0, reason: { kind: 'asked', by: rig.owner } } as const;
    await bench.registry.rigs.save({
      rig: { ...rig, state },
      version: stored.version,
      told: [],
      release: false,
    });
    await bench.launch(rig);
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({ reason: { kind: 'superseded' } });
    expect(await rigContainers(rig.id)).toEqual([]);
  });

  it('starts nothing after its deadline', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig, bench.registry.clock.now() - 1);
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({ reason: { kind: 'too-late' } });
    expect(await rigContainers(rig.id)).toEqual([]);
  });

  it('says with its last words what a rig died of, without its secrets, and removes it', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim({ tag: 'broken' });
    await bench.launch(rig);
    const { saw } = await bench.report(rig.id, 'failed');
    expect(saw).toMatchObject({ reason: { kind: 'exited', exitCode: 7 } });
    if (saw.kind !== 'failed') throw new Error('it did not fail');
    const text = saw.tail.join('\n');
    expect(text).not.toBe('');
    expect(text).not.toContain(deriveSecrets(fleetSecret, bench.installation).password(rig.id, 1));
    expect(text).not.toContain('LICENCE-1234567890');
    expect(await rigContainers(rig.id)).toEqual([]);
    // Why it ended stays on the disk until the registry knows.
    expect(await rigFiles()).toEqual([`${rig.id}.json`]);
    await bench.stop(rig);
    await bench.report(rig.id, 'gone');
    expect(await rigFiles()).toEqual([]);
  });

  it('gives up on a rig that never listens, and names the ports', async () => {
    worker = await bench.startWorker({ WCS_READY_TIMEOUT: '1s' });
    const rig = await bench.claim({ tag: 'deaf' });
    await bench.launch(rig);
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({
      reason: { kind: 'not-ready', missingPorts: [8444, 8443] },
    });
    expect(await rigContainers(rig.id)).toEqual([]);
  });

  it('says which image is missing', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim({ tag: 'never-built' });
    await bench.launch(rig);
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({
      reason: { kind: 'no-image', reference: `${repository}:never-built` },
    });
  });

  it('stops a rig that is still booting, and reports it gone once', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim({ tag: 'deaf' });
    await bench.launch(rig);
    await bench.report(rig.id, 'starting');
    await bench.stop(rig);
    await bench.report(rig.id, 'gone');
    expect(await rigContainers(rig.id)).toEqual([]);
    expect(bench.reports(rig.id).map(({ saw }) => saw.kind)).toEqual(['starting', 'gone']);
  });

  it('finds what an earlier run left, and goes on from there', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim({ tag: 'slow' });
    await bench.launch(rig);
    await bench.report(rig.id, 'starting');
    const [before] = await rigContainers(rig.id);
    await worker.stop();
    worker = await bench.startWorker();
    await bench.report(rig.id, 'ready');
    const after = await rigContainers(rig.id);
    expect(after.map(({ container }) => container)).toEqual([before?.container]);
  });

  it('sees that a rig ended by itself, or was removed by hand, and says so with its last words', async () => {
    worker = await bench.startWorker({ WCS_WATCH: '200ms' });
    const [killed, removed] = [await bench.claim(), await bench.claim()];
    for (const rig of [killed, removed]) {
      await bench.launch(rig);
      await bench.report(rig.id, 'ready');
    }
    const nameOf = async (rig: string): Promise<string> => (await rigContainers(rig))[0]?.container ?? '';
    // Longer than two looks, so that it was seen running.
    await delay(600);
    await mustRun(['docker', '--host', engine.dockerHost, 'kill', await nameOf(killed.id)]);
    const died = (await bench.report(killed.id, 'failed')).saw;
    expect(died).toMatchObject({ reason: { kind: 'died', exitCode: 137, outOfMemory: false } });
    if (died.kind !== 'failed') throw new Error('it did not fail');
    expect(died.tail.length).toBeGreaterThan(0);
    expect(await rigContainers(killed.id)).toEqual([]);

    await mustRun(['docker', '--host', engine.dockerHost, 'rm', '-f', await nameOf(removed.id)]);
    expect((await bench.report(removed.id, 'failed')).saw).toEqual({
      kind: 'failed',
      reason: { kind: 'removed' },
      tail: [],
    });
    expect(await rigFiles()).toEqual([`${killed.id}.json`, `${removed.id}.json`].sort());
  });

  it('leaves a rig alone that it is told to stop', async () => {
    worker = await bench.startWorker({ WCS_WATCH: '100ms' });
    for (let round = 0; round < 3; round += 1) {
      const rig = await bench.claim();
      await bench.launch(rig);
      await bench.report(rig.id, 'ready');
      await delay(300);
      await bench.stop(rig);
      await bench.report(rig.id, 'gone');
      await delay(300);
      expect(bench.reports(rig.id).map(({ saw }) => saw.kind)).not.toContain('failed');
    }
  });

  it('is the only one for its host name, and names both', async () => {
    worker = await bench.startWorker({ WCS_PRESENCE: '1s' });
    await expect(bench.startWorker({ WCS_PRESENCE: '1s' })).rejects.toThrow(
      /host h1 is already served by the worker ".* pid \d+ .*"; this one, ".* pid \d+ .*", does not start/,
    );
  });

  it('believes no rig file but its own', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    const path = join(bench.stateDir, bench.installation, `${rig.id}.json`);
    const text = await readFile(path, 'utf8');
    expect(text).toContain(rig.name);
    expect(text).not.toContain(deriveSecrets(fleetSecret, bench.installation).password(rig.id, 1));
    await writeFile(path, text.replaceAll('anna', 'eve'));
    const { openRigFiles } = await import('../../src/host/rig-files.ts');
    const secrets = deriveSecrets(fleetSecret, bench.installation);
    const files = await openRigFiles(join(bench.stateDir, bench.installation), secrets, bench.log);
    expect(await files.read(rig.id)).toBeUndefined();
    await writeFile(path, text);
    const file = await files.read(rig.id);
    expect(file && readRecord(file.text).rig).toMatchObject({
      owner: { name: 'anna' },
      address: rig.address,
    });
  });

  it('starts the next generation, of another build, on the same address with another password', async () => {
    worker = await bench.startWorker({ WCS_WATCH: '100ms' });
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    const [before] = await rigContainers(rig.id);
    // Longer than two looks, so that its end would be noticed.
    await delay(300);
    const next = await bench.restart(rig, 'slow');
    await bench.report(rig.id, 'ready', 2);
    const after = await rigContainers(rig.id);
    expect(after).toMatchObject([{ state: 'running', address: rig.address, generation: 2 }]);
    expect(after[0]?.image.id).not.toBe(before?.image.id);
    expect(await environmentOf(after[0]?.container)).toContain(
      `PASSWORD=${deriveSecrets(fleetSecret, bench.installation).password(rig.id, 2)}`,
    );
    await delay(300);
    expect(bench.reports(rig.id).map(({ saw }) => saw.kind)).not.toContain('failed');

    await bench.stop(next);
    await bench.report(rig.id, 'gone', 2);
    expect(await rigContainers(rig.id)).toEqual([]);
    expect(await rigFiles()).toEqual([]);
  });

  it('says of a restart that has no image which one, and leaves nothing of either generation', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    await bench.restart(rig, 'never-built');
    expect((await bench.report(rig.id, 'failed', 2)).saw).toMatchObject({
      reason: { kind: 'no-image', reference: `${repository}:never-built` },
      tail: [],
    });
    expect(await rigContainers(rig.id)).toEqual([]);
  });

  it('tells the last lines of a log to whoever asked, and that it came too late', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    await bench.askLog(rig, 2);
    const { saw } = await bench.report(rig.id, 'log');
    expect(saw).toMatchObject({ to: rig.owner });
    expect(saw.kind === 'log' && saw.lines).toEqual([
      expect.stringMatching(/listening on 8444$/),
      expect.stringMatching(/ready$/),
    ]);

    const other = await bench.claim();
    await bench.askLog(other, 2, bench.registry.clock.now() - 1);
    expect((await bench.report(other.id, 'log')).saw).toEqual({
      kind: 'log',
      to: other.owner,
      lines: undefined,
    });
  });

  it('sees that a rig ran out of memory, within ten seconds', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    const [container] = await rigContainers(rig.id);
    const begun = performance.now();
    await insideStandIn(engine.dockerHost).pretend(container?.container ?? '', 'memory=all');
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({
      reason: { kind: 'died', exitCode: 137, outOfMemory: true },
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await rigContainers(rig.id)).toEqual([]);
  });

  it('sees within ten seconds that a rig was removed by hand', async () => {
    worker = await bench.startWorker();
    const rig = await bench.claim();
    await bench.launch(rig);
    await bench.report(rig.id, 'ready');
    const [container] = await rigContainers(rig.id);
    const begun = performance.now();
    await mustRun(['docker', '--host', engine.dockerHost, 'rm', '-f', container?.container ?? '']);
    expect((await bench.report(rig.id, 'failed')).saw).toMatchObject({ reason: { kind: 'removed' } });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
