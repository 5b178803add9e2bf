// The state of the emulated workspace: people, channels, messages, threads, ephemerals, views. No rules of Slack's API
// are here; those are in web-api/.

import type { Block } from './block-schemas.ts';
import { createStamps } from './stamps.ts';
import type { Channel, Message, MessageMetadata, Person, SharedFile, UserGroup, View } from './state.ts';

export const team = { id: 'T0ACME0001', domain: 'acme', name: 'Acme' } as const;
/** Where everybody comes from who is of another organisation. */
export const otherTeam = { id: 'T0OTHER001', domain: 'partner', name: 'Partner' } as const;
export const app = { id: 'A0WCSRIGS1', botId: 'B0WCSRIGS1', botUser: 'U0WCSRIGS1', name: 'rigs' } as const;

const tz = 'Europe/Berlin';
const bot: Person = { id: app.botUser, name: app.name, realName: 'Rigs', isBot: true, tz };

export const defaultPeople: readonly Person[] = [
  { id: 'U0ANNA0001', name: 'anna', realName: 'Anna Larsen', isBot: false, tz },
  { id: 'U0BEN00001', name: 'ben', realName: 'Ben Okafor', isBot: false, tz },
];

export const teamOf = (person: Person) => (person.isStranger === true ? otherTeam : team);

const channel = (
  id: string,
  name: string,
  kind: Channel['kind'],
  members: readonly string[],
  more: Partial<Channel> = {},
): Channel => ({ id, name, kind, members, isArchived: false, isExtShared: false, ...more });

/** #rigs and #lab are open to all; the bot sits in #lab and #partners only. */
export const defaultChannels: readonly Channel[] = [
  channel('C0RIGS0001', 'rigs', 'public', ['U0ANNA0001', 'U0BEN00001']),
  channel('C0LAB00001', 'lab', 'public', ['U0ANNA0001', 'U0BEN00001', app.botUser]),
  channel('C0SECRET01', 'secret', 'private', ['U0ANNA0001', 'U0BEN00001']),
  channel('C0PARTNER1', 'partners', 'public', ['U0ANNA0001', 'U0BEN00001', app.botUser], {
    isExtShared: true,
  }),
  channel('C0OLD00001', 'old', 'public', ['U0ANNA0001', app.botUser], { isArchived: true }),
  channel('D0ANNABEN1', '', 'direct', ['U0ANNA0001', 'U0BEN00001']),
];

export type NewMessage = {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly threadTs?: string | undefined;
  readonly ephemeralTo?: string | undefined;
  readonly metadata?: MessageMetadata | undefined;
  readonly files?: readonly SharedFile[];
};

export type NewContent = Pick<NewMessage, 'text' | 'blocks'> & {
  readonly metadata: MessageMetadata | undefined;
};

export type Workspace = ReturnType<typeof createWorkspace>;

const bare = (ref: string) => ref.replace(/^[@#]/, '');

/** `onChange` is called after each change. */
export const createWorkspace = (seed: {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  readonly clock: () => number;
  readonly onChange: () => void;
}) => {
  const { clock, onChange } = seed;
  const stamp = createStamps(clock);
  const people = new Map([bot, ...seed.people].map((person) => [person.id, person]));
  const channels = new Map(seed.channels.map((each) => [each.id, each]));
  const messages = new Map<string, Message[]>();
  const views = createViews(onChange);

  const inChannel = (id: string): readonly Message[] => messages.get(id) ?? [];
  const message = (id: string, ts: string) => inChannel(id).find((each) => each.ts === ts);
  const putChannel = (changed: Channel) => {
    channels.set(changed.id, changed);
    onChange();
  };
  const replace = (id: string, ts: string, by: Message | undefined) => {
    messages.set(
      id,
      inChannel(id).flatMap((each) => (each.ts === ts ? (by ?? []) : each)),
    );
    onChange();
  };
  const direct = (one: string, other: string) =>
    [...channels.values()].find(
      (each) => each.kind === 'direct' && each.members.includes(one) && each.members.includes(other),
    );

  return {
    people: () => [...people.values()],
    /** By id or name, with or without `@`. */
    person: (ref: string) => people.get(ref) ?? [...people.values()].find((each) => each.name === bare(ref)),
    putPerson: (person: Person) => {
      people.set(person.id, person);
      onChange();
    },
    userGroup: (id: string) => seed.userGroups.find((group) => group.id === id),
    channels: () => [...channels.values()],
    /** By id or name, with or without `#`. */
    channel: (ref: string) =>
      channels.get(ref) ??
      [...channels.values()].find((each) => each.kind !== 'direct' && each.name === bare(ref)),
    putChannel,
    direct,
    /** Finds or opens the direct message between two. */
    openDirect: (one: string, other: string): Channel => {
      const opened =
        direct(one, other) ??
        channel(`D${String(channels.size).padStart(9, '0')}`, '', 'direct', [one, other]);
      if (!channels.has(opened.id)) putChannel(opened);
      return opened;
    },
    message,
    all: inChannel,
    post: (content: NewMessage): Message => {
      const posted: Message = { ...content, ts: stamp(), postedAt: clock(), history: [] };
      messages.set(content.channel, [...inChannel(content.channel), posted]);
      onChange();
      return posted;
    },
    edit: (before: Message, content: NewContent): Message => {
      const { text, blocks, editedAt, postedAt, history } = before;
      const edited = {
        ...before,
        ...content,
        editedAt: clock(),
        history: [...history, { at: editedAt ?? postedAt, text, blocks }],
      };
      replace(before.channel, before.ts, edited);
      return edited;
    },
    remove: (id: string, ts: string) => replace(id, ts, undefined),
    views,
  };
};

const createViews = (onChange: () => void) => {
  const views = new Map<string, View>();
  let made = 0;
  const find = (type: View['type'], user: string) =>
    [...views.values()].findLast((view) => view.type === type && view.user === user);
  return {
    get: (id: string) => views.get(id),
    put: (view: View) => {
      views.set(view.id, view);
      onChange();
    },
    /** What was below it is seen again. */
    close: (id: string) => {
      views.delete(id);
      onChange();
    },
    home: (user: string) => find('home', user),
    /** The topmost one. */
    modal: (user: string) => find('modal', user),
    /** From the bottom up. */
    modals: (user: string) =>
      [...views.values()].filter((view) => view.type === 'modal' && view.user === user),
    newId: () => {
      made += 1;
      return `V${String(made).padStart(9, '0')}`;
    },
  };
};
