// The checks of a Redis, in the order in which they are told.

import type { Finding } from '../finding.ts';
import { adoption, appendOnly, disk, memory, registry } from './check-data.ts';
import { answers, clock, password, policy, replicas, version, writes } from './check-server.ts';
import type { RedisCheck, SeenRedis } from './seen-redis.ts';

const checks: readonly RedisCheck[] = [
  answers,
  version,
  password,
  writes,
  replicas,
  policy,
  appendOnly,
  disk,
  memory,
  clock,
  registry,
  adoption,
];

export const checkRedisFacts = (seen: SeenRedis): readonly Finding[] =>
  checks.flatMap((check) => check(seen));
