// The registry against a Redis that goes, comes back empty, lies or may not be used.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import type { Log } from '../../src/ports/log.ts';
import { connectRegistry, type RegistryOptions } from '../../src/redis/registry.ts';
import { aRig } from '../support/a-rig.ts';
import { aClaim, aRegistration, endAdoption } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';

const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

const start = async (options: Parameters<typeof startPrivateRedis>[0] = {}) => {
  const redis = await startPrivateRedis(options);
  onTestFinished(redis.stop);
  const raw = new Redis(redis.url);
  raw.on('error', () => undefined);
  onTestFinished(() => raw.disconnect());
  const open = async (change: Partial<RegistryOptions> = {}) => {
    const address = addressOf(redis.url);
    const registry = await connectRegistry({ address, installation: 'wcs', log: silent, ...change });
    onTestFinished(registry.close);
    return registry;
  };
  return { redis, raw, open };
};

test.each(['tcp', 'socket', 'socket with scheme'])('it works by %s, with a password', async (way) => {
  const { redis, open } = await start({ unixSocket: true, password: 'se/cret' });
  const urls = new Map([
    ['tcp', redis.url],
    ['socket', `unix://:se%2Fcret@${redis.socketPath}`],
    ['socket with scheme', `unix://default:se%2Fcret@localhost${redis.socketPath}?db=1`],
  ]);
  const { hosts, presence } = await open({ address: addressOf(urls.get(way) ?? '') });
  await presence.take(aRegistration(), 's1');
  expect(await hosts.list()).toHaveLength(1);
});

test.each<[string, (port: number) => string, RegExp]>([
  ['nobody listens', () => 'redis://127.0.0.1:1', /redis:\/\/127.0.0.1:1\/0 does not answer: .*ECONNREFUSED/],
  [
    'the password is wrong',
    (port) => `redis://:no@127.0.0.1:${port}`,
    /^redis:\/\/127\.0\.0\.1:\d+\/0 does not take this password; it belongs into REDIS_URL/,
  ],
  [
    'the password is missing',
    (port) => `redis://127.0.0.1:${port}`,
    /wants a password; it belongs into REDIS_URL/,
  ],
  [
    'the socket is missing',
    () => '/nonexistent/redis.sock',
    /\/nonexistent\/redis.sock does not answer: .*ENOENT/,
  ],
])('where %s, connecting says so', async (_, url, words) => {
  const { redis, open } = await start({ password: 'secret' });
  const error = await open({ address: addressOf(url(redis.port)), connectTimeout: 300 }).catch(
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(QueueDown);
  expect(error.message).toMatch(words);
});

test('while Redis is away, dead or silent, every port fails soon; it mends by itself, with one line each way', async () => {
  const { redis, open } = await start({ aof: true });
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const log: Log = { info: note, warn: note, error: note };
  const { rigs, hosts, presence, outbox, cards, uses, fence, clock } = await open({
    commandTimeout: 500,
    log,
  });
  await presence.take(aRegistration(), 's1');
  const everything = [
    () => rigs.claim(aClaim('a1')),
    () => rigs.living(),
    () => rigs.get('a1'),
    () => hosts.list(),
    () => hosts.recordTook('h1', 1),
    () => presence.keep('h1', 's1'),
    () => outbox.lease('a1', 1000),
    () => cards.get('a1'),
    () => uses.record([{ rig: 'a1', generation: 1, at: 1, use: { kind: 'idle' } }]),
    () => uses.of('a1'),
    () => uses.ofRigs(['a1']),
    () => fence.claim('a1'),
  ];
  const refused = async () => {
    const since = performance.now();
    const outcomes = await Promise.allSettled(everything.map((ask) => ask()));
    expect(performance.now() - since).toBeLessThan(1000);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(QueueDown) });
    }
  };
  await redis.kill('SIGSTOP');
  await refused();
  // From then on nobody waits.
  const since = performance.now();
  await expect(hosts.list()).rejects.toThrow(QueueDown);
  expect(performance.now() - since).toBeLessThan(100);
  await redis.kill('SIGCONT');
  await until(() => hosts.list());
  const silence = ['Redis does not answer', 'Redis answers again'];
  await until(() => expect(lines).toEqual(silence));
  await redis.kill('SIGKILL');
  await refused();
  await until(() => expect(lines).toEqual([...silence, 'Redis does not answer']));
  // Time goes on without it.
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  await redis.restart();
  await until(() => hosts.list());
  await until(() => expect(lines).toEqual([...silence, ...silence]));
  expect(await presence.keep('h1', 's1')).toBe(true);
});

