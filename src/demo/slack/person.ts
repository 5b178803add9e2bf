// What a person does in Slack: types a command, clicks a button; and the payloads that Slack makes of it.

import { assertNever } from '../../rig/assert-never.ts';
import { type ClickedAction, clickedAction } from './clicked-action.ts';
import type { Outcome, Parcel } from './delivery.ts';
import type { AppSettings } from './manifest.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Channel, Message, Person, View } from './state.ts';
import type { Click, Command, Interaction } from './surface.ts';
import type { Triggers } from './triggers.ts';
import { escapeTyped } from './typed-text.ts';
import { messageShape, viewShape } from './web-api/message-shape.ts';
import { app, team, type Workspace } from './workspace.ts';

export type PersonParts = {
  readonly workspace: Workspace;
  readonly settings: AppSettings;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly baseUrl: string;
  readonly clock: () => number;
  /** By trigger id. */
  readonly sent: Map<string, Sent>;
  readonly deliver: (parcel: Parcel) => Promise<Outcome>;
};

/** Kept by Slack for old apps; nobody checks it. */
const VERIFICATION_TOKEN = 'emulated';

const channelName = (channel: Channel): string =>
  ({ public: channel.name, private: 'privategroup', direct: 'directmessage' })[channel.kind];

const refused = (shown: string): Interaction => ({ kind: 'refused', shown });

/** What was sent, kept so that it can be sent again. */
export type Sent = {
  readonly parcel: Omit<Parcel, 'attempt'>;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
  /** How Slack's sentence to the person begins if it fails. */
  readonly failure: string;
  attempts: number;
};

const interaction = (outcome: Outcome | undefined, sent: Sent): Interaction => {
  const { failure, triggerId, responseUrl } = sent;
  switch (outcome?.kind) {
    case 'acknowledged':
      return { ...outcome, triggerId, responseUrl };
    case 'timed-out':
      return { kind: 'timed-out', shown: `${failure} "operation_timeout"`, triggerId, responseUrl };
    case 'rejected':
    case 'undeliverable':
    case undefined:
      return { kind: 'undeliverable', shown: `${failure} "dispatch_failed"`, triggerId, responseUrl };
    default:
      return assertNever(outcome);
  }
};

/** Delivers as often as asked, all at once; the first acknowledgement counts. */
const deliverTimes = async (parts: PersonParts, sent: Sent, times: number): Promise<Interaction> => {
  parts.sent.set(sent.triggerId, sent);
  const first = sent.attempts;
  sent.attempts += times;
  const outcomes = await Promise.all(
    Array.from({ length: times }, (_, index) => parts.deliver({ ...sent.parcel, attempt: first + index })),
  );
  return interaction(outcomes.find((each) => each.kind === 'acknowledged') ?? outcomes[0], sent);
};

export const createRedeliver =
  (parts: PersonParts) =>
  (triggerId: string): Promise<Interaction> =>
    deliverTimes(parts, found(parts.sent.get(triggerId), `delivery with trigger ${triggerId}`), 1);

/** `undefined` for a reference that names nobody: a slip of the caller's, so it throws. */
const found = <T>(what: T | undefined, ref: string): T => {
  if (what === undefined) throw new Error(`there is no ${ref} in the emulated workspace`);
  return what;
};

