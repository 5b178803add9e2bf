// The app itself: its home tab, and the direct message with it.

import { useEffect } from 'preact/hooks';
import { Blocks } from './blocks.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { appDirect, type Where } from './sidebar.tsx';
import { useWorld } from './world.ts';

type AppProps = {
  readonly tab: 'home' | 'messages';
  readonly onGo: (where: Where) => void;
};

const tabs = [
  ['home', 'Home'],
  ['messages', 'Messages'],
] as const;

export const AppView = ({ tab, onGo }: AppProps) => {
  const { snapshot } = useWorld();
  const app = snapshot.people.find(({ id }) => id === snapshot.bot);
  return (
    <main class="app">
      <header class="bar">
        <h1>{app?.name}</h1>
        <div class="tabs" role="tablist">
          {tabs.map(([name, label]) => (
            <button
              type="button"
              role="tab"
              key={name}
              aria-selected={tab === name}
              onClick={() => onGo({ kind: 'app', tab: name })}
            >
              {label}
            </button>
          ))}
        </div>
      </header>
      {tab === 'home' ? <Home /> : <Messages />}
    </main>
  );
};

const Home = () => {
  const { snapshot, act } = useWorld();
  // Slack tells the bot each time that somebody opens it.
  useEffect(() => void act({ act: 'open-home' }), [snapshot.me.id]);
  return (
    <div class="home">
      {snapshot.home ? (
        <Blocks blocks={snapshot.home.blocks} on={{ kind: 'home' }} />
      ) : (
        <p class="empty">Nothing is here yet.</p>
      )}
    </div>
  );
};

const Messages = () => {
  const { snapshot } = useWorld();
  const channel = appDirect(snapshot);
  if (!channel) return <p class="empty">The bot has not written to you yet.</p>;
  return (
    <>
      <MessageList messages={channel.messages} />
      <Composer channel={channel.id} placeholder="/wcs list" />
    </>
  );
};
