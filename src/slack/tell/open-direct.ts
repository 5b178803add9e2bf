// The direct message between us and a person, and whether there is anybody to read it.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelId, UserId } from '../../rig/rig.ts';
import { readSlackFailure } from '../slack-errors.ts';

export type Direct =
  | { readonly kind: 'open'; readonly channel: ChannelId }
  /** Their account was closed. */
  | { readonly kind: 'gone' };

/** Throws what Slack's client throws. */
export type OpenDirect = (user: UserId) => Promise<Direct>;

const opened = z.object({ channel: z.object({ id: z.string() }) });

/** Asked each time: Slack goes on taking messages for somebody who left, and only this call says so. */
export const createOpenDirect =
  (client: WebClient): OpenDirect =>
  async (user) => {
    try {
      const { channel } = opened.parse(await client.conversations.open({ users: user }));
      return { kind: 'open', channel: channel.id };
    } catch (error) {
      const failure = readSlackFailure(error);
      if (failure?.kind === 'refused' && failure.code === 'user_disabled') return { kind: 'gone' };
      throw error;
    }
  };
