// May this Redis be used? Too old, or one that throws keys away when it is full, may not.

import type { Connection } from './connection.ts';

const oldest = [6, 2] as const;
export const oldestVersion = oldest.join('.');

/** Of what `INFO` says. */
export const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

export const isTooOld = (version: string): boolean => {
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

/** What may be used and loses more than it needs to; none if all is well. Pure. */
export const weaknessesOf = (info: string): readonly string[] =>
  field(info, 'aof_enabled') === '0'
    ? [
        'Redis keeps no append-only file, so that its end loses minutes of what was decided, or all; hosts then have to bring ' +
          'the registry back: redis-cli CONFIG SET appendonly yes (and CONFIG REWRITE, or set it in redis.conf).',
      ]
    : [];

export type Fitness = {
  /** Sentences that stand against this Redis, each with what mends it; whoever gets one must not start. */
  readonly faults: readonly string[];
  readonly weaknesses: readonly string[];
};

/** `INFO` and not `CONFIG GET`: managed Redis forbids the latter. */
export const checkRedis = async ({ ask }: Connection): Promise<Fitness> => {
  const info = await ask((redis) => redis.info());
  return { faults: faultsOf(info), weaknesses: weaknessesOf(info) };
};
