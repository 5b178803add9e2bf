// The whole page: who one is and where, what is open beside and above it.

import { useState } from 'preact/hooks';
import type { Act } from '../acts.ts';
import type { Snapshot } from '../snapshot.ts';
import { AppView } from './app-view.tsx';
import { ChannelView } from './channel.tsx';
import { Clock } from './clock.tsx';
import { ConfirmDialog } from './dialog.tsx';
import { Modal } from './modal.tsx';
import { send, useSnapshot } from './server.ts';
import { appDirect, Sidebar, type Where } from './sidebar.tsx';
import { Thread } from './thread.tsx';
import { useUnread } from './unread.ts';
import { type Confirm, type MyAct, useWorld, type World, WorldContext } from './world.ts';

type Question = { readonly confirm: Confirm; readonly answer: (goesOn: boolean) => void };
type OpenThread = { readonly channel: string; readonly ts: string };

export const App = () => {
  const [user, setUser] = useState('anna');
  const { snapshot, at, connected } = useSnapshot(user);
  const [notice, setNotice] = useState<string>();
  const [question, setQuestion] = useState<Question>();
  const [where, setWhere] = useState<Where>();
  const [thread, setThread] = useState<OpenThread>();
  if (!snapshot) return <p class="empty">{connected ? '…' : 'The demo has ended.'}</p>;

  const go = (next: Where): void => {
    setWhere(next);
    setThread(undefined);
    setNotice(undefined);
  };
  const world: World = {
    snapshot,
    act: (mine) => perform(user, mine, setNotice),
    ask: (confirm) => {
      if (confirm === undefined) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      setQuestion({ confirm, answer: resolve });
      return promise;
    },
    openThread: (channel, ts) => setThread({ channel, ts }),
    openChannel: (id) => go({ kind: 'channel', id }),
    openMessage: ({ channel, ts, threadTs }) => {
      go(whereIs(channel, snapshot));
      if (threadTs !== undefined) setThread({ channel, ts: threadTs });
      // Once it has been drawn.
      setTimeout(() => showMessage(ts), 50);
    },
  };
  const answer = (goesOn: boolean): void => {
    question?.answer(goesOn);
    setQuestion(undefined);
  };
  return (
    <WorldContext.Provider value={world}>
      <Layout
        where={where ?? firstChannel(snapshot)}
        thread={thread}
        at={at}
        onGo={go}
        onBe={setUser}
        onCloseThread={() => setThread(undefined)}
      />
      {notice !== undefined && <Notice text={notice} onClose={() => setNotice(undefined)} />}
      {!connected && (
        <p class="ended">The demo has ended, or cannot be reached. Start it again, then reload.</p>
      )}
      {snapshot.modal && <Modal key={snapshot.modal.id} view={snapshot.modal} />}
      {question && <ConfirmDialog confirm={question.confirm} onAnswer={answer} />}
    </WorldContext.Provider>
  );
};

/** The direct message with the app is one of its tabs. */
const whereIs = (channel: string, snapshot: Snapshot): Where =>
  appDirect(snapshot)?.id === channel ? { kind: 'app', tab: 'messages' } : { kind: 'channel', id: channel };

const showMessage = (ts: string): void => {
  for (const shown of document.querySelectorAll(`[data-ts="${CSS.escape(ts)}"]`)) {
    shown.scrollIntoView({ block: 'center' });
    shown.classList.add('found');
    setTimeout(() => shown.classList.remove('found'), 2000);
  }
};

const firstChannel = ({ channels }: Snapshot): Where => ({ kind: 'channel', id: channels[0]?.id ?? '' });

const perform = async (
  user: string,
  mine: MyAct,
  tell: (said: string | undefined) => void,
): Promise<void> => {
  const act: Act = { ...mine, as: user };
  try {
    const performed = await send(act);
    tell(performed.kind === 'said' ? performed.text : undefined);
  } catch (error) {
    tell(error instanceof Error ? error.message : 'That did not work.');
  }
};

type LayoutProps = {
  readonly where: Where;
  readonly thread: OpenThread | undefined;
  readonly at: number;
  readonly onGo: (where: Where) => void;
  readonly onBe: (user: string) => void;
  readonly onCloseThread: () => void;
};

const Layout = ({ where, thread, at, onGo, onBe, onCloseThread }: LayoutProps) => {
  const { snapshot } = useWorld();
  const unread = useUnread(snapshot, where);
  const channel = where.kind === 'channel' ? snapshot.channels.find(({ id }) => id === where.id) : undefined;
  const around = snapshot.channels.find(({ id }) => id === thread?.channel);
  const root = around?.messages.find(({ ts }) => ts === thread?.ts);
  return (
    <div class={around && root ? 'layout with-thread' : 'layout'}>
      <Clock at={at} />
      <Sidebar where={where} unread={unread} onGo={onGo} onBe={onBe} />
      {where.kind === 'app' && <AppView tab={where.tab} onGo={onGo} />}
      {channel && <ChannelView key={channel.id} channel={channel} />}
      {around && root && <Thread key={root.ts} channel={around} root={root} onClose={onCloseThread} />}
    </div>
  );
};

/** What Slack, or the try-out, tells this person alone and does not keep. */
const Notice = ({ text, onClose }: { readonly text: string; readonly onClose: () => void }) => (
  <div class="notice" role="status">
    <p>{text}</p>
    <button type="button" class="cross" aria-label="Close" onClick={onClose}>
      ✕
    </button>
  </div>
);
