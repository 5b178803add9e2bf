// A person opens the app's Home tab, and Slack tells the app of it with an event.

import { randomBytes } from 'node:crypto';
import type { Interaction, PersonRef } from './interaction.ts';
import { acting, type PersonParts, refused, send, VERIFICATION_TOKEN } from './person.ts';
import { viewShape } from './web-api/message-shape.ts';
import { app, team } from './workspace.ts';

const EVENT = 'app_home_opened';

/** What Slack wraps every event in. */
const wrapped = (event: Readonly<Record<string, unknown>>, eventId: string, now: number) => ({
  token: VERIFICATION_TOKEN,
  team_id: team.id,
  context_team_id: team.id,
  context_enterprise_id: null,
  api_app_id: app.id,
  event,
  type: 'event_callback',
  event_id: eventId,
  event_time: Math.floor(now / 1000),
  authorizations: [
    {
      enterprise_id: null,
      team_id: team.id,
      user_id: app.botUser,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
});

export const createOpenHome =
  (parts: PersonParts) =>
  async (ref: PersonRef): Promise<Interaction> => {
    const { workspace, settings, clock } = parts;
    const user = acting(ref, workspace);
    if (!settings.homeTab) return refused('this app has no Home tab: home_tab_enabled is off');
    if (!settings.botEvents.includes(EVENT)) return refused(`nothing was sent: no bot event ${EVENT}`);
    const now = clock();
    const view = workspace.views.home(user.id);
    const eventId = `Ev${randomBytes(5).toString('hex').toUpperCase()}`;
    const event = {
      type: EVENT,
      user: user.id,
      channel: workspace.openDirect(app.botUser, user.id).id,
      tab: 'home',
      event_ts: (now / 1000).toFixed(6),
      ...(view === undefined ? {} : { view: viewShape(view) }),
    };
    const parcel = { type: 'events_api', body: wrapped(event, eventId, now) } as const;
    // The person is told nothing: they see the tab as it was.
    const failure = () => '';
    return send(parts, { parcel, triggerId: eventId, responseUrl: undefined, failure });
  };
