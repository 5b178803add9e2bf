// The registry as Redis has it, read by hand and not by the code under test: every key of an installation, by its kind.

import { Redis } from 'ioredis';
import { z } from 'zod';

export type Dump = {
  /** Names of all keys that begin so, without that beginning. */
  readonly keys: (start: string) => readonly string[];
  readonly hash: (key: string) => ReadonlyMap<string, string>;
  /** Members of a set, a sorted set or a list. */
  readonly members: (key: string) => readonly string[];
};

export type RigRow = {
  readonly id: string;
  readonly name: string;
  readonly generation: number;
  readonly owner: string;
  readonly ownerName: string;
  readonly host: string;
  readonly lan: string;
  readonly address: string;
  readonly licence: string | undefined;
  readonly state: string;
  readonly end: number | undefined;
};

const body = z.object({
  name: z.string(),
  generation: z.number(),
  owner: z.object({ id: z.string(), name: z.string() }),
  host: z.string(),
  network: z.object({ lan: z.string() }),
  state: z.object({ kind: z.string() }),
  lease: z.object({ end: z.number().optional() }),
});

export const readRedis = async <T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
};

/** What a queue has under way, and what it put aside. */
const queueList = /^queue:[^:]+:(wait|active|delayed|prioritized|paused|waiting-children|failed)$/;

const stored = async (redis: Redis, key: string): Promise<readonly string[] | Map<string, string>> => {
  switch (await redis.type(key)) {
    case 'hash':
      return new Map(Object.entries(await redis.hgetall(key)));
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'set':
      return redis.smembers(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    default:
      return [];
  }
};

/** Keys are named without the installation's own beginning. */
export const dumpRegistry = (url: string, installation: string): Promise<Dump> =>
  readRedis(url, async (redis) => {
    const start = `{${installation}}:`;
    const names = (await redis.keys(`${start.replace(/[{}]/g, '\\$&')}*`)).map((key) =>
      key.slice(start.length),
    );
    // Queues hold a key for each job that is done: their lists are enough.
    const wanted = names.filter((name) => !name.startsWith('queue:') || queueList.test(name));
    const values = new Map<string, readonly string[] | Map<string, string>>();
    for (const name of wanted) values.set(name, await stored(redis, `${start}${name}`));
    return {
      keys: (beginning) =>
        names.filter((name) => name.startsWith(beginning)).map((name) => name.slice(beginning.length)),
      hash: (key) => {
        const value = values.get(key);
        return value instanceof Map ? value : new Map<string, string>();
      },
      members: (key) => {
        const value = values.get(key);
        return value instanceof Map || value === undefined ? [] : value;
      },
    };
  });

/** What stands under a rig's key; one that ended stands there for a while, too. */
export const rigRow = (dump: Dump, id: string): RigRow | undefined => {
  const fields = dump.hash(`rig:${id}`);
  const text = fields.get('body');
  if (text === undefined) return undefined;
  const { name, generation, owner, host, network, state, lease } = body.parse(JSON.parse(text));
  return {
    id,
    name,
    generation,
    owner: owner.id,
    ownerName: owner.name,
    host,
    lan: network.lan,
    address: fields.get('address') ?? '',
    licence: fields.get('licence'),
    state: state.kind,
    end: lease.end,
  };
};
