// The private Redis: it answers where it says, keeps what it should, and is gone with whoever started it.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type PrivateRedisOptions, startPrivateRedis } from '../../src/demo/private-redis.ts';

const start = async (options: PrivateRedisOptions = {}) => {
  const redis = await startPrivateRedis(options);
  onTestFinished(redis.stop);
  return redis;
};

const connect = (to: string) => {
  const client = new Redis(to);
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('it answers by TCP and by its socket, asks for the password, and never evicts', async () => {
  const redis = await start({ unixSocket: true, password: 'a "b\\c' });
  const client = connect(redis.url);
  expect(await client.config('GET', 'maxmemory-policy')).toContain('noeviction');
  expect(redis.version).toMatch(/^\d+\.\d+\.\d+$/);
  await access(redis.socketPath ?? 'no socket');
  const stranger = connect(`redis://127.0.0.1:${redis.port}`);
  await expect(stranger.ping()).rejects.toThrow('NOAUTH');
});

test('with AOF a SIGKILL loses nothing', async () => {
  const redis = await start({ aof: true });
  await connect(redis.url).set('kept', 'yes');
  const before = redis.pid;
  await redis.kill('SIGKILL');
  expect(isAlive(before)).toBe(false);
  await redis.restart();
  expect(redis.pid).not.toBe(before);
  expect(await connect(redis.url).get('kept')).toBe('yes');
});

test('stop ends it and removes its directory', async () => {
  const redis = await startPrivateRedis({ unixSocket: true });
  await redis.stop();
  await redis.stop();
  expect(isAlive(redis.pid)).toBe(false);
  await expect(access(redis.socketPath ?? tmpdir())).rejects.toThrow('ENOENT');
});

test('it ends with its owner, even if the owner is killed', async () => {
  const module = new URL('../../src/demo/private-redis.ts', import.meta.url).href;
  const program = `const r = await (await import('${module}')).startPrivateRedis();
    console.log(r.pid); setInterval(() => {}, 1000)`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [line] = await once(owner.stdout, 'data');
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  owner.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
});

test('it does not keep its owner running', async () => {
  const module = new URL('../../src/demo/private-redis.ts', import.meta.url).href;
  const program = `console.log((await (await import('${module}')).startPrivateRedis()).pid)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
  });
  await vi.waitFor(() => expect(isAlive(Number(stdout))).toBe(false), { timeout: 5000 });
});

test('without the binary the error names the package, and no directory stays behind', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'wcs-test-'));
  onTestFinished(() => rm(empty, { recursive: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', '/nonexistent');
  vi.stubEnv('TMPDIR', empty);
  await expect(startPrivateRedis()).rejects.toThrow('apt-get install redis-server');
  expect(await readdir(empty)).toEqual([]);
});