test('an answer that this process had no time to look at is no silence', async () => {
  const { open } = await start();
  const { hosts, presence } = await open({ commandTimeout: 200 });
  await presence.take(aRegistration(), 's1');
  const asked = hosts.list();
  // The command is on its way first.
  await delay(0);
  const until = performance.now() + 500;
  while (performance.now() < until);
  expect(await asked).toHaveLength(1);
});

test('a registry that lost everything gets its hosts again from the workers that are there', async () => {
  const { raw, open } = await start();
  const { hosts, presence, rigs } = await open();
  await presence.take(aRegistration(), 's1');
  await raw.flushall();
  await raw.script('FLUSH');
  // Not by itself: a host that knows another registry has to look first which one this is.
  expect(await presence.keep('h1', 's1')).toBe(false);
  expect(await presence.take(aRegistration(), 's1')).toEqual({ kind: 'taken' });
  expect(await hosts.list()).toMatchObject([{ name: 'h1', state: 'ready', freeAddresses: 3 }]);
  expect(await rigs.claim(aClaim('a1'))).toMatchObject({ kind: 'claimed' });
  // Somebody who was never registered has nothing to keep.
  expect(await presence.keep('h2', 's2')).toBe(false);
});

test('a copy that nobody has looked at yet gives out no address to a bot that knows better', async () => {
  const { raw, open } = await start();
  const { epochs, presence, rigs } = await open({ installation: 'copied' });
  await epochs.look({ seen: undefined });
  await presence.take(aRegistration(), 's1');
  expect((await rigs.claim(aClaim('a'))).kind).toBe('claimed');
  await raw.hincrby('{copied}:epoch', 'seq', -1);
  expect(await rigs.claim(aClaim('b'))).toEqual({ kind: 'adopting' });
});

test('whoever does not know yet that the registry is another one gives out no address, nor swaps one', async () => {
  const { open } = await start();
  const [late, other] = [await open(), await open()];
  const { epoch } = await late.epochs.look({ seen: undefined });
  await late.presence.take(aRegistration(), 's1');
  const claimed = await late.rigs.claim(aClaim('a'));
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  // Somebody else saw that it is an older copy, and all its hosts were taken in by now.
  await other.epochs.look({ seen: { ...epoch, seq: 99 } });
  await endAdoption(other.epochs, 'office', ['h1']);
  const { address: _, ...rig } = claimed.rig;
  const setAside = { why: 'in-use', at: 7, host: 'h1', rig: 'a' } as const;
  const swap = () => late.rigs.swap({ rig: { ...rig, generation: 2 }, version: 1, told: [], setAside });
  expect((await late.rigs.claim(aClaim('b'))).kind).toBe('adopting');
  expect((await swap()).kind).toBe('adopting');
  await late.epochs.look({ seen: late.epochs.known() });
  expect((await swap()).kind).toBe('swapped');
});

test('two installations on one Redis do not see each other', async () => {
  const { open } = await start();
  const [one, other] = [await open({ installation: 'a' }), await open({ installation: 'b' })];
  await one.presence.take(aRegistration(), 's1');
  expect(await other.presence.take(aRegistration(), 's2')).toEqual({ kind: 'taken' });
  await one.rigs.claim(aClaim('a1'));
  expect(await other.rigs.living()).toEqual([]);
  expect(await other.rigs.claim(aClaim('a1'))).toMatchObject({ kind: 'claimed' });
});

