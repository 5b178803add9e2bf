// chat.*: posting, updating, deleting, and links to messages.

import { z } from 'zod';
import { type CheckedContent, checkContent, POST_TEXT, UPDATE_TEXT } from '../content.ts';
import type { Channel, Message, MessageMetadata } from '../state.ts';
import { app, team } from '../workspace.ts';
import { messageShape } from './message-shape.ts';
import {
  type CallContext,
  defineMethod,
  flag,
  isMember,
  livingThread,
  type Method,
  nested,
  type Refusal,
  refuse,
  refuseWith,
  text,
  timestamp,
  tooFast,
  visibleChannel,
} from './method.ts';

const metadata = nested(
  z.union([
    z.strictObject({ event_type: text.max(255), event_payload: z.record(z.string(), z.unknown()) }),
    z.strictObject({}),
  ]),
).optional();

const content = { text: z.string().optional(), blocks: nested(z.unknown()).optional() };
const looks = {
  mrkdwn: flag.optional(),
  parse: z.enum(['full', 'none']).optional(),
  link_names: flag.optional(),
};
/** Text kinds of the Web API that the bot may not need are left out, so that their use shows up as an unknown field. */
const unfurls = { unfurl_links: flag.optional(), unfurl_media: flag.optional() };

const given = (value: { readonly event_type?: unknown } | undefined): MessageMetadata | undefined =>
  value !== undefined && 'event_type' in value
    ? z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).parse(value)
    : undefined;

const contentRefusal = (
  checked: Extract<CheckedContent, { kind: 'refused' }>,
  context: CallContext,
): Refusal => {
  context.violate(checked.rule, [checked.error, ...checked.errors].join('; '));
  return refuseWith(checked.error, checked.errors);
};

/**
 * A channel's id, or a person's, which opens the direct message with the bot. With a deactivated person none is opened;
 * but one that was open before takes messages as ever (slackapi/python-slack-sdk#1156): only `users.info` and
 * `conversations.open` tell.
 */
const target = (id: string, context: CallContext): Channel | undefined => {
  const { workspace } = context;
  const person = workspace.people().find((each) => each.id === id && each.id !== app.botUser);
  if (person === undefined) return visibleChannel(id, context);
  return person.isDeleted === true
    ? workspace.direct(app.botUser, person.id)
    : workspace.openDirect(app.botUser, person.id);
};

const postRefusal = (channel: Channel, context: CallContext): Refusal | undefined => {
  if (channel.isArchived) return refuse('is_archived');
  if (channel.kind === 'direct' && !context.settings.messagesTab) return refuse('messages_tab_disabled');
  if (!isMember(channel) && !context.settings.scopes.includes('chat:write.public'))
    return refuse('not_in_channel');
  return undefined;
};

const postMessage = defineMethod({
  scopes: ['chat:write'],
  fields: {
    channel: text,
    ...content,
    ...looks,
    ...unfurls,
    metadata,
    thread_ts: timestamp.optional(),
    reply_broadcast: flag.optional(),
  },
  run: (args, context) => {
    const channel = target(args.channel, context);
    if (channel === undefined) return refuse('channel_not_found');
    const refused = postRefusal(channel, context);
    if (refused !== undefined) return refused;
    const checked = checkContent(args, { text: POST_TEXT, allBlocks: true });
    if (checked.kind === 'refused') return contentRefusal(checked, context);
    const wait = context.pacing.post(channel.id);
    if (wait !== undefined)
      return tooFast(wait, `a second message to ${channel.id} within a second`, context);
    const message = context.workspace.post({
      channel: channel.id,
      user: app.botUser,
      text: checked.text,
      blocks: checked.blocks ?? [],
      threadTs: livingThread(channel, args.thread_ts, context),
      metadata: given(args.metadata),
    });
    return { ok: true, channel: channel.id, ts: message.ts, message: messageShape(message, true) };
  },
});

const postEphemeral = defineMethod({
  scopes: ['chat:write'],
  fields: { channel: text, user: text, ...content, ...looks, thread_ts: timestamp.optional() },
  run: (args, context) => {
    const { workspace } = context;
    const channel = visibleChannel(args.channel, context);
    if (channel === undefined) return refuse('channel_not_found');
    if (channel.isArchived) return refuse('is_archived');
    if (!isMember(channel)) return refuse('not_in_channel');
    if (!channel.members.includes(args.user) || workspace.person(args.user)?.isDeleted === true)
      return refuse('user_not_in_channel');
    const checked = checkContent(args, { text: POST_TEXT, allBlocks: true });
    if (checked.kind === 'refused') return contentRefusal(checked, context);
    const message = workspace.post({
      channel: channel.id,
      user: app.botUser,
      text: checked.text,
      blocks: checked.blocks ?? [],
      threadTs: args.thread_ts,
      ephemeralTo: args.user,
    });
    return { ok: true, message_ts: message.ts };
  },
});

/** The bot's own message, or why it cannot be touched. */
const ownMessage = (
  args: { readonly channel: string; readonly ts: string },
  deed: 'update' | 'delete',
  context: CallContext,
): Message | Refusal => {
  const channel = visibleChannel(args.channel, context);
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.isArchived && deed === 'update') return refuse('is_inactive');
  const message = context.workspace.message(channel.id, args.ts);
  if (message?.ephemeralTo !== undefined) {
    context.violate(
      'ephemeral-updated',
      `${args.ts} is seen by one person only: chat.${deed} does not reach it`,
    );
    return refuse('message_not_found');
  }
  if (message === undefined) return refuse('message_not_found');
  return message.user === app.botUser ? message : refuse(`cant_${deed}_message`);
};

const update = defineMethod({
  scopes: ['chat:write'],
  fields: { channel: text, ts: timestamp, ...content, ...looks, metadata, reply_broadcast: flag.optional() },
  run: (args, context) => {
    const wait = context.pacing.update();
    if (wait !== undefined) return tooFast(wait, 'more updates a minute than Slack allows', context);
    const before = ownMessage(args, 'update', context);
    if ('error' in before) return before;
    const checked = checkContent(args, { text: UPDATE_TEXT, allBlocks: true });
    if (checked.kind === 'refused') return contentRefusal(checked, context);
    // What is left out stays: blocks and metadata are removed by an empty list and an empty object.
    const message = context.workspace.edit(before, {
      text: checked.text,
      blocks: checked.blocks ?? before.blocks,
      metadata: args.metadata === undefined ? before.metadata : given(args.metadata),
    });
    return {
      ok: true,
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageShape(message, true),
    };
  },
});

const remove = defineMethod({
  scopes: ['chat:write'],
  fields: { channel: text, ts: timestamp },
  run: (args, context) => {
    const message = ownMessage(args, 'delete', context);
    if ('error' in message) return message;
    context.workspace.remove(message.channel, message.ts);
    return { ok: true, channel: message.channel, ts: message.ts };
  },
});

/** `https://acme.slack.com/archives/C…/p1700000000000100` */
export const permalink = (message: Message): string => {
  const base = `https://${team.domain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  return message.threadTs === undefined
    ? base
    : `${base}?thread_ts=${message.threadTs}&cid=${message.channel}`;
};

const getPermalink = defineMethod({
  fields: { channel: text, message_ts: timestamp },
  run: (args, context) => {
    const channel = visibleChannel(args.channel, context);
    if (channel === undefined) return refuse('channel_not_found');
    const message = context.workspace.message(channel.id, args.message_ts);
    return message === undefined || message.ephemeralTo !== undefined
      ? refuse('message_not_found')
      : { ok: true, channel: channel.id, permalink: permalink(message) };
  },
});

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
};
