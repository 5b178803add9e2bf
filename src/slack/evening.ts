// Is 18:00 still to come for this person, and soon enough that a button for it makes sense?

import type { Clock } from '../ports.ts';
import type { UserId } from '../rig/rig.ts';
import type { People } from './people.ts';
import { readSlackFailure } from './slack-errors.ts';
import { nextEvening } from './until.ts';

/** False where Slack does not say in which zone somebody is: a button less is better than no message. */
export const createEvening =
  (people: Pick<People, 'profile'>, clock: Clock): ((user: UserId) => Promise<boolean>) =>
  async (user) => {
    try {
      const { zone } = await people.profile(user);
      return nextEvening(zone, clock.now()) !== undefined;
    } catch (error) {
      if (readSlackFailure(error) === undefined) throw error;
      return false;
    }
  };
