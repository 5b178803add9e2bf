// auth.test, api.test, users.info, usergroups.users.list, bots.info and apps.connections.open.

import type { Person } from '../state.ts';
import { app, team, teamOf } from '../workspace.ts';
import { type CallContext, defineMethod, flag, isMember, type Method, refuse, text } from './method.ts';

const authTest = defineMethod({
  fields: {},
  run: () => ({
    ok: true,
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUser,
    bot_id: app.botId,
    is_enterprise_install: false,
  }),
});

const apiTest = defineMethod({
  fields: { error: text.optional(), foo: text.optional() },
  run: (args) => (args.error === undefined ? { ok: true, args } : refuse(args.error, { args })),
});

/** As it is there right now: `Central European Summer Time`, 7200. */
const zoneShape = (tz: string, now: number) => {
  const part = (timeZoneName: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(part('longOffset')) ?? [];
  const offset = Number(hours) * 3600 + Number(minutes) * 60;
  return { tz, tz_label: part('long'), tz_offset: sign === '-' ? -offset : offset };
};

/** Of another organisation, and in no channel that this app could meet them in; whom it can meet is no stranger. */
const isUnmet = (person: Person, { workspace }: CallContext): boolean =>
  person.isStranger === true &&
  workspace
    .channels()
    .every(
      (channel) =>
        !channel.isExtShared ||
        !channel.members.includes(person.id) ||
        (channel.kind !== 'public' && !isMember(channel)),
    );

/** What Slack leaves out of somebody who was deactivated. */
const livingShape = (person: Person, context: CallContext) => ({
  real_name: person.realName,
  ...zoneShape(person.tz, context.clock()),
  is_admin: false,
  is_owner: false,
  is_restricted: person.isGuest ?? false,
  is_ultra_restricted: false,
});

const userShape = (person: Person, context: CallContext) => ({
  id: person.id,
  team_id: teamOf(person).id,
  name: person.name,
  deleted: person.isDeleted ?? false,
  ...(person.isDeleted === true ? {} : livingShape(person, context)),
  profile: {
    real_name: person.realName,
    real_name_normalized: person.realName,
    display_name: person.isBot ? '' : person.name,
    display_name_normalized: person.isBot ? '' : person.name,
    team: teamOf(person).id,
  },
  is_bot: person.isBot,
  is_app_user: false,
  ...(person.isStranger === true ? { is_stranger: isUnmet(person, context) } : {}),
  updated: 1_700_000_000,
});

const usersInfo = defineMethod({
  scopes: ['users:read'],
  fields: { user: text, include_locale: flag.optional() },
  run: (args, context) => {
    const person = context.workspace.people().find((each) => each.id === args.user);
    return person === undefined ? refuse('user_not_found') : { ok: true, user: userShape(person, context) };
  },
});

const userGroupMembers = defineMethod({
  scopes: ['usergroups:read'],
  fields: { usergroup: text, include_disabled: flag.optional() },
  run: (args, { workspace }) => {
    const group = workspace.userGroup(args.usergroup);
    return group === undefined ? refuse('no_such_subteam') : { ok: true, users: group.members };
  },
});

const botsInfo = defineMethod({
  scopes: ['users:read'],
  fields: { bot: text.optional() },
  run: (args) =>
    args.bot !== undefined && args.bot !== app.botId
      ? refuse('bot_not_found')
      : {
          ok: true,
          bot: {
            id: app.botId,
            deleted: false,
            name: app.name,
            updated: 1_700_000_000,
            app_id: app.id,
            user_id: app.botUser,
            icons: {},
          },
        },
});

const connectionsOpen = defineMethod({
  token: 'app',
  fields: {},
  run: (_args, { appScopes, openSocket }) =>
    appScopes.includes('connections:write')
      ? { ok: true, url: openSocket() }
      : refuse('missing_scope', { needed: 'connections:write', provided: appScopes.join(',') }),
});

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'api.test': apiTest,
  'users.info': usersInfo,
  'usergroups.users.list': userGroupMembers,
  'bots.info': botsInfo,
  'apps.connections.open': connectionsOpen,
};
