// Is 18:00 still to come for this person, and soon enough that a button for it makes sense?

import type { Clock } from '../ports.ts';
import type { UserId } from '../rig/rig.ts';
import type { People } from './people.ts';
import { isRateLimit, readSlackFailure } from './slack-errors.ts';
import { nextEvening } from './until.ts';

/**
 * False where Slack does not say in which zone somebody is: a button less is better than no message. `wait`: a rate limit is
 * thrown, for whoever can come back later.
 */
export const createEvening =
  (
    people: Pick<People, 'profile'>,
    clock: Clock,
    whenLimited: 'wait' | 'leave out' = 'leave out',
  ): ((user: UserId) => Promise<boolean>) =>
  async (user) => {
    try {
      const { zone } = await people.profile(user);
      return nextEvening(zone, clock.now()) !== undefined;
    } catch (error) {
      if (readSlackFailure(error) === undefined) throw error;
      if (whenLimited === 'wait' && isRateLimit(error)) throw error;
      return false;
    }
  };
