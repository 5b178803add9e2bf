// Sends messages and edits to Slack, at Slack's speed, and looks for one whose fate is unknown before it sends it again.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { CardPlace } from '../ports.ts';
import { type Duration, type Instant, minute } from '../rig/duration.ts';
import type { ChannelId, UserId } from '../rig/rig.ts';
import type { Message } from './message.ts';
import type { Pacing, Slot } from './pacing.ts';
import { readSlackFailure } from './slack-errors.ts';

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

export type Sent =
  /** `before`: an earlier attempt had arrived, so that it may show an older state. */
  | { readonly kind: 'sent'; readonly channel: ChannelId; readonly ts: string; readonly before: boolean }
  | { readonly kind: 'later'; readonly after: Duration };

/** Both throw what Slack's client throws. */
export type Sender = {
  readonly post: (sending: Sending) => Promise<Sent>;
  readonly edit: (place: Pick<CardPlace, 'channel' | 'ts'>, message: Message) => Promise<'done' | Wait>;
  /** An edit that may go at once or not at all. */
  readonly editNow: (place: Pick<CardPlace, 'channel' | 'ts'>, message: Message) => Promise<void>;
};

type Wait = { readonly kind: 'later'; readonly after: Duration };

export type SenderParts = {
  readonly client: WebClient;
  readonly pacing: Pacing;
  /** False if it was cut short because we stop. */
  readonly pause: (length: Duration) => Promise<boolean>;
};

/** More than can wait at one time. */
const mostNoted = 10_000;

/** Slack said itself that it did nothing. */
const isRefusal = (error: unknown): boolean => {
  const failure = readSlackFailure(error);
  return failure?.kind === 'refused' || (failure?.kind === 'later' && failure.why === 'rate limit');
};

const posted = z.object({ channel: z.string(), ts: z.string() });

export const createSender = ({ client, pacing, pause }: SenderParts): Sender => {
  const wait = async (slot: Slot): Promise<Wait | undefined> => {
    if (slot.kind === 'full') return { kind: 'later', after: slot.after };
    if (slot.wait > 0 && !(await pause(slot.wait))) return { kind: 'later', after: slot.wait };
    return undefined;
  };

  const editNow: Sender['editNow'] = async ({ channel, ts }, { text, blocks }) => {
    await client.chat.update({ channel, ts, text, blocks });
  };

  /** Messages of which this process knows that they did not arrive, so that nobody has to look for them. */
  const unsent = new Set<string>();
  const noteUnsent = (key: string): void => {
    if (unsent.size >= mostNoted) unsent.clear();
    unsent.add(key);
  };

  return {
    post: async (sending) => {
      const conversation = conversationOf(sending);
      const key = `${sending.id} ${conversation}`;
      const isCertain = !sending.uncertain || unsent.has(key);
      const later = await wait(pacing.post(conversation));
      if (later !== undefined) {
        if (isCertain) noteUnsent(key);
        return later;
      }
      const found = isCertain ? undefined : await lookFor(client, sending);
      if (found !== undefined) return found;
      unsent.delete(key);
      try {
        return { kind: 'sent', ...(await post(client, sending)), before: false };
      } catch (error) {
        if (isRefusal(error)) noteUnsent(key);
        throw error;
      }
    },
    editNow,
    edit: async (place, message) => {
      const later = await wait(pacing.update());
      if (later !== undefined) return later;
      await editNow(place, message);
      return 'done';
    },
  };
};

const conversationOf = ({ target, owner }: Sending): string => {
  switch (target.kind) {
    case 'direct':
      return target.user;
    case 'channel':
      return target.channel.startsWith('D') ? owner : target.channel;
  }
};

const post = async (
  client: WebClient,
  { target, message, id, rig }: Sending,
): Promise<z.infer<typeof posted>> => {
  const thread =
    target.kind === 'channel' && target.threadTs !== undefined ? { thread_ts: target.threadTs } : {};
  const answer = await client.chat.postMessage({
    channel: target.kind === 'direct' ? target.user : target.channel,
    text: message.text,
    blocks: message.blocks,
    metadata: { event_type: metadataType, event_payload: { id, rig } },
    unfurl_links: false,
    unfurl_media: false,
    ...thread,
  });
  return posted.parse(answer);
};

// ── looking for a message whose fate is unknown ─────────────────────────────────────────────────────────────────────

const listing = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z.object({ event_payload: z.object({ id: z.string().optional() }).optional() }).optional(),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Clocks differ: ours is Redis', the messages' is Slack's. */
const clockSlack: Duration = 5 * minute;
/** 1,000 messages: beyond that a double is the lesser evil. */
const mostPages = 5;

const lookFor = async (client: WebClient, sending: Sending): Promise<Sent | undefined> => {
  try {
    const channel = await channelOf(client, sending.target);
    const ts = await findIn(client, channel, sending);
    return ts === undefined ? undefined : { kind: 'sent', channel, ts, before: true };
  } catch (error) {
    // We may not look everywhere (a public channel that we are not in): then a double is better than silence.
    if (readSlackFailure(error)?.kind === 'refused') return undefined;
    throw error;
  }
};

const opened = z.object({ channel: z.object({ id: z.string() }) });

const channelOf = async (client: WebClient, target: Target): Promise<ChannelId> =>
  target.kind === 'channel'
    ? target.channel
    : opened.parse(await client.conversations.open({ users: target.user })).channel.id;

const findIn = async (
  client: WebClient,
  channel: ChannelId,
  { target, id, since }: Sending,
): Promise<string | undefined> => {
  const threadTs = target.kind === 'channel' ? target.threadTs : undefined;
  const oldest = String(Math.max(0, Math.floor((since - clockSlack) / 1000)));
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const which = { channel, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : { oldest }) };
    const { messages, response_metadata } = listing.parse(
      threadTs === undefined
        ? await client.conversations.history(which)
        : await client.conversations.replies({ ...which, ts: threadTs }),
    );
    const found = messages.find((message) => message.metadata?.event_payload?.id === id);
    if (found) return found.ts;
    cursor = response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
};