test('all keys have the installation’s hash tag, and a rig that ended leaves with time', async () => {
  const { raw, open } = await start();
  const { presence, rigs, outbox, uses } = await open();
  await presence.take(aRegistration(), 's1');
  const claimed = await rigs.claim(aClaim('a1'));
  if (claimed.kind !== 'claimed') throw new Error('refused');
  for (const key of await raw.keys('*')) expect(key).toMatch(/^\{wcs\}:/);
  const reason = { kind: 'too-late' } as const;
  const rig = { ...claimed.rig, state: { kind: 'failed', since: 9, reason } as const };
  await uses.record([{ rig: 'a1', generation: 1, at: 1, use: { kind: 'idle' } }]);
  await rigs.save({ rig, version: 1, told: [], release: true });
  await uses.record([{ rig: 'a1', generation: 1, at: 2, use: { kind: 'idle' } }]);
  expect(await raw.ttl('{wcs}:rig:a1')).toBeGreaterThan(6 * 86_400);
  expect(await raw.ttl('{wcs}:request:trigger-a1')).toBeGreaterThan(3_500);
  const lease = await outbox.lease('a1', 1000);
  await lease?.sending('a1.1.0');
  await lease?.done(1, undefined);
  await lease?.giveBack();
  const left = ['{wcs}:audit:a1', '{wcs}:request:trigger-a1', '{wcs}:rig:a1'];
  expect((await raw.keys('*a1*')).toSorted()).toEqual(left);
  for (const key of left) expect(await raw.ttl(key)).toBeGreaterThan(0);
  const sets = ['names', 'living', 'ends', 'owner:UANNA', 'host:h1:rigs', 'lan:office:held', 'outbox'];
  for (const key of sets) {
    expect(await raw.exists(`{wcs}:${key}`)).toBe(0);
  }
});

test('hosts are seen after a loss of the registry, and where a worker of an older version notes no change', async () => {
  const { raw, open } = await start();
  const { presence, hosts } = await open();
  const names = async () => (await hosts.current()).map(({ name, state }) => `${name} ${state}`);
  for (const name of ['h1', 'h2', 'h3']) await presence.take(aRegistration({ name }), name);
  expect(await names()).toEqual(['h1 ready', 'h2 ready', 'h3 ready']);
  await raw.flushall();
  expect(await names()).toEqual([]);
  await presence.take(aRegistration({ name: 'h2' }), 'h2');
  expect(await names()).toEqual(['h2 ready']);
  // As many as before, with more and with fewer changes than were seen.
  await raw.flushall();
  await presence.take(aRegistration({ name: 'h1' }), 'h1');
  await raw.set('{wcs}:index:hosts-count', 0);
  expect(await names()).toEqual(['h1 ready']);
  const told = await raw.hget('{wcs}:hosts', 'h1');
  await raw.hset('{wcs}:hosts', 'h4', (told ?? '').replace('"h1"', '"h4"'));
  expect(await names()).toEqual(['h1 ready', 'h4 unreachable']);
});

test('hosts of a version that noted no addresses share them all the same', async () => {
  const { raw, open } = await start();
  const { presence, hosts, rigs } = await open();
  const addresses = ['10.0.0.1', '10.0.0.2'];
  for (const name of ['h1', 'h2', 'h3']) await presence.take(aRegistration({ name, addresses }), name);
  await raw.del('{wcs}:lan:office:hosts:by-address', '{wcs}:lan:office:hosts:mapped');
  // One of them comes again as this version, and one is gone.
  await presence.take(aRegistration({ name: 'h2', addresses }), 'h2');
  await raw.srem('{wcs}:lan:office:hosts', 'h3');
  const free = async () => (await hosts.list()).map(({ freeAddresses }) => freeAddresses);
  expect(await rigs.claim(aClaim('a1'))).toMatchObject({ kind: 'claimed', rig: { address: '10.0.0.1' } });
  expect(await free()).toEqual([1, 1, 2]);
  const stored = await rigs.get('a1');
  await rigs.save({ rig: stored?.rig ?? aRig(), version: 1, told: [], release: true });
  expect(await free()).toEqual([2, 2, 2]);
});

