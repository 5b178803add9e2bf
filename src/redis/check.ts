// May this Redis be used? Too old, or one that throws keys away when it is full, may not.

import type { Connection } from './connection.ts';

const oldest = [6, 2] as const;

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

const isTooOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
};

/** What `INFO` says that stands against it, as sentences; none if it may be used. Pure. */
export const faultsOf = (info: string): readonly string[] => {
  const version = field(info, 'redis_version');
  const policy = field(info, 'maxmemory_policy');
  const faults: string[] = [];
  if (version === undefined) faults.push('Redis does not say its version; 6.2 or newer is needed.');
  else if (isTooOld(version)) faults.push(`Redis is ${version}; 6.2 or newer is needed.`);
  if (policy !== 'noeviction') {
    faults.push(
      `Redis' maxmemory-policy is ${policy ?? 'unknown'}, so that it may throw claims away when its memory is full; ` +
        'it has to be noeviction: redis-cli CONFIG SET maxmemory-policy noeviction (and CONFIG REWRITE, or set it in redis.conf).',
    );
  }
  return faults;
};

/** `INFO` and not `CONFIG GET`: managed Redis forbids the latter. */
export const checkRedis = async ({ ask }: Connection): Promise<readonly string[]> =>
  faultsOf(await ask((redis) => redis.info()));
