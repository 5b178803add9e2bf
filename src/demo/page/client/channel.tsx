// A channel or a direct message between people: its messages and where one types.

import type { ShownChannel } from '../snapshot.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { titleOf } from './sidebar.tsx';
import { useWorld } from './world.ts';

export const ChannelView = ({ channel }: { readonly channel: ShownChannel }) => {
  const { snapshot } = useWorld();
  const people = channel.members.filter((id) => id !== snapshot.bot).length;
  const hasBot = channel.members.includes(snapshot.bot);
  return (
    <main class="channel">
      <header class="bar">
        <h1>{titleOf(channel, snapshot)}</h1>
        <span class="facts">
          {channel.kind === 'direct'
            ? 'Direct message'
            : `${people} people${hasBot ? ' and the bot' : ', the bot is not a member'}${channel.isExtShared ? ' · shared with another organisation' : ''}`}
        </span>
      </header>
      {channel.messages.length === 0 && (
        <div class="empty">
          <p>Nothing has been said here yet. Type a command below, for instance</p>
          <p>
            <code>/wcs up demo for 1h</code>
          </p>
        </div>
      )}
      <MessageList messages={channel.messages} />
      <Composer channel={channel.id} placeholder="/wcs up demo for 1h, or a word to your colleagues" />
    </main>
  );
};
