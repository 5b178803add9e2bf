// The column at the left: who one is, the channels, the people, the app.

import type { ShownChannel, Snapshot } from '../snapshot.ts';
import { Avatar } from './avatar.tsx';
import { useWorld } from './world.ts';

/** Where one is: a channel, or the app with its two tabs. */
export type Where =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'app'; readonly tab: 'home' | 'messages' };

export const appDirect = ({ channels, bot }: Snapshot): ShownChannel | undefined =>
  channels.find(({ kind, members }) => kind === 'direct' && members.includes(bot));

export const titleOf = (channel: ShownChannel, { people, me }: Snapshot): string => {
  if (channel.kind !== 'direct') return `${channel.kind === 'private' ? '🔒 ' : '# '}${channel.name}`;
  const other = people.find(({ id }) => id !== me.id && channel.members.includes(id));
  return other === undefined ? 'yourself' : other.isBot ? other.name : other.realName;
};

type SidebarProps = {
  readonly where: Where;
  readonly unread: (channel: ShownChannel) => boolean;
  readonly onGo: (where: Where) => void;
  readonly onBe: (user: string) => void;
};

export const Sidebar = ({ where, unread, onGo, onBe }: SidebarProps) => {
  const { snapshot } = useWorld();
  const { channels, people, bot } = snapshot;
  const rooms = channels.filter(({ kind, isArchived }) => kind !== 'direct' && !isArchived);
  const directs = channels.filter(({ kind, members }) => kind === 'direct' && !members.includes(bot));
  const messages = appDirect(snapshot);
  const hasNews = messages !== undefined && unread(messages);
  const app = people.find(({ id }) => id === bot);
  const entry = (channel: ShownChannel) => (
    <Entry
      key={channel.id}
      label={titleOf(channel, snapshot)}
      here={where.kind === 'channel' && where.id === channel.id}
      bold={unread(channel)}
      onGo={() => onGo({ kind: 'channel', id: channel.id })}
    />
  );
  return (
    <nav class="sidebar">
      <p class="workspace">
        Acme <small>emulated Slack</small>
      </p>
      <WhoAmI onBe={onBe} />
      <h2 class="group">Channels</h2>
      {rooms.map(entry)}
      <h2 class="group">Direct messages</h2>
      {directs.map(entry)}
      <h2 class="group">Apps</h2>
      <Entry
        label={app?.name ?? 'app'}
        here={where.kind === 'app'}
        bold={hasNews}
        onGo={() => onGo({ kind: 'app', tab: hasNews ? 'messages' : 'home' })}
      />
      <Objections />
    </nav>
  );
};

type EntryProps = {
  readonly label: string;
  readonly here: boolean;
  readonly bold: boolean;
  readonly onGo: () => void;
};

const Entry = ({ label, here, bold, onGo }: EntryProps) => (
  <button
    type="button"
    class={`entry ${bold ? 'unread' : ''}`}
    aria-current={here ? 'page' : undefined}
    onClick={onGo}
  >
    {label}
  </button>
);

const WhoAmI = ({ onBe }: Pick<SidebarProps, 'onBe'>) => {
  const { snapshot } = useWorld();
  return (
    <fieldset class="people">
      <legend>You are</legend>
      {snapshot.people
        .filter(({ isBot }) => !isBot)
        .map((person) => (
          <button
            type="button"
            key={person.id}
            aria-pressed={person.id === snapshot.me.id}
            onClick={() => onBe(person.id)}
          >
            <Avatar person={person} small /> @{person.name}
          </button>
        ))}
    </fieldset>
  );
};

/** What a bot must not do to Slack is not hidden from whoever tries it out. */
const Objections = () => {
  const { objections } = useWorld().snapshot;
  if (objections.length === 0) return null;
  return (
    <details class="objections">
      <summary>Slack would object ({objections.length})</summary>
      {objections.map((text, index) => (
        <p key={index}>{text}</p>
      ))}
    </details>
  );
};