test('a LAN’s map of addresses names only hosts that have them, whoever came, moved, shrank or was forgotten', async () => {
  const { raw, open } = await start();
  const { presence, hosts } = await open();
  const map = () => raw.hgetall('{wcs}:lan:office:hosts:by-address');
  const take = (name: string, addresses: string[], lan = 'office') =>
    presence.take(aRegistration({ name, addresses, lan }), name);
  await take('h1', ['.1', '.2']);
  await take('h2', ['.2', '.3']);
  await take('h3', ['.3']);
  expect(await map()).toEqual({ '.1': 'h1', '.2': 'h1 h2', '.3': 'h2 h3' });
  await take('h2', ['.3', '.4']);
  expect(await map()).toEqual({ '.1': 'h1', '.2': 'h1', '.3': 'h2 h3', '.4': 'h2' });
  await take('h3', ['.3'], 'lab');
  expect(await map()).toEqual({ '.1': 'h1', '.2': 'h1', '.3': 'h2', '.4': 'h2' });
  await presence.giveBack('h1', 'h1');
  expect(await hosts.forget('h1')).toBe('forgotten');
  expect(await map()).toEqual({ '.3': 'h2', '.4': 'h2' });
  expect(await raw.smembers('{wcs}:lan:office:hosts:mapped')).toEqual(['h2']);
  await presence.giveBack('h2', 'h2');
  await hosts.forget('h2');
  expect(await raw.keys('{wcs}:lan:office:*')).toEqual([]);
});

test('what an older version set aside is known as soon as a host of its LAN registers', async () => {
  const { raw, open } = await start();
  const { presence, addresses } = await open();
  const entry = { why: 'in-use', at: 5, host: 'h1' };
  await raw.hset('{wcs}:lan:a%20b%3Ac:quarantine', '.1', JSON.stringify(entry));
  await presence.take(aRegistration({ lan: 'a b:c', addresses: ['.1'] }), 's1');
  expect(await addresses.quarantined()).toEqual(new Map([['a b:c', new Map([['.1', entry]])]]));
  await addresses.release('a b:c', '.1');
  expect(await raw.exists('{wcs}:quarantined-lans')).toBe(0);
});

test('rigs of a version without indices are put where they belong, and those that it ended go', async () => {
  const { raw, open } = await start();
  const { presence, rigs } = await open();
  await presence.take(aRegistration(), 's1');
  for (const id of ['a1', 'a2', 'a3']) await rigs.claim(aClaim(id));
  const forget = async () => {
    await raw.del('{wcs}:index:unsettled');
    for (const id of ['a1', 'a2', 'a3']) await raw.hdel(`{wcs}:rig:${id}`, 'indices');
  };
  await forget();
  // Known for certain with its next save, and all of them after a look.
  const stored = await rigs.get('a1');
  await rigs.save({ rig: stored?.rig ?? aRig(), version: 1, told: [], release: false });
  expect(await rigs.unsettled()).toMatchObject([{ id: 'a1' }]);
  expect(await rigs.mendIndices()).toBe(2);
  expect(await rigs.unsettled()).toHaveLength(3);
  expect(await rigs.mendIndices()).toBe(0);

  // A bot of that version ends one beside us.
  await raw.zrem('{wcs}:living', 'a2');
  expect(await rigs.unsettled()).toHaveLength(2);
  expect(await raw.zcard('{wcs}:index:unsettled')).toBe(2);
});

