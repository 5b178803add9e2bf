// What one person sees of the emulated Slack at one moment: all that the page needs to draw itself.

import type { Instant } from '../../rig/duration.ts';
import type { Channel, Message, Person, SharedFile, SlackEmulator, View } from '../slack/surface.ts';

export type ShownChannel = Pick<
  Channel,
  'id' | 'name' | 'kind' | 'members' | 'isArchived' | 'isExtShared'
> & {
  /** In the channel itself, what only this person sees among them, oldest first. */
  readonly messages: readonly ShownMessage[];
};

export type ShownMessage = Pick<
  Message,
  'ts' | 'channel' | 'user' | 'text' | 'blocks' | 'threadTs' | 'ephemeralTo' | 'editedAt'
> & {
  readonly files: readonly SharedFile[];
  readonly replies: readonly ShownMessage[];
};

export type Snapshot = {
  readonly me: Person;
  readonly people: readonly Person[];
  readonly bot: string;
  readonly channels: readonly ShownChannel[];
  readonly home: View | undefined;
  readonly modal: View | undefined;
  readonly now: Instant;
  /** Where a skip under way will arrive. */
  readonly movingTo: Instant | undefined;
  /** What Slack would have refused or complained of: slips of the bot's. */
  readonly objections: readonly string[];
};

export type SnapshotParts = {
  readonly slack: SlackEmulator;
  readonly clock: { readonly now: () => Instant; readonly movingTo: () => Instant | undefined };
};

/** Throws if nobody is called so. */
export const takeSnapshot = ({ slack, clock }: SnapshotParts, user: string): Snapshot => {
  const me = slack.person(user);
  const mine = slack.channels().filter(({ kind, members }) => kind === 'public' || members.includes(me.id));
  return {
    me,
    people: slack.people(),
    bot: slack.botUser,
    channels: mine.map((channel) => showChannel(slack, me, channel)),
    home: slack.home(me.id),
    modal: slack.modal(me.id),
    now: clock.now(),
    movingTo: clock.movingTo(),
    objections: slack.violations.map(({ rule, where, detail }) => `${rule} in ${where}: ${detail}`),
  };
};

const showChannel = (slack: SlackEmulator, me: Person, channel: Channel): ShownChannel => {
  const { id, name, kind, members, isArchived, isExtShared } = channel;
  const only = slack.ephemerals(me.id, id);
  const show = (message: Message): ShownMessage => {
    const { ts, user, text, blocks, threadTs, ephemeralTo, editedAt, files = [] } = message;
    const replies = threadTs === undefined ? repliesOf(slack, message, only) : [];
    return {
      ts,
      channel: id,
      user,
      text,
      blocks,
      threadTs,
      ephemeralTo,
      editedAt,
      files,
      replies: replies.map(show),
    };
  };
  const messages = [...slack.messages(id), ...only.filter(({ threadTs }) => threadTs === undefined)];
  return { id, name, kind, members, isArchived, isExtShared, messages: messages.sort(byTime).map(show) };
};

const repliesOf = (slack: SlackEmulator, { channel, ts }: Message, only: readonly Message[]): Message[] =>
  [...slack.replies(channel, ts), ...only.filter(({ threadTs }) => threadTs === ts)].sort(byTime);

const byTime = (one: Message, other: Message): number => Number(one.ts) - Number(other.ts);
