// Looks a Redis over for the doctor: what it says of itself, how fast it answers, what time it has, whether it takes writes, and
// which registries are in it. It changes nothing but one key that goes at once.

import { Redis } from 'ioredis';
import { z } from 'zod';
import { QueueDown } from '../ports/faults.ts';
import { type Duration, type Instant, second } from '../rig/duration.ts';
import { type RedisAddress, redisOptions } from '../rig/redis-address.ts';
import type { HostName, LanId } from '../rig/rig.ts';
import { type Connection, type ConnectionOptions, connectRedis, script } from './connection.ts';
import { type InfoFacts, readInfo } from './facts.ts';
import { createKeys, type Keys } from './keys.ts';
import { parseStored } from './schema.ts';

export type RegistryFacts = {
  /** None: nobody has begun one yet. */
  readonly epoch: { readonly id: string; readonly seq: number; readonly born: Instant } | undefined;
  readonly hosts: number;
  readonly rigs: number;
  readonly adopting: readonly LanId[];
  /** Other installations that have a registry here. */
  readonly others: readonly string[];
};

export type RedisFacts = InfoFacts & {
  /** Whether it takes anybody who reaches it; `undefined` where that cannot be seen. */
  readonly open: boolean | undefined;
  /** Of some pings, the middle one. */
  readonly latency: Duration;
  /** How far this machine's clock is ahead of Redis'; negative: behind. */
  readonly skew: Duration;
  /** What it said to a write, unless that went well. */
  readonly refusesWrites: string | undefined;
  /** `always`, `everysec`, `no`; `undefined` where it may not be asked. */
  readonly fsync: string | undefined;
  readonly registry: RegistryFacts;
};

export type Examiner = {
  /** Throws QueueDown if it goes away meanwhile, and Redis' own word where it may not be asked. */
  readonly examine: () => Promise<RedisFacts>;
  /** Which worker serves this host name: machine, process id, and something random. */
  readonly servedBy: (host: HostName) => Promise<string | undefined>;
  /** Only one doctor at a time probes on a host: false if another one does. `length`: without a word it ends. */
  readonly takeTurn: (host: HostName, session: string, length: Duration) => Promise<boolean>;
  readonly giveTurn: (host: HostName, session: string) => Promise<void>;
  readonly close: () => void;
};

export type Reached =
  | { readonly kind: 'reached'; readonly examiner: Examiner }
  | {
      readonly kind: 'unreached';
      readonly why: 'wants-password' | 'wrong-password' | 'no-answer';
      /** The system's word, or Redis'. */
      readonly detail: string;
    };

export const connectExaminer = async (
  options: ConnectionOptions & { readonly installation: string },
): Promise<Reached> => {
  try {
    const connection = await connectRedis(options);
    return { kind: 'reached', examiner: createExaminer(connection, options) };
  } catch (error) {
    if (!(error instanceof QueueDown)) throw error;
    const detail = error.cause instanceof Error ? error.cause.message : error.message;
    if (detail.startsWith('NOAUTH')) return { kind: 'unreached', why: 'wants-password', detail };
    const isWrong = detail.startsWith('WRONGPASS');
    return { kind: 'unreached', why: isWrong ? 'wrong-password' : 'no-answer', detail };
  }
};

const createExaminer = (
  connection: Connection,
  { address, installation }: { readonly address: RedisAddress; readonly installation: string },
): Examiner => {
  const { ask, run, close } = connection;
  const keys = createKeys(installation);
  return {
    examine: async () => ({
      ...readInfo(await ask((redis) => redis.info())),
      open: await isOpen(address),
      latency: await latencyOf(connection),
      skew: await skewOf(connection),
      refusesWrites: await tryToWrite(connection, keys),
      fsync: await fsyncOf(connection),
      registry: await registryOf(connection, keys, installation),
    }),
    servedBy: async (host) => (await ask((redis) => redis.get(keys.presence(host)))) ?? undefined,
    takeTurn: async (host, session, length) =>
      (await run(takeTurnScript, [keys.doctor(host)], [session, length])) === 1,
    giveTurn: async (host, session) => {
      await run(giveTurnScript, [keys.doctor(host)], [session]);
    },
    close,
  };
};

