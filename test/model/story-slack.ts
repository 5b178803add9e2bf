// Slack as a story needs it: it keeps messages, finds them again by their id, and shows buttons that can be pressed at any
// later time. The bot's own teller speaks to it; what stands in between (pacing, HTTP) is not in the story.

import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelId, RigId, UserId } from '../../src/rig/rig.ts';
import type { Message } from '../../src/slack/draw/message.ts';
import type { Sender, Sending } from '../../src/slack/tell/send.ts';
import type { SendLog } from '../../src/slack/tell/tell-parts.ts';
import type { Process, Turns } from './turns.ts';

/** What can be pressed: a button, or an entry of a menu. */
export type Button = {
  readonly action: string;
  readonly value: string;
  readonly kind: 'button' | 'overflow' | 'static_select';
};

export type Posted = {
  readonly ts: string;
  readonly channel: ChannelId;
  /** The news's id. */
  readonly id: string;
  readonly rig: RigId;
  readonly isCard: boolean;
  message: Message;
};

export type Answered = { readonly user: UserId; readonly message: Message };

export type StorySlack = {
  readonly senderOf: (bot: Process) => Sender;
  readonly sendLogOf: (bot: Process) => SendLog;
  /** Only the one who asked sees it. */
  readonly answer: (bot: Process, user: UserId, message: Message) => Promise<void>;
  readonly posted: readonly Posted[];
  readonly answers: readonly Answered[];
  /** Every button that was ever shown, the newest last. */
  readonly buttons: readonly Button[];
  /** Rigs of which Slack took something for good never: what is open of them stays open. */
  readonly refused: ReadonlySet<RigId>;
};

const element = z.object({
  type: z.enum(['button', 'overflow', 'static_select']),
  action_id: z.string(),
  value: z.string().optional(),
  options: z.array(z.object({ value: z.string() })).optional(),
});

/** Wherever in a message they are. */
export const buttonsIn = (value: unknown): readonly Button[] => {
  if (Array.isArray(value)) return value.flatMap(buttonsIn);
  if (typeof value !== 'object' || value === null) return [];
  const read = element.safeParse(value);
  if (!read.success) return Object.values(value).flatMap(buttonsIn);
  const { type: kind, action_id: action, value: own, options = [] } = read.data;
  const values = own === undefined ? options.map((option) => option.value) : [own];
  return values.map((one) => ({ action, value: one, kind }));
};

const channelOf = ({ target }: Sending): ChannelId =>
  target.kind === 'direct' ? `D${target.user}` : target.channel;

/** `onDouble`: a message was posted twice though nobody could doubt that the first one had arrived. */
export const createStorySlack = (turns: Turns, onDouble: (id: string) => void): StorySlack => {
  const posted: Posted[] = [];
  const answers: Answered[] = [];
  const buttons: Button[] = [];
  const refused = new Set<RigId>();
  let stamps = 0;

  const find = (ts: string): Posted | undefined => posted.find((one) => one.ts === ts);
  const show = (message: Message): void => void buttons.push(...buttonsIn(message.blocks));
  const noting = async <T>(rig: RigId, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof WebAPIPlatformError) refused.add(rig);
      throw error;
    }
  };

  const post = async (bot: Process, sending: Sending): ReturnType<Sender['post']> => {
    const channel = channelOf(sending);
    const { id, rig, message, target, uncertain } = sending;
    const before = posted.find((one) => one.id === id && one.channel === channel);
    if (before && uncertain) return { kind: 'sent', channel, ts: before.ts, before: true };
    // Whoever slept for long does not know that somebody else has told it.
    if (before && !bot.hasSlept) onDouble(id);
    const ts = `${++stamps}.000000`;
    const isCard = target.kind !== 'channel' || target.threadTs === undefined;
    posted.push({ ts, channel, id, rig, isCard, message });
    show(message);
    return { kind: 'sent', channel, ts, before: false };
  };

  const edit = async (ts: string, message: Message): Promise<void> => {
    const found = find(ts);
    if (!found) throw new WebAPIPlatformError({ ok: false, error: 'message_not_found' });
    found.message = message;
    show(message);
  };

  const edited = (bot: Process, ts: string, message: Message): Promise<void> =>
    noting(
      find(ts)?.rig ?? '',
      turns.call(bot, 'slack', `edit ${ts}`, () => edit(ts, message)),
    );

  return {
    senderOf: (bot) => ({
      post: (sending) =>
        noting(
          sending.rig,
          turns.call(bot, 'slack', `post ${sending.id}`, () => post(bot, sending)),
        ),
      edit: ({ ts }, message) => edited(bot, ts, message).then(() => 'done'),
      editNow: ({ ts }, message) => edited(bot, ts, message),
      remove: ({ ts }) =>
        turns.call(bot, 'slack', `remove ${ts}`, async () => {
          const at = posted.findIndex((one) => one.ts === ts);
          if (at >= 0) posted.splice(at, 1);
        }),
      openDirect: async (user) => ({ kind: 'open', channel: `D${user}` }),
    }),
    sendLogOf: (bot) => (piece) =>
      noting(
        piece.rig.id,
        turns.call(bot, 'slack', `log ${piece.id}`, async () => ({ kind: 'told' })),
      ),
    answer: (bot, user, message) =>
      turns.call(bot, 'answers', `answer ${user}`, async () => {
        answers.push({ user, message });
        show(message);
      }),
    posted,
    answers,
    buttons,
    refused,
  };
};
