// Dockerfile, docker-compose.yml and .env.example: they say the same as the configuration does, Debian's docker-compose
// reads them, the image builds, and Redis and a worker run from it on a private engine. No registry is asked.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  botVariables,
  commonVariables,
  knownVariables,
  workerVariables,
} from '../../src/config/variables.ts';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { openClient } from '../../src/docker/client.ts';
import { importBaseImages } from '../support/base-images.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const example = await readFile(join(root, '.env.example'), 'utf8');

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
      network_mode: z.string().optional(),
      depends_on: z.unknown().optional(),
      cap_add: z.array(z.string()).optional(),
      cap_drop: z.array(z.string()).optional(),
      privileged: z.boolean().optional(),
      profiles: z.array(z.string()),
    }),
  ),
});

const passwords = {
  WCS_SECRET: 'a-secret-of-the-fleet-0123456789abcdef',
  WCS_REDIS_PASSWORD: 'r3d1spassw0rd',
};

/** .env.example with these values written in. */
const filledIn = (values: Readonly<Record<string, string>>): string =>
  Object.entries({ ...passwords, ...values }).reduce((text, [name, value]) => {
    const line = new RegExp(`^#?${name}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`.env.example has no ${name}`);
    return text.replace(line, `${name}=${value}`);
  }, example);

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), 'compose-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nothing of this process's environment reaches it but PATH, so that .env alone decides. */
const compose = async (
  values: Readonly<Record<string, string>>,
  words: readonly string[],
  dockerHost = '',
): Promise<string> => {
  const file = join(folder, '.env');
  await writeFile(file, filledIn(values));
  const options = ['--project-directory', root, '-f', join(root, 'docker-compose.yml'), '--env-file', file];
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    DOCKER_HOST: dockerHost,
    COMPOSE_DOCKER_CLI_BUILD: '0',
  };
  const { stdout } = await run('docker-compose', [...options, '-p', 'compose-test', ...words], { env });
  return stdout;
};

const composed = async (values: Readonly<Record<string, string>>) =>
  composeSchema.parse(parse(await compose(values, ['config']))).services;

describe('.env.example', () => {
  it('names every variable there is, once, and no other', () => {
    const names = Array.from(example.matchAll(/^#?([A-Z][A-Z_]+)=/gm), ([, name = '']) => name);
    expect(names.sort()).toEqual([...knownVariables].sort());
  });
});

describe('docker-compose.yml', () => {
  it('gives each service exactly what it reads, and Slack’s tokens to the bot alone', async () => {
    const { bot, worker, redis } = await composed({ COMPOSE_PROFILES: 'bot,worker' });
    const sorted = (names: readonly string[]) => names.toSorted();
    expect(sorted(Object.keys(bot?.environment ?? {}))).toEqual(
      sorted([...commonVariables, ...botVariables]),
    );
    expect(sorted(Object.keys(worker?.environment ?? {}))).toEqual(
      sorted([...commonVariables, ...workerVariables]),
    );
    expect(Object.keys(redis?.environment ?? {}).sort()).toEqual(['REDISCLI_AUTH', 'WCS_REDIS_PASSWORD']);
  });

  it('takes values from .env, and leaves out what is not set', async () => {
    const values = {
      COMPOSE_PROFILES: 'bot,worker',
      WCS_RANGE: '10.0.0.10-10.0.0.19',
      WCS_REDIS_HOST: '10.0.0.5',
    };
    const { bot, worker } = await composed(values);
    expect(worker?.environment).toMatchObject({
      WCS_RANGE: '10.0.0.10-10.0.0.19',
      WCS_SECRET: passwords.WCS_SECRET,
      WCS_NETWORK: null,
      REDIS_URL: `redis://:${passwords.WCS_REDIS_PASSWORD}@10.0.0.5:6379`,
    });
    expect(bot?.environment).toMatchObject({
      REDIS_URL: `redis://:${passwords.WCS_REDIS_PASSWORD}@redis:6379`,
    });
  });

  it('mounts the folder of WCS_CONF at its own path, and none where it is a list', async () => {
    const folder = '/srv/wcs conf';
    const common = { COMPOSE_PROFILES: 'worker' };
    const { worker } = await composed({ ...common, WCS_CONF: folder, WCS_CONF_FOLDER: folder });
    expect(worker?.environment.WCS_CONF).toBe(folder);
    expect(worker?.volumes).toContain(`${folder}:${folder}:ro`);
    const list = 'codecs=opus,alaw,-Xmx1g';
    const { worker: other } = await composed({ ...common, WCS_CONF: list });
    expect(other?.environment.WCS_CONF).toBe(list);
    expect(other?.volumes).toContain('/etc/hostname:/etc/wcs-conf:ro');
  });

  it('publishes Redis on loopback, and on one LAN address where that is set', async () => {
    const loopback = { COMPOSE_PROFILES: 'bot' };
    expect((await composed(loopback)).redis?.ports).toEqual([
      '127.0.0.1:6379:6379/tcp',
      '127.0.0.2:6379:6379/tcp',
    ]);
    const further = { ...loopback, WCS_REDIS_BIND: '192.168.23.5' };
    expect((await composed(further)).redis?.ports).toEqual([
      '127.0.0.1:6379:6379/tcp',
      '192.168.23.5:6379:6379/tcp',
    ]);
  });

  it('does not start without a password for Redis', async () => {
    const refusal: unknown = await compose({ WCS_REDIS_PASSWORD: '' }, ['config']).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ stderr: expect.stringContaining('write one into .env') });
  });

  it('has the worker on the host’s network with one capability, waiting for no service', async () => {
    const { worker } = await composed({ COMPOSE_PROFILES: 'bot,worker' });
    expect(worker).toMatchObject({ network_mode: 'host', cap_drop: ['ALL'], cap_add: ['NET_RAW'] });
    expect(worker?.depends_on).toBeUndefined();
    expect(worker?.privileged).toBeUndefined();
  });
});

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
};

