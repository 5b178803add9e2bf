// Looks for a message whose fate is unknown, so that it is not sent twice.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Duration, type Instant, minute } from '../../rig/duration.ts';
import type { ChannelId } from '../../rig/rig.ts';
import { readSlackFailure } from '../slack-errors.ts';

export type Wanted = {
  /** It stays with the message as metadata. */
  readonly id: string;
  readonly channel: ChannelId;
  readonly threadTs: string | undefined;
  /** It did not arrive before. */
  readonly since: Instant;
};

/** `astray`: in the conversation itself, though it was meant for a thread. */
export type Found = { readonly ts: string; readonly astray: boolean };

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

/** `no-thread`: its first message is gone. */
type Look = { readonly kind: 'found'; readonly ts: string } | { readonly kind: 'nothing' | 'no-thread' };

export const lookFor = async (client: WebClient, wanted: Wanted): Promise<Found | undefined> => {
  const look = await lookIn(client, wanted, wanted.threadTs);
  if (look.kind === 'found') return { ts: look.ts, astray: false };
  if (look.kind === 'nothing') return undefined;
  // Slack puts a reply to what is gone into the conversation.
  const outside = await lookIn(client, wanted, undefined);
  return outside.kind === 'found' ? { ts: outside.ts, astray: true } : undefined;
};

const lookIn = async (client: WebClient, wanted: Wanted, threadTs: string | undefined): Promise<Look> => {
  try {
    const ts = await turnPages(client, wanted, threadTs);
    return ts === undefined ? { kind: 'nothing' } : { kind: 'found', ts };
  } catch (error) {
    // We may not look everywhere (a public channel that we are not in): then a double is better than silence.
    const failure = readSlackFailure(error);
    if (failure?.kind !== 'refused') throw error;
    return { kind: failure.code === 'thread_not_found' ? 'no-thread' : 'nothing' };
  }
};

const turnPages = async (
  client: WebClient,
  { channel, id, since }: Wanted,
  threadTs: string | undefined,
): Promise<string | undefined> => {
  const oldest = String(Math.max(0, Math.floor((since - clockSlack) / 1000)));
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
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