test.each<[string, (raw: Redis) => Promise<unknown>, RegExp]>([
  ['no JSON', (raw) => raw.hset('{wcs}:rig:a1', 'body', '{'), /\{wcs\}:rig:a1 is wrong in the registry/],
  ['another shape', (raw) => raw.hset('{wcs}:rig:a1', 'body', '{"id":7}'), /\{wcs\}:rig:a1 is wrong .*id/],
  ['no version', (raw) => raw.hdel('{wcs}:rig:a1', 'version'), /\{wcs\}:rig:a1 is wrong/],
  ['a vanished rig', (raw) => raw.del('{wcs}:rig:a1'), /\{wcs\}:rig:a1 is wrong/],
])('wrong data (%s) is a fault that names its key', async (_, spoil, words) => {
  const { raw, open } = await start();
  const { presence, rigs } = await open();
  await presence.take(aRegistration(), 's1');
  await rigs.claim(aClaim('a1'));
  await spoil(raw);
  const error = await rigs.living().catch((reason) => reason);
  expect(error).not.toBeInstanceOf(QueueDown);
  expect(error.message).toMatch(words);
});

test('the clock is Redis’, whatever this machine’s says', async () => {
  const { raw, open } = await start();
  let local = 12_345;
  const { clock } = await open({ clock: { local: () => local, every: 50 } });
  const redisNow = async () => {
    const [seconds, micros] = await raw.time();
    return Number(seconds) * 1000 + Number(micros) / 1000;
  };
  expect(Math.abs(clock.now() - (await redisNow()))).toBeLessThan(500);
  local += 3_600_000;
  // Measured again, the jump is gone.
  await until(async () => expect(Math.abs(clock.now() - (await redisNow()))).toBeLessThan(500));
});

test('the clock is ahead by what the try-out has skipped, at once', async () => {
  const { raw, open } = await start();
  let skew = 0;
  const { clock } = await open({ clock: { skew: () => skew } });
  skew = 3_600_000;
  const [seconds] = await raw.time();
  expect(Math.abs(clock.now() - skew - Number(seconds) * 1000)).toBeLessThan(2000);
});

test('a Redis that may throw keys away is refused, with the command that mends it', async () => {
  const { raw, open } = await start();
  const { check } = await open();
  expect((await check()).faults).toEqual([]);
  await raw.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const { faults } = await check();
  expect(faults).toEqual([expect.stringContaining('allkeys-lru')]);
  const [, command] = /redis-cli (CONFIG SET .*?) \(/.exec(faults[0] ?? '') ?? [];
  await raw.call('CONFIG', ...(command ?? '').split(' ').slice(1));
  expect((await check()).faults).toEqual([]);
});

const slowlog = z.array(z.tuple([z.number(), z.number(), z.number(), z.array(z.string())]).rest(z.unknown()));

test('a claim takes as long with many rigs as with few', async () => {
  const { raw, open } = await start();
  const { presence, rigs } = await open({ installation: randomUUID() });
  const addresses = Array.from({ length: 4000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  await presence.take(aRegistration({ addresses }), 's1');
  const unlimited = { limits: { perUser: 9999, fleet: 9999 }, slots: 9999 };
  const fill = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, index) => rigs.claim(aClaim(`r${from + index}`, unlimited))),
    );
  // Redis' own times of each script (its commands are in that log too), and the fast ones of them: what else runs on this machine does not count.
  const cost = async (from: number, to: number) => {
    await raw.slowlog('RESET');
    await fill(from, to);
    const entries = slowlog.parse(await raw.slowlog('GET', 100_000));
    const times = entries.flatMap(([, , micros, [command]]) => (command === 'evalsha' ? [micros] : []));
    expect(times).toHaveLength(200);
    return times.toSorted((one, other) => one - other)[50] ?? 0;
  };
  await raw.config('SET', 'slowlog-log-slower-than', '0');
  await raw.config('SET', 'slowlog-max-len', '100000');
  await fill(0, 200);
  const few = await cost(200, 400);
  await fill(400, 3600);
  const many = await cost(3600, 3800);
  expect(many).toBeGreaterThan(0);
  expect(many).toBeLessThan(few * 3);
  expect(await rigs.living()).toHaveLength(3800);
});

test('a Redis whose memory is full is away, not at fault', async () => {
  const { raw, open } = await start();
  const { presence, hosts } = await open();
  await raw.config('SET', 'maxmemory', '1');
  await expect(presence.take(aRegistration(), 's1')).rejects.toThrow(QueueDown);
  expect(await hosts.list()).toEqual([]);
});
