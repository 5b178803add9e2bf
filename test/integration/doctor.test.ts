// The doctor as a process, with a real Redis and an emulated Slack: each fault there, and not there.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type PrivateRedis,
  type PrivateRedisOptions,
  startPrivateRedis,
} from '../../src/demo/private-redis.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { SlackEmulator } from '../../src/demo/slack/surface.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import { minute, second } from '../../src/rig/duration.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { aRegistration, fleetKeyId } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { run } from '../support/run.ts';
import { commandLine, runDoctor, runDoctorText } from '../support/run-doctor.ts';
import { startSentinels } from '../support/sentinels.ts';

const clockProgram = fileURLToPath(new URL('../support/shifted-clock.mjs', import.meta.url));

const stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = async (options: PrivateRedisOptions = {}): Promise<PrivateRedis> => {
  const redis = await startPrivateRedis({ aof: true, ...options });
  stops.push(redis.stop);
  return redis;
};

const tell = async (url: string, ...words: readonly [string, ...string[]]): Promise<unknown> => {
  const client = new Redis(url);
  const [command, ...rest] = words;
  try {
    return await client.call(command, ...rest);
  } finally {
    client.disconnect();
  }
};

/** Somebody listens there, and never says a word. */
const listenSilently = async (): Promise<number> => {
  const server: Server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => server.close());
  return z.object({ port: z.number() }).parse(server.address()).port;
};

const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
};