const takeTurnScript = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

const giveTurnScript = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

/** Whoever answers without a login answers everybody. A socket has the rights of a file; behind sentinels it is not tried. */
const isOpen = async (address: RedisAddress): Promise<boolean | undefined> => {
  if (address.kind !== 'tcp') return undefined;
  const {
    username: _user,
    password: _password,
    ...options
  } = { username: '', password: '', ...redisOptions(address) };
  const limits = { lazyConnect: true, retryStrategy: null, connectTimeout: second, commandTimeout: second };
  const anybody = new Redis({ ...options, ...limits, enableReadyCheck: false });
  // It is refused while it connects, before any command of ours.
  let isRefused = false;
  anybody.on('error', (error) => {
    isRefused ||= error.message.startsWith('NOAUTH');
  });
  try {
    await anybody.connect();
    await anybody.ping();
    return true;
  } catch {
    return isRefused ? false : undefined;
  } finally {
    anybody.disconnect();
  }
};

const pings = 11;

const latencyOf = async ({ ask }: Connection): Promise<Duration> => {
  const took: Duration[] = [];
  for (let count = 0; count < pings; count += 1) {
    const begun = performance.now();
    await ask((redis) => redis.ping());
    took.push(performance.now() - begun);
  }
  return took.sort((one, other) => one - other)[Math.floor(pings / 2)] ?? 0;
};

const skewOf = async ({ ask }: Connection): Promise<Duration> => {
  const before = Date.now();
  const [seconds, micros] = await ask((redis) => redis.time());
  // Half of the way there and back is the best guess of when Redis looked.
  return Math.round((before + Date.now()) / 2 - (Number(seconds) * second + Number(micros) / 1000));
};

/** A replica, a full memory or a full disk: each has its own word, and all of them refuse. */
const tryToWrite = async ({ ask }: Connection, keys: Keys): Promise<string | undefined> => {
  try {
    await ask((redis) => redis.set(`${keys.all}doctor-writes`, '1', 'PX', second));
    return undefined;
  } catch (error) {
    const cause = error instanceof QueueDown ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
};

/** Managed Redis forbids the question. */
const fsyncOf = async ({ ask }: Connection): Promise<string | undefined> => {
  try {
    const said = z.array(z.string()).safeParse(await ask((redis) => redis.config('GET', 'appendfsync')));
    return said.data?.[1];
  } catch {
    return undefined;
  }
};

const registryOf = async (connection: Connection, keys: Keys, own: string): Promise<RegistryFacts> => {
  const { ask } = connection;
  const epoch = await ask((redis) => redis.hgetall(keys.epoch));
  const hosts = await ask((redis) => redis.hlen(keys.hosts));
  const rigs = await ask((redis) => redis.zcard(keys.living));
  const adopting = await ask((redis) => redis.hkeys(keys.adopting));
  return {
    epoch: epoch.id === undefined ? undefined : parseStored(epochSchema, keys.epoch, epoch),
    hosts,
    rigs,
    adopting: adopting.map(decodeURIComponent),
    others: await otherInstallations(connection, own),
  };
};

// One of a version before it noted since when there is none.
const epochSchema = z.object({ id: z.string(), seq: z.coerce.number(), born: z.coerce.number().default(0) });

/** A Redis that others use as well may hold very many keys. */
const [scans, atOnce] = [100, 1000];

const otherInstallations = async ({ ask }: Connection, own: string): Promise<readonly string[]> => {
  const found = new Set<string>();
  let cursor = '0';
  for (let count = 0; count < scans; count += 1) {
    const from = cursor;
    const [next, keys] = await ask((redis) => redis.scan(from, 'MATCH', '{*}:epoch', 'COUNT', atOnce));
    for (const key of keys) found.add(key.slice(1, key.indexOf('}')));
    cursor = next;
    if (cursor === '0') break;
  }
  found.delete(own);
  return [...found].sort();
};
