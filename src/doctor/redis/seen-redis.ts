// A Redis that was looked at, and how it is spoken to on a command line.

import type { RedisFacts } from '../../redis/examine.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { RedisAddress } from '../../rig/redis-address.ts';
import type { Check } from '../finding.ts';

export type SeenRedis = {
  readonly address: RedisAddress;
  readonly installation: string;
  readonly facts: RedisFacts;
};

export type RedisCheck = Check<SeenRedis>;

export const isLoopback = (host: string): boolean => /^(localhost|127\..*|::1)$/i.test(host);

/** As it is typed on this machine, without the password: `REDISCLI_AUTH` has that. */
export const redisCli = (address: RedisAddress): string => {
  switch (address.kind) {
    case 'socket':
      return `redis-cli -s ${address.path}`;
    case 'sentinel':
      return 'redis-cli';
    case 'tcp': {
      const host = isLoopback(address.host) ? '' : ` -h ${address.host}`;
      return `redis-cli${host}${address.port === 6379 ? '' : ` -p ${address.port}`}${address.tls ? ' --tls' : ''}`;
    }
    default:
      return assertNever(address);
  }
};

/** As it stands in a sentence: `redis-cli … CONFIG SET …`. */
export const configSet = (address: RedisAddress, what: string): string =>
  `\`${redisCli(address)} CONFIG SET ${what}\` ${lasting}`;

const lasting = '(and in redis.conf, so that it stays)';
