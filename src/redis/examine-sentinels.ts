// Asks each sentinel by itself which Redis is the master: together they decide that when it dies.

import { Redis } from 'ioredis';
import { z } from 'zod';
import { second } from '../rig/duration.ts';
import type { RedisAddress } from '../rig/redis-address.ts';

export type SentinelSays = {
  /** `10.0.0.5:26379` */
  readonly where: string;
  readonly says:
    | { readonly kind: 'master'; readonly master: string }
    /** It watches no master of this name. */
    | { readonly kind: 'unknown-name' }
    | { readonly kind: 'no-answer'; readonly detail: string };
};

const answer = z.tuple([z.string(), z.string()]).nullable();

const limits = {
  lazyConnect: true,
  retryStrategy: null,
  connectTimeout: 2 * second,
  commandTimeout: 2 * second,
  enableReadyCheck: false,
};

/** None where REDIS_URL names none. */
export const askSentinels = async (address: RedisAddress): Promise<readonly SentinelSays[]> => {
  if (address.kind !== 'sentinel') return [];
  const { sentinels, sentinelPassword, name } = address;
  const login = sentinelPassword === undefined ? {} : { password: sentinelPassword };
  return Promise.all(
    sentinels.map(async ({ host, port }): Promise<SentinelSays> => {
      const where = `${host}:${port}`;
      const sentinel = new Redis({ host, port, ...login, ...limits });
      let reason: unknown = 'no answer';
      sentinel.on('error', (error) => {
        reason = error;
      });
      try {
        await sentinel.connect();
        const said = answer.parse(await sentinel.call('SENTINEL', 'get-master-addr-by-name', name));
        if (said === null) return { where, says: { kind: 'unknown-name' } };
        return { where, says: { kind: 'master', master: said.join(':') } };
      } catch (error) {
        // "Connection is closed" says nothing; what closed it was said before.
        const detail = wordsOf(reason === 'no answer' ? error : reason);
        return { where, says: { kind: 'no-answer', detail } };
      } finally {
        sentinel.disconnect();
      }
    }),
  );
};

const wordsOf = (error: unknown): string => {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first instanceof Error ? first.message : String(first);
};
