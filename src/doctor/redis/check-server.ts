// Can this Redis be used, and how well: its version, its password, writes, its policy, its clock. Pure.

import { isTooOld, oldestVersion } from '../../redis/check.ts';
import { type Duration, second } from '../../rig/duration.ts';
import { describeRedis } from '../../rig/redis-address.ts';
import { count, shortTime } from '../figures.ts';
import { doubtful, well, wrong } from '../finding.ts';
import { configSet, isLoopback, type RedisCheck } from './seen-redis.ts';

/** More than this is felt: each command of a person's asks several times. */
const slow: Duration = 20;
const apart: Duration = second;

export const answers: RedisCheck = ({ address, facts }) => {
  const where = describeRedis(address);
  const took = shortTime(facts.latency);
  if (facts.latency <= slow) return [well('redis-reachable', `${where} answers in ${took}`)];
  return [
    well('redis-reachable', `${where} answers`),
    doubtful(
      'redis-latency',
      `an answer takes ${took}; above ${shortTime(slow)} people feel it with each command`,
      'have Redis on the LAN of the hosts; on its machine `redis-cli --latency` tells the way from a busy Redis',
    ),
  ];
};

export const version: RedisCheck = ({ facts: { version: is } }) => {
  if (is === undefined)
    return [wrong('redis-version', `it does not say its version; ${oldestVersion} or newer is needed`)];
  if (isTooOld(is))
    return [
      wrong(
        'redis-version',
        `it is Redis ${is}; ${oldestVersion} or newer is needed`,
        '`apt-get install redis-server`, or the image redis:7-alpine',
      ),
    ];
  return [well('redis-version', `it is Redis ${is}`)];
};

export const password: RedisCheck = ({ address, facts: { open } }) => {
  if (address.kind !== 'tcp' || open === undefined) return [];
  if (!open) return [well('redis-password', 'it wants a password, and takes the one of REDIS_URL')];
  if (isLoopback(address.host)) return [];
  return [
    doubtful(
      'redis-password',
      'it wants no password: whoever reaches it rules the fleet',
      `${configSet(address, 'requirepass "$(openssl rand -hex 24)"')}, and the same in every REDIS_URL`,
    ),
  ];
};

/** One sentence for all that makes it refuse; the replica's has its own way out. */
export const writes: RedisCheck = ({ facts: { role, refusesWrites } }) => {
  if (role.kind === 'replica')
    return [
      wrong(
        'redis-writes',
        `it is a replica of ${role.master}, and takes nothing in`,
        `name ${role.master} in REDIS_URL, or the sentinels: redis+sentinel://…`,
      ),
    ];
  if (refusesWrites === undefined) return [well('redis-writes', 'it takes writes')];
  const way = ways.find(({ begins }) => refusesWrites.startsWith(begins))?.way;
  return [wrong('redis-writes', `it refuses writes: ${refusesWrites.replace(/\.$/, '')}`, way)];
};

const ways: readonly { readonly begins: string; readonly way: string }[] = [
  { begins: 'OOM', way: '`redis-cli CONFIG SET maxmemory …` with more, or 0 for what the machine has' },
  {
    begins: 'MISCONF',
    way: 'it cannot write its snapshot: `df -h` of its directory (`redis-cli CONFIG GET dir`)',
  },
  { begins: 'NOREPLICAS', way: 'start its replicas again: min-replicas-to-write of them have to be there' },
  { begins: 'NOPERM', way: 'give this user the rights: `redis-cli ACL SETUSER … on ~* &* +@all`' },
  { begins: 'MOVED', way: 'it is a cluster, whose keys lie elsewhere: use one Redis, or Sentinel' },
];

export const policy: RedisCheck = ({ address, facts: { policy: is } }) =>
  is === 'noeviction'
    ? [well('redis-policy', 'its maxmemory-policy is noeviction')]
    : [
        wrong(
          'redis-policy',
          `its maxmemory-policy is ${is ?? 'unknown'}: when its memory is full it may throw claims away, and two rigs get one address`,
          configSet(address, 'maxmemory-policy noeviction'),
        ),
      ];

/** Sentinels are there to make a replica the master. */
export const replicas: RedisCheck = ({ address, facts: { role } }) => {
  if (address.kind !== 'sentinel' || role.kind !== 'master') return [];
  if (role.replicas > 0) return [well('redis-replicas', `it has ${count(role.replicas, 'replica')}`)];
  return [
    doubtful(
      'redis-replicas',
      'it has no replica, so that the sentinels have nothing to make the master should it die',
      'start the replicas again: `redis-cli INFO replication` there says why one is not connected',
    ),
  ];
};

export const clock: RedisCheck = ({ facts: { skew } }) => {
  if (Math.abs(skew) <= apart)
    return [well('redis-clock', `this machine's clock and Redis' are ${shortTime(Math.abs(skew))} apart`)];
  const way = skew > 0 ? 'ahead of' : 'behind';
  return [
    doubtful(
      'redis-clock',
      `this machine's clock is ${shortTime(Math.abs(skew))} ${way} Redis': leases go by Redis' clock alone, so that none ends early or late; logs here have the wrong time`,
      '`timedatectl set-ntp true`, here and on the machine of Redis',
    ),
  ];
};
