// The commands of docs/operations.md, run as they stand there: the copy of Redis, and the removal of everything.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { mustRun } from '../support/run.ts';

/** The blocks of commands below this heading, one after the other. */
const commandsUnder = async (heading: string): Promise<readonly string[]> => {
  const text = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const blocks = [...(section.split('\n## ')[0] ?? '').matchAll(/```(?:sh)?\n(.*?)```/gs)];
  if (blocks.length === 0) throw new Error(`no commands under ${heading}`);
  return blocks.map(([, block = '']) => block);
};

describe('docs/operations.md', () => {
  let fleet: Fleet;
  let stateDir: string;
  let redis: Redis;
  const wcs = () => fleet.installation;

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-operations-'));
    fleet = await startFleet({ hosts: ['h1'] });
    redis = new Redis(fleet.redis.url);
    await fleet.startBot();
    await fleet.startWorker('h1', { WCS_STATE_DIR: stateDir });
    for (const name of ['one', 'two']) await fleet.type(`up ${name} for 1h`);
    for (const name of ['one', 'two']) await fleet.cardSays(name, / is ready/);
  });
  afterAll(async () => {
    redis?.disconnect();
    await fleet?.stop();
    await rm(stateDir, { recursive: true, force: true });
  });

  const docker = (...words: readonly string[]): Promise<string> =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  const run = (commands: string): Promise<string> => {
    const { dockerHost } = fleet.host('h1').engine;
    return mustRun(['env', `DOCKER_HOST=${dockerHost}`, 'bash', '-euo', 'pipefail', '-c', commands]);
  };
  const onRedis = (commands: string): string =>
    commands.replaceAll('redis-cli ', `redis-cli -p ${fleet.redis.port} `);

  it('a copy of Redis that is taken while it runs starts as what it was', async () => {
    const [copy = ''] = await commandsUnder('Backup');
    const from = dirname(fleet.redis.socketPath ?? '');
    const file = join(stateDir, 'copy.tgz');
    const [volume] = /\/var\/lib\/docker\/volumes\/\S+/.exec(copy) ?? [];
    await run(onRedis(copy.replace(volume ?? '?', from).replace('wcs-redis.tgz', file)));
    const names = await redis.hgetall(`{${wcs()}}:names`);
    expect(Object.keys(names).sort()).toEqual(['one', 'two']);
    const directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-restored-'));
    await mustRun(['tar', '-C', directory, '-xzf', file]);
    const restored = await startPrivateRedis({ aof: true, directory });
    const client = new Redis(restored.url);
    try {
      expect(await client.hgetall(`{${wcs()}}:names`)).toEqual(names);
    } finally {
      client.disconnect();
      await restored.stop();
      await rm(directory, { recursive: true });
    }
  });

  it('the removal leaves nothing of this installation, and everything of others', async () => {
    const image = 'localhost/stand-in:latest';
    await docker('create', '--label', 'wcs-rigs.installation=other', '--name', 'theirs', image);
    await docker('create', '--name', 'strange', image);
    await redis.set('{other}:names', 'theirs');
    const [host = '', registry = ''] = await commandsUnder('Removing everything');
    const processes = await fleet.containers('h1');
    expect(processes).toHaveLength(2);
    await fleet.endAll();
    await run(
      host
        .replaceAll('installation=wcs', `installation=${wcs()}`)
        .replaceAll('/var/lib/wcs-rigs/wcs', join(stateDir, wcs())),
    );
    await run(onRedis(registry.replaceAll('{wcs}', `{${wcs()}}`)));
    expect((await docker('ps', '-a', '--format', '{{.Names}}')).trim().split('\n').sort()).toEqual([
      'strange',
      'theirs',
    ]);
    expect(await docker('network', 'ls', '-q', '--filter', 'label=wcs-rigs.installation')).toBe('');
    expect((await mustRun(['ls', stateDir])).trim()).toBe('copy.tgz');
    expect(await redis.keys('*')).toEqual(['{other}:names']);
    // Done twice it finds nothing to do.
    await run(onRedis(registry.replaceAll('{wcs}', `{${wcs()}}`)));
  });
});