/** In memory, where there is enough: the build's many small files take half a minute on a disk, and 4 s there. */
const quickPlace = async (): Promise<string | undefined> => {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > 2 ** 31 ? join(memory, `compose-test-${randomUUID()}`) : undefined;
};

describe('on a private engine', () => {
  let engine: PrivateEngine | undefined;
  let values: Record<string, string> = {};

  const up = (...words: string[]): Promise<string> => compose(values, words, engine?.dockerHost);

  const inspect = async (service: string) => {
    const id = (await up('ps', '-q', service)).trim();
    const client = openClient(engine?.dockerHost, 10_000);
    try {
      return await client.quick.getContainer(id).inspect();
    } finally {
      client.close();
    }
  };

  beforeAll(async () => {
    engine = await startPrivateEngine({ directory: await quickPlace() });
    await importBaseImages(engine.dockerHost, root.replace(/\/$/, ''));
    values = {
      COMPOSE_PROFILES: 'bot,worker',
      WCS_REDIS_PORT: String(await freePort()),
      PORT: String(await freePort()),
      WCS_HEALTH_PORT: String(await freePort()),
      WCS_INSTALLATION: 'compose-test',
      WCS_NETWORK: 'bridge',
      WCS_RANGE: '198.51.100.10-198.51.100.12',
      WCS_RIG_MEMORY: '128m',
      WCS_DOCKER_SOCKET: engine.dockerHost.replace('unix://', ''),
      WCS_STATE_DIR: join(folder, 'state'),
    };
    await up('build');
  });

  afterAll(async () => {
    await engine?.stop();
  });

  it('the image runs as nobody special, checks its health and says its version', async () => {
    const client = openClient(engine?.dockerHost, 10_000);
    const image = await client.quick
      .getImage('wcs-rigs')
      .inspect()
      .finally(() => client.close());
    expect(image.Config.User).toBe('1000:1000');
    expect(image.Config).toMatchObject({ Healthcheck: { Test: ['CMD', 'node', 'src/main.ts', 'health'] } });
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    expect((await up('run', '--rm', '--no-deps', 'bot', '--version')).trim()).toBe(version);
  });

  it('the image holds the source and production packages, and nothing else of the checkout', async () => {
    const ls = ['run', '--rm', '--no-deps', '--entrypoint', 'ls', 'bot'];
    expect((await up(...ls, '-A', '/app')).trim().split(/\s+/)).toEqual([
      'node_modules',
      'package.json',
      'src',
    ]);
    const packages = (await up(...ls, '/app/node_modules')).split(/\s+/);
    expect(packages).toContain('bullmq');
    expect(packages).not.toContain('vitest');
  });

  it('a worker has what it asks the LAN with, and what it makes its helper of', async () => {
    const worker = ['run', '--rm', '--no-deps', '--entrypoint'];
    expect(await up(...worker, 'arping', 'worker', '-V')).toContain('iputils');
    expect(await up(...worker, '/bin/busybox', 'worker', 'arping', '--help')).not.toBeUndefined();
  });

  it('what runs is what COMPOSE_PROFILES in .env says', async () => {
    const client = openClient(engine?.dockerHost, 10_000);
    const made = async (profiles: string): Promise<readonly string[]> => {
      await compose({ ...values, COMPOSE_PROFILES: profiles }, ['up', '--no-start'], engine?.dockerHost);
      const containers = await client.quick.listContainers({ all: true });
      await up('down');
      return containers.flatMap(({ Labels }) => Labels['com.docker.compose.service'] ?? []).toSorted();
    };
    try {
      expect(await made('worker')).toEqual(['worker']);
      expect(await made('bot')).toEqual(['bot', 'redis']);
      expect(await made('bot,worker')).toEqual(['bot', 'redis', 'worker']);
    } finally {
      client.close();
    }
  });

  it('a bot without tokens says what is missing', async () => {
    const words = ['run', '--rm', '--no-deps', 'bot', 'bot'];
    const refusal: unknown = await up(...words).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 1 });
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(refusal);
    expect(stdout + stderr).toContain('SLACK_BOT_TOKEN is missing');
  });

  it('Redis and a worker come up and are well; Redis keeps what it is told and wants its password', async () => {
    await up('up', '-d', '--no-build', 'redis', 'worker');
    for (const service of ['redis', 'worker']) {
      const state = async () => (await inspect(service)).State.Health?.Status;
      try {
        await expect.poll(state, { timeout: 60_000, interval: 500 }).toBe('healthy');
      } catch (error) {
        throw new Error(await up('logs', '--no-color', service), { cause: error });
      }
    }
    const port = Number(values.WCS_REDIS_PORT);
    const redis = new Redis({
      host: '127.0.0.1',
      port,
      password: passwords.WCS_REDIS_PASSWORD,
      lazyConnect: true,
    });
    const stranger = new Redis({ host: '127.0.0.2', port, lazyConnect: true });
    // It refuses at once, and says so twice; the test asks for one of them.
    stranger.on('error', () => undefined);
    try {
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
      expect((await redis.keys('*compose-test*')).length).toBeGreaterThan(0);
      await expect(stranger.get('a')).rejects.toThrow('NOAUTH');
    } finally {
      redis.disconnect();
      stranger.disconnect();
    }
  });

  it('the worker has one capability, the host’s name, and ends within its grace', async () => {
    const worker = await inspect('worker');
    expect(worker.HostConfig.CapAdd).toEqual(['NET_RAW']);
    expect(worker.HostConfig.Privileged).toBe(false);
    expect(worker.Config.Hostname).toBe(os.hostname());
    const from = performance.now();
    await up('stop', 'worker');
    expect(performance.now() - from).toBeLessThan(20_000);
    expect((await inspect('worker')).State.ExitCode).toBe(0);
  });
});
