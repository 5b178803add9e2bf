// One message: who, when, what, and how many have answered.

import type { Person } from '../../slack/state.ts';
import type { ShownMessage } from '../snapshot.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { Files } from './files.tsx';
import { Mrkdwn } from './mrkdwn.tsx';
import { dateAndTime, momentOf, timeOfDay } from './times.ts';
import { useWorld } from './world.ts';

type MessageProps = {
  readonly message: ShownMessage;
  /** In the thread pane nothing leads to the thread. */
  readonly inThread?: boolean;
};

export const MessageRow = ({ message, inThread = false }: MessageProps) => {
  const { snapshot } = useWorld();
  const author = snapshot.people.find(({ id }) => id === message.user);
  const { ts, channel, blocks, text, ephemeralTo, files } = message;
  return (
    <article class={ephemeralTo === undefined ? 'message' : 'message only-me'} data-ts={ts}>
      {ephemeralTo !== undefined && <p class="only">👁 Only visible to you</p>}
      <Avatar person={author} />
      <div class="content">
        <Byline author={author} ts={ts} />
        {blocks.length > 0 ? (
          <Blocks blocks={blocks} on={{ kind: 'message', channel, ts }} />
        ) : (
          text !== '' && (
            <div class="blocks">
              <div class="block section">
                <div class="said">
                  <Mrkdwn text={text} />
                </div>
              </div>
            </div>
          )
        )}
        <Files files={files} />
        {!inThread && <RepliesLine message={message} />}
      </div>
    </article>
  );
};

const Byline = ({ author, ts }: { readonly author: Person | undefined; readonly ts: string }) => {
  const { snapshot } = useWorld();
  return (
    <p class="byline">
      <strong>{author?.isBot === true ? author.name : (author?.realName ?? 'somebody')}</strong>
      {author?.isBot === true && <span class="badge">APP</span>}
      <time title={dateAndTime(momentOf(ts), snapshot)}>{timeOfDay(momentOf(ts), snapshot)}</time>
    </p>
  );
};

const RepliesLine = ({ message }: { readonly message: ShownMessage }) => {
  const { snapshot, openThread } = useWorld();
  const { replies, ephemeralTo, channel, ts } = message;
  if (ephemeralTo !== undefined) return null;
  const last = replies.at(-1);
  const open = () => openThread(channel, ts);
  if (!last) {
    return (
      <button type="button" class="replies none" onClick={open}>
        Reply
      </button>
    );
  }
  const answerers = [...new Set(replies.map(({ user }) => user))];
  return (
    <button type="button" class="replies" onClick={open}>
      {answerers.map((id) => (
        <Avatar key={id} person={snapshot.people.find((person) => person.id === id)} small />
      ))}
      <strong>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</strong>
      <span>Last reply {dateAndTime(momentOf(last.ts), snapshot)}</span>
    </button>
  );
};
