// Sends messages and edits to Slack, at Slack's speed, and looks for one whose fate is unknown before it sends it again.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { CardPlace } from '../../ports/outbox.ts';
import type { Duration, Instant } from '../../rig/duration.ts';
import type { ChannelId, UserId } from '../../rig/rig.ts';
import type { Message } from '../draw/message.ts';
import { isRateLimit, readSlackFailure } from '../slack-errors.ts';
import { lookFor } from './look-for.ts';
import { createOpenDirect, type Direct, type OpenDirect } from './open-direct.ts';
import type { Pacing, Slot } from './pacing.ts';

/** The kind of metadata by which our messages are found again. */
export const metadataType = 'wcs_rig';

export type Target =
  | { readonly kind: 'channel'; readonly channel: ChannelId; readonly threadTs?: string | undefined }
  /** The direct message between us and this person. */
  | { readonly kind: 'direct'; readonly user: UserId };

export type Sending = {
  readonly target: Target;
  /** Who the message is for: a person's direct message is paced as one conversation, however it is addressed. */
  readonly owner: UserId;
  readonly message: Message;
  /** Unique; stays with the message as metadata. */
  readonly id: string;
  readonly rig: string;
  /** An earlier attempt may have arrived, not before `since`. */
  readonly uncertain: boolean;
  readonly since: Instant;
};

type Place = Pick<CardPlace, 'channel' | 'ts'>;
type Wait = { readonly kind: 'later'; readonly after: Duration };

export type Sent =
  /** `before`: an earlier attempt had arrived, so that it may show an older state. */
  | ({ readonly kind: 'sent'; readonly before: boolean } & Place)
  /** The first message of its thread is gone: Slack put it into the conversation itself. */
  | ({ readonly kind: 'astray' } & Place)
  /** It was for one person alone, whose account is closed: not sent. */
  | { readonly kind: 'gone' }
  | Wait;

/** All throw what Slack's client throws. */
export type Sender = {
  readonly post: (sending: Sending) => Promise<Sent>;
  readonly edit: (place: Place, message: Message) => Promise<'done' | Wait>;
  /** An edit that may go at once or not at all. */
  readonly editNow: (place: Place, message: Message) => Promise<void>;
  /** Takes back what went astray; as good if it is gone already. */
  readonly remove: (place: Place) => Promise<void>;
  readonly openDirect: OpenDirect;
};

export type SenderParts = {
  readonly client: WebClient;
  readonly pacing: Pacing;
  /** False if it was cut short because we stop. */
  readonly pause: (length: Duration) => Promise<boolean>;
};

/** More than can wait at one time. */
const mostNoted = 10_000;

/** Slack said itself that it did nothing. */
const isRefusal = (error: unknown): boolean =>
  isRateLimit(error) || readSlackFailure(error)?.kind === 'refused';

/** The latest few thousand; what is forgotten costs a look or a double. */
const createNoted = <T>() => {
  const noted = new Map<string, T>();
  return {
    get: (key: string): T | undefined => noted.get(key),
    put: (key: string, value: T): void => {
      if (noted.size >= mostNoted) noted.clear();
      noted.set(key, value);
    },
    forget: (key: string): void => void noted.delete(key),
  };
};

