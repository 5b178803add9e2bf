// Where a rig's card goes: into the conversation where it was asked for, unless it must not or cannot.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { CardPlace } from '../../ports/outbox.ts';
import { type Duration, type Instant, minute } from '../../rig/duration.ts';
import type { ChannelId, Rig } from '../../rig/rig.ts';
import { readSlackFailure } from '../slack-errors.ts';

export type Destination =
  | { readonly kind: 'channel'; readonly channel: ChannelId }
  /** A direct message with the owner. */
  | { readonly kind: 'direct'; readonly because: NonNullable<CardPlace['because']> };

export type Destinations = {
  /** Throws what Slack's client throws when Slack cannot say at the moment: then nothing may be posted. */
  readonly of: (rig: Pick<Rig, 'asked'>) => Promise<Destination>;
  /** Asks Slack anew the next time: somebody may have invited us. */
  readonly forget: (channel: ChannelId) => void;
};

type Conversation = 'open' | 'shared' | 'closed';

/** Long enough to spare Slack, short enough that a channel that was just shared is noticed. */
const freshness: Duration = 2 * minute;
const mostKept = 500;

const conversationInfo = z.object({
  channel: z.object({
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});

export const createDestinations = (client: WebClient, now: () => Instant): Destinations => {
  const known = new Map<ChannelId, { readonly is: Promise<Conversation>; readonly until: Instant }>();

  const look = async (channel: ChannelId): Promise<Conversation> => {
    const seen = known.get(channel);
    if (seen !== undefined && now() < seen.until) return seen.is;
    const is = askSlack(client, channel);
    if (known.size >= mostKept) known.clear();
    const asked = { is, until: now() + freshness };
    known.set(channel, asked);
    // What Slack did not say is asked again the next time.
    is.catch(() => known.get(channel) === asked && known.delete(channel));
    return is;
  };

  return {
    of: async ({ asked }) => {
      if (asked.quietly) return { kind: 'direct', because: 'quietly' };
      const is = await look(asked.channel);
      if (is === 'shared') return { kind: 'direct', because: 'shared-channel' };
      if (is === 'closed') return { kind: 'direct', because: 'cannot-post' };
      return { kind: 'channel', channel: asked.channel };
    },
    forget: (channel) => void known.delete(channel),
  };
};

const askSlack = async (client: WebClient, channel: ChannelId): Promise<Conversation> => {
  try {
    const { channel: info } = conversationInfo.parse(await client.conversations.info({ channel }));
    if (info.is_ext_shared === true || info.is_pending_ext_shared === true) return 'shared';
    return info.is_archived === true ? 'closed' : 'open';
  } catch (error) {
    // Slack shows us nothing of conversations that we are not in, but for public channels.
    if (readSlackFailure(error)?.kind === 'refused') return 'closed';
    throw error;
  }
};
