// The thread pane: a message and what was answered to it.

import type { ShownChannel, ShownMessage } from '../snapshot.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { titleOf } from './sidebar.tsx';
import { useWorld } from './world.ts';

type ThreadProps = {
  readonly channel: ShownChannel;
  readonly root: ShownMessage;
  readonly onClose: () => void;
};

export const Thread = ({ channel, root, onClose }: ThreadProps) => {
  const { snapshot } = useWorld();
  return (
    <aside class="thread" aria-label="Thread">
      <header class="bar">
        <h1>Thread</h1>
        <span class="facts">{titleOf(channel, snapshot)}</span>
        <button type="button" class="cross" aria-label="Close the thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <MessageList messages={[root, ...root.replies]} inThread />
      <Composer channel={channel.id} threadTs={root.ts} placeholder="Reply …" />
    </aside>
  );
};
