// Every key and value of a Redis as one text, to be searched for what must not be there. Read by hand, and not as RDB has it,
// which would be compressed.

import type { Redis } from 'ioredis';
import { readRedis } from './registry-dump.ts';

const read = async (redis: Redis, key: string): Promise<unknown> => {
  const kind = await redis.type(key);
  switch (kind) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'set':
      return redis.smembers(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    // Gone since it was listed.
    case 'none':
      return undefined;
    default:
      throw new Error(`${key} is a ${kind}, which nobody here can read`);
  }
};

export const everythingIn = (url: string): Promise<string> =>
  readRedis(url, async (redis) => {
    const keys = await redis.keys('*');
    const values = await Promise.all(keys.map((key) => read(redis, key)));
    return keys.map((key, index) => `${key} ${JSON.stringify(values[index])}`).join('\n');
  });
