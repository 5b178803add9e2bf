// What Slack says of people: their time zone, whether they are guests, and who is in a user group. Asked seldom, kept a while.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Duration, type Instant, minute } from '../rig/duration.ts';
import type { UserId } from '../rig/rig.ts';
import { isZone } from './parse/until.ts';

export type Profile = {
  /** As Slack shows it; the id where it shows none. */
  readonly name: string;
  /** IANA, `Europe/Berlin`. */
  readonly zone: string;
  /** A guest, or somebody of another organisation. */
  readonly isOutsider: boolean;
  readonly isBot: boolean;
  /** Its account was closed. */
  readonly isGone: boolean;
};

/** Both throw what Slack's client throws. */
export type People = {
  readonly profile: (user: UserId) => Promise<Profile>;
  /** A user group's people; none of a group that there is not. */
  readonly members: (group: string) => Promise<ReadonlySet<UserId>>;
};

const freshness: Duration = 5 * minute;
const mostKept = 5000;

const userInfo = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().optional(),
    tz: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).default({}),
  }),
});

const groupList = z.object({ users: z.array(z.string()).default([]) });

/** `team`: our workspace's id, once Slack has told it. */
export const createPeople = (client: WebClient, team: () => string, now: () => Instant): People => {
  const profiles = createKept<Profile>(now);
  const groups = createKept<ReadonlySet<UserId>>(now);
  return {
    profile: (user) => profiles(user, async () => readProfile(await client.users.info({ user }), team())),
    members: (group) =>
      groups(group, async () => {
        const { users } = groupList.parse(await client.usergroups.users.list({ usergroup: group }));
        return new Set(users);
      }),
  };
};

const readProfile = (answer: unknown, team: string): Profile => {
  const { user } = userInfo.parse(answer);
  const { display_name, real_name } = user.profile;
  const isElsewhere = user.team_id !== undefined && team !== '' && user.team_id !== team;
  return {
    name: user.name || display_name || real_name || user.id,
    zone: user.tz !== undefined && isZone(user.tz) ? user.tz : 'UTC',
    isOutsider: user.is_restricted || user.is_ultra_restricted || user.is_stranger || isElsewhere,
    isBot: user.is_bot,
    isGone: user.deleted,
  };
};

/** Asks once for each key while it is fresh; what failed is asked again the next time. */
const createKept = <T>(now: () => Instant): ((key: string, ask: () => Promise<T>) => Promise<T>) => {
  const kept = new Map<string, { readonly is: Promise<T>; readonly until: Instant }>();
  return (key, ask) => {
    const seen = kept.get(key);
    if (seen !== undefined && now() < seen.until) return seen.is;
    if (kept.size >= mostKept) kept.clear();
    const asked = { is: ask(), until: now() + freshness };
    kept.set(key, asked);
    asked.is.catch(() => kept.get(key) === asked && kept.delete(key));
    return asked.is;
  };
};
