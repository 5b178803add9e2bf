// Looks once, at the start, whether the operators' channel can be written to: nobody would miss notices that never come.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { ChannelId } from '../rig/rig.ts';
import { readSlackFailure } from './slack-errors.ts';

const conversation = z.object({ channel: z.object({ is_archived: z.boolean().default(false) }) });

/** What Slack has against it; `undefined`: nothing, or it does not say. Public channels need no invitation. */
const findObstacle = async (client: WebClient, channel: ChannelId): Promise<string | undefined> => {
  try {
    const answer = conversation.parse(await client.conversations.info({ channel }));
    return answer.channel.is_archived ? 'is_archived' : undefined;
  } catch (error) {
    const failure = readSlackFailure(error);
    if (failure === undefined) throw error;
    // That scopes are missing was said already, and says nothing of the channel.
    return failure.kind === 'refused' && failure.code !== 'missing_scope' ? failure.code : undefined;
  }
};

/** What to do about a channel that takes no notices; `bot`: the name that people invite. */
export const mendChannel = (channel: ChannelId, bot: string, code: string): string => {
  const mend = code === 'is_archived' ? 'unarchive it' : `invite the bot there with /invite @${bot}`;
  return `${mend}, or write the id of another channel into WCS_ADMIN_CHANNEL (${channel})`;
};

export const checkAdminChannel = async (
  client: WebClient,
  channel: ChannelId | undefined,
  bot: string,
  log: Log,
): Promise<void> => {
  if (channel === undefined) return;
  const code = await findObstacle(client, channel);
  if (code === undefined) return;
  log.warn(
    { channel, code },
    `Notices to the operators cannot be told in their channel (Slack says ${code}) and wait: ${mendChannel(channel, bot, code)}`,
  );
};
