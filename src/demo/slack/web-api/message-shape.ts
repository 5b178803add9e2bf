// A message, a view and a file's worth of Slack's own fields around them, as the Web API and payloads show them.

import type { Message, SharedFile, View } from '../state.ts';
import { app, team } from '../workspace.ts';

const byBot = (message: Message) =>
  message.user === app.botUser
    ? {
        bot_id: app.botId,
        app_id: app.id,
        bot_profile: {
          id: app.botId,
          app_id: app.id,
          user_id: app.botUser,
          name: app.name,
          deleted: false,
          updated: 1_700_000_000,
          icons: {},
          team_id: team.id,
        },
      }
    : {};

export const fileShape = (file: SharedFile) => ({
  id: file.id,
  name: file.name,
  title: file.title,
  // Slack looks at the file later: these stay empty for a while.
  mimetype: '',
  filetype: '',
  pretty_type: '',
  user: app.botUser,
  user_team: team.id,
  size: Buffer.byteLength(file.content),
  mode: file.snippetType === undefined ? 'hosted' : 'snippet',
  is_external: false,
  is_public: false,
  permalink: `https://${team.domain}.slack.com/files/${app.botUser}/${file.id}/${encodeURIComponent(file.name)}`,
});

/** `metadata` is shown only where it was asked for. */
export const messageShape = (message: Message, metadata: boolean) => ({
  type: 'message',
  user: message.user,
  text: message.text,
  ts: message.ts,
  team: team.id,
  ...byBot(message),
  ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
  ...(message.files === undefined ? {} : { files: message.files.map(fileShape) }),
  ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  ...(message.editedAt === undefined
    ? {}
    : { edited: { user: message.user, ts: `${Math.floor(message.editedAt / 1000)}.000000` } }),
  ...(metadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
});

/** A thread's first message also counts its replies. */
export const parentShape = (message: Message, replies: readonly Message[], metadata: boolean) => {
  const last = replies.at(-1);
  return {
    ...messageShape(message, metadata),
    ...(last === undefined
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((each) => each.user)).size,
          reply_users: [...new Set(replies.map((each) => each.user))],
          latest_reply: last.ts,
          is_locked: false,
          subscribed: false,
        }),
  };
};

const label = (text: string | undefined) =>
  text === undefined ? null : { type: 'plain_text', text, emoji: true };

export const viewShape = (view: View) => ({
  id: view.id,
  team_id: team.id,
  type: view.type,
  blocks: view.blocks,
  private_metadata: view.privateMetadata,
  callback_id: view.callbackId,
  state: { values: view.state },
  hash: view.hash,
  ...(view.type === 'modal' ? { title: label(view.title) } : {}),
  clear_on_close: view.clearOnClose,
  notify_on_close: view.notifyOnClose,
  close: label(view.closeLabel),
  submit: label(view.submitLabel),
  previous_view_id: view.previousId ?? null,
  root_view_id: view.rootId,
  app_id: app.id,
  external_id: '',
  app_installed_team_id: team.id,
  bot_id: app.botId,
});
