// What a host ends by itself, when no bot has been there for long: a rig far past the latest end that it can have, and nothing
// else.

import type { Duration, Instant } from './duration.ts';
import type { Lease } from './lease.ts';

export type OverdueFacts = {
  /** As its host's note has the lease; `undefined` where there is none of this generation that is ours. */
  readonly noted: Pick<Lease, 'end' | 'cap'> | undefined;
  /** As its label has it, which was true at its birth. */
  readonly bornCap: Instant | undefined;
};

/**
 * True at the call site: is it so long past its hard end that it may be removed without a bot's word? `after`: so long past
 * its cap. One without a cap never is: somebody wants it for ever, or nobody knows. Without a note only the label counts.
 */
export const isOverdue = ({ noted, bornCap }: OverdueFacts, now: Instant, after: Duration): boolean => {
  const cap = noted === undefined ? bornCap : noted.cap;
  if (cap === undefined || now < cap + after) return false;
  return noted === undefined || (noted.end !== undefined && now >= noted.end);
};

/** A bot at work moves it: when leases were last looked at. */
export type BotSeen = {
  readonly last: Instant | undefined;
  /** Since when it stands there, by a clock that never jumps, and only since this process first saw it. */
  readonly stillSince: Duration;
};

/** `elapsed`: by the same clock. `now`: by the registry's. */
export const isBotAway = (
  { last, stillSince }: BotSeen,
  now: Instant,
  elapsed: Duration,
  after: Duration,
): boolean => elapsed - stillSince >= after && (last === undefined || now - last >= after);
