// Whether a word about a rig's end is still worth telling. It may have waited long for Slack; news that calls people for
// something that has passed, or moved, is worse than none.

import type { Instant } from './duration.ts';
import type { News } from './news.ts';
import { hasOpenLease, type Rig } from './rig.ts';

/** `rig` as it is now. What became of it since is told by later news. */
export const isOutOfDate = (rig: Rig, news: News, now: Instant): boolean => {
  const { lease } = rig;
  switch (news.kind) {
    case 'reminder':
      return !hasOpenLease(rig) || now >= news.end || !isEndOf(rig, news.end) || isSuperseded(rig, news);
    case 'kept':
      return !hasOpenLease(rig) || lease.end !== news.end;
    case 'idle':
      return !hasOpenLease(rig) || lease.idleStop !== news.stop;
    default:
      return false;
  }
};

/** Of a kept rig the end that counts is the last there can be. */
const isEndOf = ({ lease: { end, cap, keptFrom } }: Rig, at: Instant): boolean =>
  at === end || (keptFrom !== undefined && at === cap);

/** A later reminder of the same end was due since, and will be told. One is enough for a grace. */
const isSuperseded = (
  { lease: { reminded } }: Rig,
  { end, left, late }: News & { kind: 'reminder' },
): boolean => !late && reminded !== undefined && reminded > end - left;
