// Looks Redis over: the way there, then the Redis itself. Never throws: what cannot be looked at is a finding.

import type { Reached } from '../../redis/examine.ts';
import { askSentinels } from '../../redis/examine-sentinels.ts';
import type { RedisAddress } from '../../rig/redis-address.ts';
import { type Finding, wrong } from '../finding.ts';
import { checkSentinels, checkUnreached } from './check-way.ts';
import { checkRedisFacts } from './checks.ts';
import { redisCli } from './seen-redis.ts';

export const examineRedis = async (
  { redis: address, installation }: { readonly redis: RedisAddress; readonly installation: string },
  reached: Reached,
): Promise<readonly Finding[]> => {
  const sentinels =
    address.kind === 'sentinel' ? checkSentinels(await askSentinels(address), address.name) : [];
  if (reached.kind === 'unreached') return [checkUnreached(address, reached), ...sentinels];
  try {
    const facts = await reached.examiner.examine();
    return [...checkRedisFacts({ address, installation, facts }), ...sentinels];
  } catch (error) {
    return [checkAskable(address, error), ...sentinels];
  }
};

/** It let us in, and then did not answer, or not to us. */
const checkAskable = (address: RedisAddress, error: unknown): Finding => {
  const words = error instanceof Error ? error.message : String(error);
  return wrong(
    'redis-askable',
    `it cannot be asked what it is: ${words}`,
    words.startsWith('NOPERM')
      ? `give this user the rights: \`${redisCli(address)} ACL SETUSER … on ~* &* +@all\``
      : `look at its log, and at \`${redisCli(address)} INFO\``,
  );
};
