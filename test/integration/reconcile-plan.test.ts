// `reconcile --dry-run` as an operator meets it: what the bot would do next, and nothing is done.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import type { RigFile } from '../../src/ports/rig-files.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import type { SurveyedContainer } from '../../src/rig/survey.ts';
import { aClaim, aRegistration } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { run } from '../support/run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const stranger = (rig: string): SurveyedContainer<RigFile> => ({
  rig,
  generation: 1,
  address: '10.0.0.12',
  state: 'running',
  madeAt: 1,
  birth: undefined,
  kept: undefined,
});

describe('the plan', () => {
  let redis: PrivateRedis;
  let registry: Registry;

  const plan = (...words: readonly string[]) =>
    run([
      'env',
      '-i',
      `PATH=${process.env.PATH ?? ''}`,
      `REDIS_URL=${redis.url}`,
      process.execPath,
      main,
      'reconcile',
      ...words,
    ]);

  beforeAll(async () => {
    redis = await startPrivateRedis();
    registry = await connectRegistry({ address: addressOf(redis.url), installation: 'wcs', log: silent });
  });
  afterAll(async () => {
    registry.close();
    await redis.stop();
  });

  it('of no host says so', async () => {
    expect(await plan('--dry-run')).toMatchObject({ code: 0, stdout: 'no host has joined yet\n' });
  });

  it('says for each host what would be done, and does none of it', async () => {
    await registry.presence.take(aRegistration(), 's1');
    await registry.presence.take(aRegistration({ name: 'h2', lan: 'lab', addresses: ['10.0.1.9'] }), 's2');
    await registry.rigs.claim(aClaim('a'));
    const stored = await registry.rigs.get('a');
    if (!stored) throw new Error('no rig a');
    const state = { kind: 'running', since: 1 } as const;
    await registry.rigs.save({
      rig: { ...stored.rig, state },
      version: stored.version,
      told: [],
      release: false,
    });
    const started = registry.clock.now();
    await registry.surveys.sight('h1', new Map(['x', 'y', 'z'].map((rig) => [`${rig}.1`, 1])));
    const containers = ['new', 'x', 'y', 'z'].map(stranger);
    await registry.surveys.put({ v: 1, host: 'h1', started, containers, notes: [] });
    const { code, stdout } = await plan('--dry-run');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^h1: 4 containers, seen .* ago; 5 steps$/),
      '  ▲ 3 of 4 would be removed: held back until an admin says `/wcs allow h1`',
      `  watch new g1, which nobody knows, seen first ${new Date(started).toISOString()}`,
      '  remove x g1: nobody knows it',
      '  remove y g1: nobody knows it',
      '  remove z g1: nobody knows it',
      '  have its host look by id at a (a), which should run and was not seen',
      'h2: has not said yet what it has',
      '',
    ]);
    expect((await registry.rigs.get('a'))?.rig.state.kind).toBe('running');
    expect(await registry.breaker.list()).toEqual([]);
  });

  it('is all that there is to it: without --dry-run it says who does it', async () => {
    const { code, stderr } = await plan();
    expect(code).toBe(2);
    expect(stderr).toContain('the bots do it by themselves; --dry-run prints what they would do next');
  });
});
