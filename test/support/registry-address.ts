// What every test of Redis needs, and a process outside of the test runner too.

import type { Log } from '../../src/ports/log.ts';
import { parseRedisUrl, type RedisAddress } from '../../src/rig/redis-address.ts';

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const addressOf = (url: string): RedisAddress => {
  const address = parseRedisUrl(url);
  if (!address) throw new Error(`no address: ${url}`);
  return address;
};