describe('the command line', () => {
  it.each([[['network']], [['host', 'redis']], [['--yaml']], [['--wait', 'long']]])(
    'ends with 2 for %j, on standard error',
    async (words) => {
      const { code, stdout, stderr } = await runDoctorText(words, {});
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('node src/main.ts doctor');
    },
  );

  it('says plainly that this environment speaks of nothing', async () => {
    const { code, stdout } = await runDoctorText([], {});
    expect(code).toBe(1);
    expect(stdout).toContain('✘ this environment speaks of no host, no bot and no Redis');
    expect(stdout).toMatch(
      /Not looked at\n {2}· Redis: no REDIS_URL here.*\n {2}· This host:.*\n {2}· Slack:/,
    );
  });

  it('is in colour where somebody watches, and in none for a file or by NO_COLOR', async () => {
    const { url } = await start();
    const words = (environment: Readonly<Record<string, string>>) =>
      commandLine(['redis'], { REDIS_URL: url, TERM: 'xterm', ...environment }).join(' ');
    const watched = await run(['script', '-qec', words({}), '/dev/null']);
    expect(watched.stdout).toContain('\u001b[32m✔\u001b[0m');
    const plain = await run(['script', '-qec', words({ NO_COLOR: '1' }), '/dev/null']);
    expect(plain.stdout).not.toContain('\u001b[3');
    expect((await runDoctorText(['redis'], { REDIS_URL: url })).stdout).not.toContain('\u001b');
  });

  it('says what is wrong in the environment, each once, and is no crash', async () => {
    const { text, code, findings, notLooked } = await runDoctor(['all', '--no-probe'], {
      WCS_SECRET: 'short-and-secret',
      REDIS_URL: 'http://hush-hush',
      WCS_RANGE: '192.168.23.100/27',
      WCS_NETWORK: 'bridge',
      SLACK_BOT_TOKEN: 'xapp-hush',
      SLACK_APP_TOKEN: 'xapp-1-A-2-b',
    });
    expect(code).toBe(1);
    const wrong = findings.filter(({ verdict }) => verdict === 'wrong');
    for (const sign of [
      /^WCS_SECRET has fewer/,
      /^REDIS_URL is not right/,
      /^WCS_RANGE: `192\.168/,
      /^SLACK_BOT_TOKEN holds/,
    ])
      expect(wrong.filter(({ says }) => sign.test(says))).toHaveLength(1);
    expect([...notLooked].sort()).toEqual(['fleet', 'probe', 'redis', 'slack']);
    for (const secret of ['short-and-secret', 'hush']) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\.ts:\d+/);
  });
});

describe('Redis', () => {
  const look = (url: string, change: Readonly<Record<string, string>> = {}) =>
    runDoctor(['redis'], { REDIS_URL: url, WCS_SECRET: fleetSecret, ...change });
  const ofRedis = (troubles: readonly string[]) => troubles.filter((one) => one.includes(' redis-'));

  it('that is as it should be', async () => {
    const { url } = await start({ password: 'hush-hush' });
    const { code, troubles, said, text } = await look(url);
    expect({ code, troubles: ofRedis(troubles) }).toEqual({ code: 0, troubles: [] });
    expect(said('redis-password')).toMatch(/it wants a password/);
    expect(said('redis-registry')).toMatch(/no registry yet/);
    expect(text).not.toContain('hush-hush');
    // It leaves nothing behind.
    await expect.poll(() => tell(url, 'KEYS', '*'), { timeout: 5000 }).toEqual([]);
  });

  it.each<
    [string, PrivateRedisOptions, readonly (readonly [string, ...string[]])[], number, readonly string[]]
  >([
    ['without an append-only file', { aof: false }, [], 0, ['doubtful redis-aof']],
    ['that evicts', {}, [['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']], 1, ['wrong redis-policy']],
    [
      'that leaves writing to the system',
      {},
      [['CONFIG', 'SET', 'appendfsync', 'no']],
      0,
      ['doubtful redis-aof'],
    ],
    [
      'without room',
      {},
      [['CONFIG', 'SET', 'maxmemory', '1000000']],
      1,
      ['wrong redis-writes', 'wrong redis-memory'],
    ],
    [
      'that waits for replicas',
      {},
      [['CONFIG', 'SET', 'min-replicas-to-write', '1']],
      1,
      ['wrong redis-writes'],
    ],
    ['that is a replica', {}, [['REPLICAOF', '127.0.0.1', '1']], 1, ['wrong redis-writes']],
  ])('%s', async (_, options, words, exit, expected) => {
    const { url } = await start(options);
    for (const each of words) await tell(url, ...each);
    const { code, troubles } = await look(url);
    expect({ code, troubles: ofRedis(troubles) }).toEqual({ code: exit, troubles: expected });
  });

  it.each<[string, (url: string) => string, RegExp]>([
    ['with a wrong password', (url) => url.replace('hush-hush', 'wrong'), /does not take the password/],
    [
      'without its password',
      (url) => url.replace(':hush-hush@', ''),
      /wants a password, and REDIS_URL has none/,
    ],
  ])('%s', async (_, change, sentence) => {
    const { url } = await start({ password: 'hush-hush' });
    const { code, said, notLooked } = await look(change(url));
    expect(code).toBe(1);
    expect(said('redis-reachable')).toMatch(sentence);
    expect(notLooked).toEqual(['fleet']);
  });

  it('whose user may ask nothing', async () => {
    const { url, port } = await start();
    await tell(url, 'ACL', 'SETUSER', 'anna', 'on', '>word', '+ping', '+hello', '+select', '+client');
    const { code, text, took } = await look(`redis://anna:word@127.0.0.1:${port}`);
    expect(code).toBe(1);
    expect(text).toMatch(/NOPERM/);
    expect(took).toBeLessThan(20 * second);
  });

  it('with a clock that is apart from this machine’s', async () => {
    const { url } = await start();
    const shifted = { NODE_OPTIONS: `--import=${clockProgram}`, LAB_CLOCK_SHIFT: '-90000' };
    const { said, code } = await look(url, shifted);
    expect(said('redis-clock')).toMatch(/^doubtful: this machine's clock is 90 s behind Redis'/);
    expect(code).toBe(0);
  });

  it('behind three sentinels, and behind a name that they do not know', async () => {
    const sentinels = await startSentinels();
    stops.push(sentinels.stop);
    const sound = await look(sentinels.url);
    expect(sound.said('redis-sentinels')).toMatch(
      /^well: all 3 sentinels name 127\.0\.0\.1:\d+ as the master/,
    );
    expect(ofRedis(sound.troubles)).toEqual([]);
    const unknown = await look(sentinels.url.replace('/wcs-test', '/another'));
    expect(unknown.said('redis-sentinel-name')).toMatch(/^wrong: .* watch no master called another/);
    expect(unknown.code).toBe(1);
    expect(sound.text + unknown.text).not.toContain('a-word-of-the');
  });
});

describe('a fleet', () => {
  let redis: PrivateRedis;
  beforeAll(async () => {
    redis = await startPrivateRedis({ aof: true });
  });
  afterAll(() => redis?.stop());

  const join = async (installation: string, hosts: readonly Parameters<typeof aRegistration>[0][]) => {
    const registry = await connectRegistry({
      address: addressOf(redis.url),
      installation,
      log: silent,
      presence: minute,
    });
    stops.push(registry.close);
    for (const host of hosts) await registry.presence.take(aRegistration(host), `box pid ${host?.name}`);
    return registry;
  };

  it('with one secret, and with a host that has another', async () => {
    const environment = { REDIS_URL: redis.url, WCS_SECRET: fleetSecret, WCS_INSTALLATION: 'one' };
    const registry = await join('one', [{ name: 'h1' }, { name: 'h2' }]);
    await registry.bots.note(
      { v: 1, session: 'box0 pid 1', keyIds: [fleetKeyId], version: '0.1.0', since: 1 },
      minute,
    );
    expect((await runDoctor([], environment)).said('key-id')).toBe(
      `well: the bot on box0, this machine, h1 and h2 have the same WCS_SECRET (key ${fleetKeyId})`,
    );
    await registry.presence.take(aRegistration({ name: 'h3', keyId: 'foreign1' }), 'box3 pid 1');
    const { code, said } = await runDoctor([], environment);
    expect(said('key-id')).toMatch(/^wrong: h3 has another WCS_SECRET than the bot on box0/);
    expect(code).toBe(1);
    // Whose environment has another one is told so, too.
    const other = await runDoctor([], { ...environment, WCS_SECRET: `${fleetSecret}!` });
    expect(other.text).toMatch(/this machine has another WCS_SECRET than the bot on box0/);
  });

  it('of which this host would take addresses', async () => {
    await join('two', [
      { name: 'h2', lan: '10.9.0.0/24@10.9.0.1', shared: false, range: '10.9.0.10-10.9.0.12' },
    ]);
    const { findings } = await runDoctor(['host', '--no-probe'], {
      ...{ REDIS_URL: redis.url, WCS_SECRET: fleetSecret, WCS_INSTALLATION: 'two', WCS_HOST: 'h1' },
      ...{ WCS_NETWORK: 'macvlan', WCS_PARENT: 'lo', WCS_SUBNET: '10.9.0.0/24', WCS_GATEWAY: '10.9.0.1' },
      WCS_RANGE: '10.9.0.12-10.9.0.20',
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'range-overlap', verdict: 'wrong', hurtsOthers: true }),
    );
  });
});

describe('Slack', () => {
  let redis: PrivateRedis;
  let slack: SlackEmulator;
  let manifest: string;
  beforeAll(async () => {
    redis = await startPrivateRedis({ aof: true });
    manifest = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
    slack = await startSlackEmulator({ manifest });
  });
  afterAll(async () => {
    await slack?.stop();
    await redis?.stop();
  });

  const environment = (from: SlackEmulator, change: Readonly<Record<string, string>> = {}) => ({
    REDIS_URL: redis.url,
    WCS_SECRET: fleetSecret,
    SLACK_BOT_TOKEN: from.botToken,
    SLACK_APP_TOKEN: from.appToken,
    SLACK_API_URL: from.apiUrl,
    WCS_ADMIN_CHANNEL: 'C0LAB00001',
    ...change,
  });
  const ofSlack = (troubles: readonly string[]) => troubles.filter((one) => one.includes(' slack-'));

  it('as it should be, on the machine of a bot', async () => {
    const { code, troubles, text, findings } = await runDoctor([], environment(slack));
    expect({ code, troubles: ofSlack(troubles) }).toEqual({ code: 0, troubles: [] });
    expect(new Set(findings.map(({ about }) => about))).toEqual(new Set(['redis', 'fleet', 'slack']));
    for (const token of [slack.botToken, slack.appToken, fleetSecret]) expect(text).not.toContain(token);
  });

  it('with a wrong token, and with a scope that is missing', async () => {
    const wrong = await runDoctor(['slack'], environment(slack, { SLACK_BOT_TOKEN: 'xoxb-1-2-wrong' }));
    expect(wrong).toMatchObject({ code: 1, troubles: ['wrong slack-bot-token'] });
    expect(wrong.text).not.toContain('xoxb-1-2-wrong');
    const less = await startSlackEmulator({ manifest, scopes: scopes.filter((one) => one !== 'im:write') });
    stops.push(less.stop);
    const missing = await runDoctor(['slack'], environment(less));
    expect(missing).toMatchObject({ code: 1, troubles: ['wrong slack-scopes'] });
    expect(missing.said('slack-scopes')).toMatch(/im:write is missing → paste manifest\.yml.*reinstall/);
  });

  it('with a socket that stays silent', async () => {
    const mute = await startSlackEmulator({ manifest });
    stops.push(mute.stop);
    mute.muteSockets(true);
    const { code, troubles, took } = await runDoctor(['slack'], environment(mute));
    expect({ code, troubles }).toEqual({ code: 1, troubles: ['wrong slack-socket'] });
    expect(took).toBeLessThan(15 * second);
  });
});

describe('with nothing in reach', () => {
  it.each([
    ['nobody listens', closedPort],
    ['nobody says a word', listenSilently],
  ])('%s: one finding each, in seconds', async (_, findPort) => {
    const [redis, slack] = [await findPort(), await findPort()];
    const { code, findings, notLooked, took, text } = await runDoctor(['all'], {
      REDIS_URL: `redis://127.0.0.1:${redis}`,
      WCS_SECRET: fleetSecret,
      ...{ WCS_HOST: 'h1', WCS_NETWORK: 'bridge', WCS_RANGE: '10.66.0.10-10.66.0.19' },
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      ...{ SLACK_BOT_TOKEN: 'xoxb-1-2-b', SLACK_APP_TOKEN: 'xapp-1-A-2-b' },
      SLACK_API_URL: `http://127.0.0.1:${slack}/api/`,
    });
    expect(code).toBe(1);
    for (const about of ['redis', 'slack'])
      expect(findings.filter((one) => one.about === about)).toMatchObject([
        { check: `${about}-reachable`, verdict: 'wrong', mend: expect.any(String) },
      ]);
    expect([...notLooked].sort()).toEqual(['fleet', 'probe']);
    expect(took).toBeLessThan(30 * second);
    expect(text).not.toMatch(/\.ts:\d+|node:internal/);
  });
});
