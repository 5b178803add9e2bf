// A person clicks, chooses or types in a message, a modal or the Home tab, and Slack tells the app of it.

import { clickedAction } from './clicked-action.ts';
import type { Click, Interaction } from './interaction.ts';
import {
  acting,
  channelName,
  directoryOf,
  found,
  notInteractive,
  type PersonParts,
  payloadApp,
  payloadUser,
  refused,
  sees,
  send,
} from './person.ts';
import type { Channel, Message, Person, View, ViewState } from './state.ts';
import { firstState } from './view-state.ts';
import { messageShape, viewShape } from './web-api/message-shape.ts';
import type { Workspace } from './workspace.ts';

type Shown =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'message'; readonly message: Message; readonly channel: Channel };

/** The message or view as it is now; throws if this person cannot see it. */
const present = (on: Message | View, user: Person, workspace: Workspace): Shown => {
  if (!('ts' in on)) {
    const view = found(workspace.views.get(on.id), `view ${on.id}`);
    if (view.user !== user.id) throw new Error(`@${user.name} does not see view ${on.id}`);
    return { kind: 'view', view };
  }
  const message = found(workspace.message(on.channel, on.ts), `message ${on.ts} in ${on.channel} any more`);
  const channel = found(workspace.channel(on.channel), on.channel);
  const isSeen = message.ephemeralTo === undefined ? sees(user, channel) : message.ephemeralTo === user.id;
  if (!isSeen) throw new Error(`@${user.name} does not see message ${on.ts}`);
  return { kind: 'message', message, channel };
};

/** Of a message nobody keeps what a person chose in it before. */
const stateOf = (shown: Shown, user: Person): ViewState =>
  shown.kind === 'view'
    ? shown.view.state
    : firstState(shown.message.blocks, {}, { current: shown.channel, user: user.id });

const where = (shown: Shown, state: ViewState) => {
  if (shown.kind === 'view') {
    const view = { ...shown.view, state };
    return { container: { type: 'view', view_id: view.id }, view: viewShape(view) };
  }
  const { message, channel } = shown;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.ephemeralTo !== undefined,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    // Slack does not send an ephemeral message along: it does not keep it.
    ...(message.ephemeralTo === undefined ? { message: messageShape(message, true) } : {}),
    state: { values: state },
  };
};

/** Views have none. */
const responseUrlFor = (shown: Shown, user: Person, parts: PersonParts): string | undefined => {
  if (shown.kind === 'view') return undefined;
  const { message: original, channel } = shown;
  const occasion = { kind: 'actions', user: user.id, channel: channel.id, original } as const;
  return `${parts.baseUrl}${parts.responseUrls.issue(occasion)}`;
};

export const createClick =
  (parts: PersonParts) =>
  async (asked: Click): Promise<Interaction> => {
    const { workspace, settings, triggers } = parts;
    const user = acting(asked.user, workspace);
    const shown = present(asked.on, user, workspace);
    const { blocks } = shown.kind === 'view' ? shown.view : shown.message;
    const on = { blocks, state: stateOf(shown, user) };
    const action = clickedAction(on, asked, directoryOf(user, workspace), parts.clock());
    if (action.confirm && asked.confirm === 'decline') return refused('declined in the confirmation');
    if (!settings.interactive) return notInteractive;

    if (shown.kind === 'view') workspace.views.put({ ...shown.view, state: action.state });
    const seenIn = shown.kind === 'view' ? shown.view.openedIn : shown.channel.id;
    const triggerId = triggers.issue(user.id, seenIn);
    const responseUrl = responseUrlFor(shown, user, parts);
    const body = {
      type: 'block_actions',
      user: payloadUser(user),
      ...payloadApp,
      ...where(shown, action.state),
      trigger_id: triggerId,
      ...(responseUrl === undefined ? {} : { response_url: responseUrl }),
      actions: [action.payload],
    };
    const parcel = { type: 'interactive', body } as const;
    const failure = (error: string) => `The action failed with the error "${error}"`;
    return send(parts, { parcel, triggerId, responseUrl, failure }, asked.deliveries);
  };