export const createCommand =
  (parts: PersonParts) =>
  async (asked: Command): Promise<Interaction> => {
    const { workspace, settings, triggers, responseUrls } = parts;
    const name = asked.command ?? '/wcs';
    const user = found(workspace.person(asked.user), asked.user);
    const channel = found(workspace.channel(asked.channel), asked.channel);
    if (channel.kind !== 'public' && !channel.members.includes(user.id))
      throw new Error(`@${user.name} is not in ${asked.channel}`);
    const registered = settings.commands.find(({ command }) => command === name);
    if (registered === undefined) return refused(`${name} is not a valid command.`);
    if (asked.threadTs !== undefined) return refused(`${name} is not supported in threads. Sorry!`);
    if (channel.isArchived) return refused('You are viewing an archived channel.');

    const triggerId = triggers.issue(user.id);
    const path = responseUrls.issue({
      kind: 'commands',
      user: user.id,
      channel: channel.id,
      original: undefined,
    });
    const responseUrl = `${parts.baseUrl}${path}`;
    const body = {
      token: VERIFICATION_TOKEN,
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: user.id,
      user_name: user.name,
      command: name,
      text: registered.shouldEscape ? escapeTyped(asked.text.trim(), workspace) : asked.text.trim(),
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: responseUrl,
      trigger_id: triggerId,
    };
    const parcel = { type: 'slash_commands', body } as const;
    const failure = `${name} failed with the error`;
    const sent = { parcel, triggerId, responseUrl, failure, attempts: 0 };
    const came = await deliverTimes(parts, sent, asked.deliveries ?? 1);
    if (came.kind === 'acknowledged') responseUrls.showAck(path, came.payload);
    return came;
  };

const where = (on: Message | View, channel: Channel | undefined) => {
  if (!('ts' in on)) return { container: { type: 'view', view_id: on.id }, view: viewShape(on) };
  const container = {
    type: 'message',
    message_ts: on.ts,
    channel_id: on.channel,
    is_ephemeral: on.ephemeralTo !== undefined,
    ...(on.threadTs === undefined ? {} : { thread_ts: on.threadTs }),
  };
  return {
    container,
    ...(channel === undefined ? {} : { channel: { id: channel.id, name: channelName(channel) } }),
    // Slack does not send an ephemeral message along: it does not keep it.
    ...(on.ephemeralTo === undefined ? { message: messageShape(on, true) } : {}),
  };
};

const actionsBody = (facts: {
  readonly user: Person;
  readonly on: Message | View;
  readonly channel: Channel | undefined;
  readonly action: ClickedAction;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
}) => ({
  type: 'block_actions',
  user: { id: facts.user.id, username: facts.user.name, name: facts.user.name, team_id: team.id },
  api_app_id: app.id,
  token: VERIFICATION_TOKEN,
  ...where(facts.on, facts.channel),
  trigger_id: facts.triggerId,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
  state: { values: {} },
  ...(facts.responseUrl === undefined ? {} : { response_url: facts.responseUrl }),
  actions: [facts.action.payload],
});

/** The message or view as it is now, if this person can see it. */
const present = (on: Message | View, user: Person, workspace: Workspace): Message | View => {
  if (!('ts' in on)) return found(workspace.views.get(on.id), `view ${on.id}`);
  const now = found(workspace.message(on.channel, on.ts), `message ${on.ts} in ${on.channel} any more`);
  const channel = found(workspace.channel(on.channel), on.channel);
  const sees =
    now.ephemeralTo === undefined
      ? channel.kind === 'public' || channel.members.includes(user.id)
      : now.ephemeralTo === user.id;
  if (!sees) throw new Error(`@${user.name} does not see message ${on.ts}`);
  return now;
};

export const createClick =
  (parts: PersonParts) =>
  async (asked: Click): Promise<Interaction> => {
    const { workspace, settings, triggers, responseUrls } = parts;
    const user = found(workspace.person(asked.user), asked.user);
    const on = present(asked.on, user, workspace);
    const action = clickedAction(on.blocks, asked, parts.clock());
    if (action.confirm && asked.confirm === 'decline') return refused('declined in the confirmation');
    if (!settings.interactive) return refused('This app is not configured to handle interactive responses.');

    const channel = 'ts' in on ? workspace.channel(on.channel) : undefined;
    const triggerId = triggers.issue(user.id);
    const responseUrl =
      channel === undefined || !('ts' in on)
        ? undefined
        : `${parts.baseUrl}${responseUrls.issue({ kind: 'actions', user: user.id, channel: channel.id, original: on })}`;
    const body = actionsBody({ user, on, channel, action, triggerId, responseUrl });
    const parcel = { type: 'interactive', body } as const;
    const failure = 'The action failed with the error';
    const sent = { parcel, triggerId, responseUrl, failure, attempts: 0 };
    return deliverTimes(parts, sent, asked.deliveries ?? 1);
  };
