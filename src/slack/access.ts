// May this person use the bot here at all, and are they one of its operators? Asked for each command and each click.

import type { Log } from '../ports/log.ts';
import type { Asker } from '../rig/access.ts';
import type { ChannelId, Person, UserId } from '../rig/rig.ts';
import type { People } from './people.ts';
import { readSlackFailure } from './slack-errors.ts';

/** People (`U…`, `W…`) and user groups (`S…`). */
export type Audience = readonly string[];

export type AccessRules = {
  /** `undefined`: everybody but guests and people of other organisations. Whoever is named here may, whatever they are. */
  readonly users: Audience | undefined;
  readonly admins: Audience;
  /** Where commands are taken; `undefined`: everywhere. Direct messages always. */
  readonly channels: readonly ChannelId[] | undefined;
};

export type Admission =
  | { readonly kind: 'welcome'; readonly asker: Asker }
  | { readonly kind: 'not-here'; readonly channels: readonly ChannelId[] }
  | { readonly kind: 'not-listed' | 'outsider' }
  /** Slack does not say who they are, so that nothing may be done. */
  | { readonly kind: 'unknown' };

export type Access = {
  /** `channel`: where a command was typed; a click is taken wherever its button is. */
  readonly admit: (person: Person, channel: ChannelId | undefined) => Promise<Admission>;
};

export const createAccess = (people: People, rules: AccessRules, log: Log): Access => {
  const isAmong = async (audience: Audience, user: UserId): Promise<boolean> => {
    if (audience.includes(user)) return true;
    for (const group of audience.filter((one) => one.startsWith('S'))) {
      if ((await people.members(group)).has(user)) return true;
    }
    return false;
  };

  const judge = async (person: Person): Promise<Admission> => {
    const isAdmin = await isAmong(rules.admins, person.id);
    const welcome: Admission = { kind: 'welcome', asker: { ...person, isAdmin } };
    if (isAdmin) return welcome;
    if (rules.users !== undefined)
      return (await isAmong(rules.users, person.id)) ? welcome : { kind: 'not-listed' };
    return (await people.profile(person.id)).isOutsider ? { kind: 'outsider' } : welcome;
  };

  return {
    admit: async (person, channel) => {
      const { channels } = rules;
      if (
        channels !== undefined &&
        channel !== undefined &&
        !channel.startsWith('D') &&
        !channels.includes(channel)
      ) {
        return { kind: 'not-here', channels };
      }
      try {
        return await judge(person);
      } catch (err) {
        if (readSlackFailure(err) === undefined) throw err;
        log.warn({ user: person.id, err }, 'Slack does not say who somebody is');
        return { kind: 'unknown' };
      }
    },
  };
};
