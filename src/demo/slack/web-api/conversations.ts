// conversations.*: what a channel is, what was said in it, and opening a direct message.

import { z } from 'zod';
import type { Channel, Message } from '../state.ts';
import { app, team } from '../workspace.ts';
import { parentShape } from './message-shape.ts';
import {
  type Answer,
  type CallContext,
  count,
  defineMethod,
  flag,
  isMember,
  type Method,
  missingScope,
  type Refusal,
  refuse,
  scopeFamily,
  text,
  timestamp,
  visibleChannel,
} from './method.ts';

const CREATED = 1_700_000_000;

const otherOf = (channel: Channel) => channel.members.find((member) => member !== app.botUser);

const channelShape = (channel: Channel, { workspace }: CallContext) => ({
  id: channel.id,
  created: CREATED,
  is_archived: channel.isArchived,
  is_im: channel.kind === 'direct',
  is_org_shared: false,
  context_team_id: team.id,
  ...(channel.kind === 'direct'
    ? {
        user: otherOf(channel),
        is_user_deleted: workspace.person(otherOf(channel) ?? '')?.isDeleted ?? false,
      }
    : {
        name: channel.name,
        name_normalized: channel.name,
        is_channel: channel.kind === 'public',
        is_group: false,
        is_mpim: false,
        is_private: channel.kind === 'private',
        is_general: false,
        is_shared: channel.isExtShared,
        is_ext_shared: channel.isExtShared,
        is_pending_ext_shared: false,
        is_member: isMember(channel),
        creator: channel.members[0] ?? app.botUser,
        topic: { value: '', creator: '', last_set: 0 },
        purpose: { value: '', creator: '', last_set: 0 },
      }),
});

/** The channel, if it may be seen and the token may do `what` in channels of this kind. */
const readable = (id: string, what: 'read' | 'history', context: CallContext): Channel | Refusal => {
  const channel = visibleChannel(id, context);
  if (channel === undefined) return refuse('channel_not_found');
  const scope = `${scopeFamily(channel)}:${what}`;
  if (!context.settings.scopes.includes(scope)) return missingScope(scope, context);
  return what === 'history' && !isMember(channel) ? refuse('not_in_channel') : channel;
};

const info = defineMethod({
  fields: { channel: text, include_num_members: flag.optional(), include_locale: flag.optional() },
  run: (args, context) => {
    const channel = readable(args.channel, 'read', context);
    if ('error' in channel) return channel;
    const members = args.include_num_members === true ? { num_members: channel.members.length } : {};
    return { ok: true, channel: { ...channelShape(channel, context), ...members } };
  },
});

const members = defineMethod({
  fields: { channel: text, limit: count(1000).optional(), cursor: z.string().optional() },
  run: (args, context) => {
    const channel = readable(args.channel, 'read', context);
    if ('error' in channel) return channel;
    const page = paged(channel.members, args);
    return { ok: true, members: page.items, response_metadata: { next_cursor: page.next } };
  },
});

const paging = {
  limit: count(999).optional(),
  cursor: z.string().optional(),
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};

type Paging = {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
};

const paged = <T>(items: readonly T[], { limit = 100, cursor }: Paging) => {
  const from = cursor ? Number(Buffer.from(cursor, 'base64url').toString()) : 0;
  const next = from + limit < items.length ? Buffer.from(String(from + limit)).toString('base64url') : '';
  return { items: items.slice(from, from + limit), next };
};

const within =
  ({ oldest, latest, inclusive = false }: Paging) =>
  ({ ts }: Message) =>
    (oldest === undefined || Number(ts) > Number(oldest) || (inclusive && ts === oldest)) &&
    (latest === undefined || Number(ts) < Number(latest) || (inclusive && ts === latest));

const listing = (
  messages: readonly Message[],
  all: readonly Message[],
  args: Paging & { readonly include_all_metadata?: boolean | undefined },
): Answer => {
  const page = paged(messages, args);
  return {
    ok: true,
    messages: page.items.map((message) =>
      parentShape(
        message,
        all.filter((each) => each.threadTs === message.ts),
        args.include_all_metadata === true,
      ),
    ),
    has_more: page.next !== '',
    ...(page.next === '' ? {} : { response_metadata: { next_cursor: page.next } }),
  };
};

const seenByAll = (channel: Channel, { workspace }: CallContext) =>
  workspace.all(channel.id).filter((message) => message.ephemeralTo === undefined);

const history = defineMethod({
  fields: { channel: text, ...paging },
  run: (args, context) => {
    const channel = readable(args.channel, 'history', context);
    if ('error' in channel) return channel;
    const all = seenByAll(channel, context);
    const inChannel = all.filter((message) => message.threadTs === undefined).filter(within(args));
    return listing(inChannel.toReversed(), all, args);
  },
});

const replies = defineMethod({
  fields: { channel: text, ts: timestamp, ...paging },
  run: (args, context) => {
    const channel = readable(args.channel, 'history', context);
    if ('error' in channel) return channel;
    const all = seenByAll(channel, context);
    const asked = all.find((message) => message.ts === args.ts);
    if (asked === undefined) return refuse('thread_not_found');
    const parent = asked.threadTs ?? asked.ts;
    const thread = all.filter(
      (message) => message.ts === parent || (message.threadTs === parent && within(args)(message)),
    );
    return listing(thread, all, args);
  },
});

const open = defineMethod({
  scopes: ['im:write'],
  fields: {
    users: text.optional(),
    channel: text.optional(),
    return_im: flag.optional(),
    prevent_creation: flag.optional(),
  },
  run: (args, context) => {
    const { workspace } = context;
    if (args.users === undefined) {
      const known = args.channel === undefined ? undefined : visibleChannel(args.channel, context);
      return known === undefined ? refuse('channel_not_found') : { ok: true, channel: { id: known.id } };
    }
    if (args.users.includes(',')) return refuse('missing_scope', { needed: 'mpim:write' });
    const person = workspace.people().find((each) => each.id === args.users);
    if (person === undefined) return refuse('user_not_found');
    if (person.isDeleted === true) return refuse('user_disabled');
    const before = workspace.direct(app.botUser, person.id);
    if (before === undefined && args.prevent_creation === true) return refuse('channel_not_found');
    const channel = workspace.openDirect(app.botUser, person.id);
    const already = before === undefined ? {} : { no_op: true, already_open: true };
    return {
      ok: true,
      ...already,
      channel: args.return_im ? channelShape(channel, context) : { id: channel.id },
    };
  },
});

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.open': open,
};
