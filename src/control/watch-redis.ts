// Is the Redis that answers still one that may be used? After a failover it is another one, and settings can be changed while
// it runs.

import type { Notices } from '../ports/audit.ts';
import type { Log } from '../ports/log.ts';
import { daily } from './tell-notices.ts';

export type WatchRedisPorts = {
  readonly check: () => Promise<{
    readonly faults: readonly string[];
    readonly weaknesses: readonly string[];
  }>;
  readonly notices: Notices;
  readonly log: Log;
};

/** One look after the other; what was said is said again only when it has changed meanwhile. */
export const createRedisWatch = ({ check, notices, log }: WatchRedisPorts): (() => Promise<void>) => {
  const said = { before: '' };
  return async () => {
    const { faults, weaknesses } = await check();
    const why = faults.join(' ');
    const all = [...faults, ...weaknesses].join(' ');
    if (why !== '') await notices.put({ kind: 'unfit-redis', why }, daily);
    if (all === said.before) return;
    said.before = all;
    if (why !== '') log.error({ why: all }, 'this Redis is not fit');
    else if (all !== '') log.warn({ why: all }, 'this Redis may lose more than it needs to');
    else log.info({}, 'this Redis is fit again');
  };
};
