// Which of some people are in a conversation: Slack tells nobody else of what is said there.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelId, UserId } from '../../rig/rig.ts';
import { readSlackFailure } from '../slack-errors.ts';

/** `undefined`: Slack does not show us who is in there. Throws what Slack's client throws when it cannot say at the moment. */
export type Present = (
  channel: ChannelId,
  users: readonly UserId[],
) => Promise<ReadonlySet<UserId> | undefined>;

const listing = z.object({
  members: z.array(z.string()).default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** Slack's most. */
const onePage = 1000;
/** Whoever is not among so many counts as absent: a direct message too many is the lesser evil. */
const mostPages = 5;

export const createPresent =
  (client: WebClient): Present =>
  async (channel, users) => {
    try {
      return await turnPages(client, channel, users);
    } catch (error) {
      if (readSlackFailure(error)?.kind !== 'refused') throw error;
      return undefined;
    }
  };

const turnPages = async (
  client: WebClient,
  channel: ChannelId,
  users: readonly UserId[],
): Promise<ReadonlySet<UserId>> => {
  const present = new Set<UserId>();
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const page = { channel, limit: onePage, ...(cursor ? { cursor } : {}) };
    const { members, response_metadata } = listing.parse(await client.conversations.members(page));
    const seen = new Set(members);
    for (const user of users) if (seen.has(user)) present.add(user);
    cursor = response_metadata?.next_cursor;
    if (!cursor || users.every((user) => present.has(user))) return present;
  }
  return present;
};
