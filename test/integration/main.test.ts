// The command line as an operator meets it: real processes, their output and their exit codes.

import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { SlackEmulator } from '../../src/demo/slack/surface.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import type { AuditEntry } from '../../src/rig/audit.ts';
import { minute } from '../../src/rig/duration.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { startProcess } from '../support/process.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { type Ran, run } from '../support/run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const wcsRigs = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return run(['env', '-i', `PATH=${process.env.PATH ?? ''}`, ...settings, process.execPath, main, ...args]);
};

describe('the command line', () => {
  it('says what there is, on standard output, and ends with 0', async () => {
    const help = await wcsRigs(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const word of ['bot', 'worker', 'demo', 'doctor', 'health', 'audit', '--script'])
      expect(help.stdout).toContain(word);
    expect(await wcsRigs(['bot', '--help'])).toMatchObject({ code: 0, stdout: help.stdout });
  });

  it('says its version', async () => {
    const { code, stdout } = await wcsRigs(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([[[]], [['bott']], [['bot', 'now']], [['--verbose']]])(
    'ends with 2 for %j, on standard error',
    async (args) => {
      const { code, stdout, stderr } = await wcsRigs(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('node src/main.ts bot');
    },
  );

  it('says all that is wrong with the environment at once, and ends with 1', async () => {
    const { code, stderr } = await wcsRigs(['bot'], {
      WCS_SECRET: 'short-and-secret',
      WCS_LEASE: 'long',
      WCS_LEESE: '1',
    });
    expect(code).toBe(1);
    for (const name of ['WCS_SECRET', 'WCS_LEASE ', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'])
      expect(stderr).toContain(name);
    expect(stderr).toMatch(/WCS_LEESE.*WCS_LEASE/);
    expect(stderr).not.toContain('short-and-secret');
    expect(stderr).not.toMatch(/\.ts:\d+/);
  });

  it('reads the folder that WCS_CONF names, and says what is wrong in it without a value of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wcs-conf-'));
    await writeFile(
      join(folder, 'flashphoner.properties'),
      'ip=hush-hush\nwss.keystore.password=hush-hush\n',
    );
    await mkdir(join(folder, 'qa'));
    const settings = {
      WCS_SECRET: fleetSecret,
      WCS_NETWORK: 'bridge',
      WCS_RANGE: '198.51.100.10',
      WCS_CONF: folder,
    };
    const { code, stderr } = await wcsRigs(['worker'], settings);
    expect(code).toBe(1);
    expect(stderr).toContain(`WCS_CONF is \`${folder}\`, which has \`qa\`, a folder`);
    await rmdir(join(folder, 'qa'));
    const again = await wcsRigs(['worker'], settings);
    expect(again.stderr).toBe(
      'wcs-rigs worker: one thing in its environment is not right\n' +
        '  ✘ WCS_CONF sets `ip`, which is another one for each rig; leave it out\n',
    );
    await rm(folder, { recursive: true });
  });

  it('refuses a range that is not what it seems, with the arithmetic and the string to paste', async () => {
    const { code, stderr } = await wcsRigs(['worker'], {
      WCS_SECRET: fleetSecret,
      WCS_NETWORK: 'bridge',
      WCS_RANGE: '192.168.23.100/27',
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      '`192.168.23.100/27` is 192.168.23.96–192.168.23.127, which starts before .100; for 32 addresses from .100 write `192.168.23.100-192.168.23.131`',
    );
  });
});

describe('bot and worker as processes', () => {
  let redis: PrivateRedis;
  let slack: SlackEmulator;
  beforeAll(async () => {
    redis = await startPrivateRedis();
    slack = await startSlackEmulator({ scopes });
  });
  afterAll(async () => {
    await slack?.stop();
    await redis?.stop();
  });

  const environment = (change: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
    REDIS_URL: redis.url,
    WCS_SECRET: fleetSecret,
    WCS_INSTALLATION: 'main-test',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    ...change,
  });

  it('logs one line of JSON each, without a secret, and ends with 0 on SIGTERM', async () => {
    const bot = startProcess([process.execPath, main, 'bot'], environment());
    await bot.says('"msg":"serving"');
    expect(await bot.end('SIGTERM')).toBe(0);
    const lines = bot.output().trim().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ process: 'bot' });
    for (const secret of [fleetSecret, slack.botToken, slack.appToken])
      expect(bot.output()).not.toContain(secret);
  });

  it('refuses a Redis that may forget, with the command that mends it', async () => {
    const forgetful = await startPrivateRedis();
    try {
      await run([
        'redis-cli',
        '-p',
        String(forgetful.port),
        'CONFIG',
        'SET',
        'maxmemory-policy',
        'allkeys-lru',
      ]);
      const { code, stderr } = await wcsRigs(['bot'], environment({ REDIS_URL: forgetful.url }));
      expect(code).toBe(1);
      expect(stderr).toMatch(/noeviction/);
      expect(stderr).toMatch(/CONFIG SET maxmemory-policy noeviction/);
    } finally {
      await forgetful.stop();
    }
  });

  it('says where it looked for a Redis that is not there, without its password', async () => {
    const { code, stderr } = await wcsRigs(
      ['bot'],
      environment({ REDIS_URL: 'redis://:hush-hush@127.0.0.1:9' }),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/redis:\/\/127\.0\.0\.1:9\/0 does not answer: .*ECONNREFUSED/);
    expect(stderr).not.toContain('hush-hush');
  });

  it('says which token Slack does not take', async () => {
    const { code, stderr } = await wcsRigs(['bot'], environment({ SLACK_BOT_TOKEN: 'xoxb-1-2-wrong' }));
    expect(code).toBe(1);
    expect(stderr).toMatch(/SLACK_BOT_TOKEN/);
    expect(stderr).not.toContain('xoxb-1-2-wrong');
  });

  it('says where it looked for an engine that is not there', async () => {
    const { code, stderr } = await wcsRigs(
      ['worker'],
      environment({
        WCS_NETWORK: 'bridge',
        WCS_RANGE: '10.66.0.10-10.66.0.12',
        DOCKER_HOST: 'unix:///nowhere/docker.sock',
      }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('/nowhere/docker.sock');
    expect(stderr).not.toMatch(/\.ts:\d+/);
  });

  it('answers on WCS_HEALTH_PORT, and says there when Redis is away', async () => {
    const own = await startPrivateRedis();
    const bot = startProcess(
      [process.execPath, main, 'bot'],
      environment({ REDIS_URL: own.url, WCS_HEALTH_PORT: '39170' }),
    );
    try {
      await bot.says('"msg":"serving"');
      expect(await wcsRigs(['health'], { WCS_HEALTH_PORT: '39170' })).toMatchObject({
        code: 0,
        stdout: 'well\n',
      });
      await own.kill('SIGKILL');
      const sick = await wcsRigs(['health'], { WCS_HEALTH_PORT: '39170' });
      expect(sick.code).toBe(1);
      expect(sick.stdout).toMatch(/Redis/);
      await own.restart();
      let well = await wcsRigs(['health'], { WCS_HEALTH_PORT: '39170' });
      for (let look = 0; look < 20 && well.code !== 0; look += 1)
        well = await wcsRigs(['health'], { WCS_HEALTH_PORT: '39170' });
      expect(well.code).toBe(0);
    } finally {
      await bot.end('SIGKILL');
      await own.stop();
    }
    expect((await wcsRigs(['health'], { WCS_HEALTH_PORT: '39170' })).code).toBe(1);
  });
});

describe('the audit', () => {
  let redis: PrivateRedis;
  const minutesAgo = (minutes: number): number => Date.now() - minutes * minute;
  const entry = (at: number, what: string, name?: string): AuditEntry => ({
    at,
    by: { kind: 'person', id: 'UANNA', name: 'anna' },
    what,
    outcome: 'done',
    ...(name === undefined ? {} : { rig: { id: 'k3f9ab', name } }),
  });
  const audit = (args: readonly string[] = [], change: Readonly<Record<string, string>> = {}) =>
    wcsRigs(['audit', ...args], { REDIS_URL: redis.url, WCS_INSTALLATION: 'audited', ...change });
  const whats = ({ stdout }: Ran): readonly string[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => z.object({ what: z.string() }).parse(JSON.parse(line)).what);

  beforeAll(async () => {
    redis = await startPrivateRedis();
    const registry = await connectRegistry({
      address: addressOf(redis.url),
      installation: 'audited',
      log: silent,
    });
    await registry.audit.append(entry(minutesAgo(300), 'up', 'demo'));
    await registry.audit.append(entry(minutesAgo(200), 'up', 'other'));
    await registry.audit.append(entry(minutesAgo(100), 'sign in'));
    await registry.audit.append(entry(minutesAgo(10), 'stop', 'demo'));
    for (let number = 0; number < 1500; number += 1) {
      await registry.audit.append(entry(minutesAgo(1), `act ${number}`, 'busy'));
    }
    registry.close();
  });
  afterAll(async () => redis?.stop());

  it('is printed as lines of JSON, oldest first, without any token, and ends with 0', async () => {
    const ended = await audit();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(whats(ended)).toHaveLength(1504);
    expect(whats(ended).slice(0, 5)).toEqual(['up', 'up', 'sign in', 'stop', 'act 0']);
    const [first = ''] = ended.stdout.split('\n');
    expect(JSON.parse(first)).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      by: { kind: 'person', id: 'UANNA', name: 'anna' },
      what: 'up',
      outcome: 'done',
      rig: { id: 'k3f9ab', name: 'demo' },
    });
  });

  it('of one name, of the last hours, or both', async () => {
    expect(whats(await audit(['--rig', 'Demo']))).toEqual(['up', 'stop']);
    expect(whats(await audit(['--rig', 'demo', '--since', '1h']))).toEqual(['stop']);
    expect(whats(await audit(['--since=4h'])).slice(0, 3)).toEqual(['up', 'sign in', 'stop']);
    expect(await audit(['--rig', 'nobody'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('of another installation is another one', async () => {
    expect(await audit([], { WCS_INSTALLATION: 'wcs' })).toMatchObject({ code: 0, stdout: '' });
  });

  it('that nobody reads to its end makes no fuss', async () => {
    const environment = `REDIS_URL=${redis.url} WCS_INSTALLATION=audited`;
    const command = `set -o pipefail; env ${environment} ${process.execPath} ${main} audit | head -n 1`;
    const ended = await run(['bash', '-c', command]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(whats(ended)).toEqual(['up']);
  });

  it('says where it looked for a Redis that is not there, and what is wrong with the environment, and ends with 1', async () => {
    const away = await audit([], { REDIS_URL: 'redis://:hush-hush@127.0.0.1:9' });
    expect(away).toMatchObject({ code: 1, stdout: '' });
    expect(away.stderr).toMatch(/redis:\/\/127\.0\.0\.1:9\/0 does not answer/);
    const wrong = await audit([], { REDIS_URL: 'http://redis', WCS_INSTALLATION: '!' });
    expect(wrong.code).toBe(1);
    for (const name of ['REDIS_URL', 'WCS_INSTALLATION']) expect(wrong.stderr).toContain(name);
  });
});
