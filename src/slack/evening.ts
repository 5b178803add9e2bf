// When it is 18:00 for a person, where that is still to come and soon enough that a button for it makes sense.

import type { Clock } from '../ports/clock.ts';
import type { Instant } from '../rig/duration.ts';
import type { UserId } from '../rig/rig.ts';
import { nextEvening } from './parse/until.ts';
import type { People } from './people.ts';
import { isRateLimit, readSlackFailure } from './slack-errors.ts';

export type EveningOf = (user: UserId) => Promise<Instant | undefined>;

/**
 * `undefined` where it makes none, or where Slack does not say in which zone somebody is: a button less is better than no message. `wait`: a rate limit is
 * thrown, for whoever can come back later.
 */
export const createEvening =
  (
    people: Pick<People, 'profile'>,
    clock: Clock,
    whenLimited: 'wait' | 'leave out' = 'leave out',
  ): EveningOf =>
  async (user) => {
    try {
      const { zone } = await people.profile(user);
      return nextEvening(zone, clock.now());
    } catch (error) {
      if (readSlackFailure(error) === undefined) throw error;
      if (whenLimited === 'wait' && isRateLimit(error)) throw error;
      return undefined;
    }
  };