export const createSender = ({ client, pacing, pause }: SenderParts): Sender => {
  const wait = async (slot: Slot): Promise<Wait | undefined> => {
    if (slot.kind === 'full') return { kind: 'later', after: slot.after };
    if (slot.wait > 0 && !(await pause(slot.wait))) return { kind: 'later', after: slot.wait };
    return undefined;
  };

  const editNow: Sender['editNow'] = async ({ channel, ts }, { text, blocks }) => {
    await client.chat.update({ channel, ts, text, blocks });
  };

  const openDirect = createOpenDirect(client);
  /** Messages of which this process knows that they did not arrive, so that nobody has to look for them. */
  const unsent = createNoted<true>();
  /** Messages that went astray: where we may not look, sending them again would add another. */
  const strays = createNoted<Place>();

  const sendNow = async (sending: Sending, channel: ChannelId, key: string): Promise<Sent> => {
    unsent.forget(key);
    try {
      const { astray, ...place } = await post(client, channel, sending);
      if (!astray) return { kind: 'sent', ...place, before: false };
      strays.put(key, place);
      return { kind: 'astray', ...place };
    } catch (error) {
      if (isRefusal(error)) unsent.put(key, true);
      throw error;
    }
  };

  return {
    post: async (sending) => {
      const conversation = conversationOf(sending);
      const { threadTs } = threadOf(sending);
      const key = `${sending.id} ${conversation} ${threadTs}`;
      const isCertain = !sending.uncertain || unsent.get(key) === true;
      // Until the moment that it goes.
      if (isCertain) unsent.put(key, true);
      const stray = strays.get(key);
      if (stray !== undefined) return { kind: 'astray', ...stray };
      const later = await wait(pacing.post(conversation));
      if (later !== undefined) return later;
      const direct = await reach(openDirect, sending);
      if (direct.kind === 'gone') return direct;
      const { channel } = direct;
      const found = isCertain ? undefined : await lookFor(client, { ...sending, channel, threadTs });
      if (found === undefined) return sendNow(sending, channel, key);
      return found.astray
        ? { kind: 'astray', channel, ts: found.ts }
        : { kind: 'sent', channel, ts: found.ts, before: true };
    },
    editNow,
    edit: async (place, message) => {
      const later = await wait(pacing.update());
      if (later !== undefined) return later;
      await editNow(place, message);
      return 'done';
    },
    remove: async ({ channel, ts }) => {
      try {
        await client.chat.delete({ channel, ts });
      } catch (error) {
        if (readSlackFailure(error)?.kind !== 'refused') throw error;
      }
    },
    openDirect,
  };
};

const conversationOf = (sending: Sending): string => readerOf(sending) ?? channelOf(sending.target);

const channelOf = (target: Target): ChannelId => (target.kind === 'direct' ? target.user : target.channel);

/** Whose direct message it is; nobody's where several may read it. */
const readerOf = ({ target, owner }: Sending): UserId | undefined => {
  if (target.kind === 'direct') return target.user;
  return target.channel.startsWith('D') ? owner : undefined;
};

const threadOf = ({ target }: Sending): { readonly threadTs: string | undefined } => ({
  threadTs: target.kind === 'channel' ? target.threadTs : undefined,
});

/** Where it goes; nowhere if it is for somebody who is gone. */
const reach = async (openDirect: OpenDirect, sending: Sending): Promise<Direct> => {
  const channel = channelOf(sending.target);
  const reader = readerOf(sending);
  if (reader === undefined) return { kind: 'open', channel };
  try {
    const direct = await openDirect(reader);
    return direct.kind === 'gone' || sending.target.kind === 'direct' ? direct : { kind: 'open', channel };
  } catch (error) {
    // Whatever else keeps it from being opened: the post itself says whether it can be told.
    if (readSlackFailure(error)?.kind !== 'refused') throw error;
    return { kind: 'open', channel };
  }
};

const posted = z.object({
  channel: z.string(),
  ts: z.string(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
});

const post = async (
  client: WebClient,
  channel: ChannelId,
  sending: Sending,
): Promise<Place & { readonly astray: boolean }> => {
  const { message, id, rig } = sending;
  const { threadTs } = threadOf(sending);
  const answer = posted.parse(
    await client.chat.postMessage({
      channel,
      text: message.text,
      blocks: message.blocks,
      metadata: { event_type: metadataType, event_payload: { id, rig } },
      unfurl_links: false,
      unfurl_media: false,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    }),
  );
  // Slack says nothing else of a thread whose first message is gone.
  const astray =
    threadTs !== undefined && answer.message !== undefined && answer.message.thread_ts === undefined;
  return { channel: answer.channel, ts: answer.ts, astray };
};
