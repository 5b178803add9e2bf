// auth.test, api.test, users.info, bots.info and apps.connections.open.

import type { Person } from '../state.ts';
import { app, team } from '../workspace.ts';
import { defineMethod, flag, type Method, refuse, text } from './method.ts';

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

const userShape = (person: Person) => ({
  id: person.id,
  team_id: team.id,
  name: person.name,
  deleted: false,
  real_name: person.realName,
  tz: 'Europe/Berlin',
  tz_label: 'Central European Time',
  tz_offset: 3600,
  profile: {
    real_name: person.realName,
    real_name_normalized: person.realName,
    display_name: person.isBot ? '' : person.name,
    display_name_normalized: person.isBot ? '' : person.name,
    team: team.id,
  },
  is_admin: false,
  is_owner: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_bot: person.isBot,
  is_app_user: false,
  updated: 1_700_000_000,
});

const usersInfo = defineMethod({
  scopes: ['users:read'],
  fields: { user: text, include_locale: flag.optional() },
  run: (args, { workspace }) => {
    const person = workspace.people().find((each) => each.id === args.user);
    return person === undefined ? refuse('user_not_found') : { ok: true, user: userShape(person) };
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
  run: (_args, context) => ({ ok: true, url: context.openSocket() }),
});

export const peopleMethods: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'api.test': apiTest,
  'users.info': usersInfo,
  'bots.info': botsInfo,
  'apps.connections.open': connectionsOpen,
};
