// Asks Slack what a bot will need: who it is, what it may do, whether a socket opens, whether the admins' channel is there. It
// writes nothing there. Never throws.

import { z } from 'zod';
import type { SlackPlace } from '../../config.ts';
import type { Finding } from '../finding.ts';
import { createSlackAsker, type Heard, type SlackAsker } from './ask.ts';
import { checkSlack } from './checks.ts';
import type { SlackFacts, WhoWeAre } from './facts.ts';
import { trySocket } from './try-socket.ts';

const slackItself = 'https://slack.com/api/';

/** `wanted`: the scopes of manifest.yml. */
export const examineSlack = async (
  { slack, adminChannel }: SlackPlace,
  wanted: readonly string[],
): Promise<readonly Finding[]> => {
  const apiUrl = slack.apiUrl ?? slackItself;
  const asker = createSlackAsker(apiUrl);
  const bot = await whoIsIt(asker, slack.botToken);
  const nothing = { channel: undefined, door: { kind: 'http' } } as const;
  // What cannot be reached is waited for once.
  if (bot.kind === 'silent') return checkSlack({ apiUrl, wanted, bot, ...nothing });
  const [door, channel] = await Promise.all([
    lookAtDoor(asker, slack.connection),
    lookAtChannel(asker, slack.botToken, adminChannel),
  ]);
  return checkSlack({ apiUrl, wanted, bot, door, channel });
};

const whoSchema = z.object({
  user: z.string(),
  team: z.string().default('unknown'),
  bot_id: z.string().optional(),
});
const botSchema = z.object({ bot: z.object({ app_id: z.string().optional() }) });

const whoIsIt = async (asker: SlackAsker, token: string): Promise<Heard<WhoWeAre>> => {
  const heard = await asker.ask('auth.test', token, whoSchema);
  if (heard.kind !== 'yes') return heard;
  const { user, team, bot_id: bot } = heard.answer;
  const its = bot === undefined ? undefined : await asker.ask('bots.info', token, botSchema, { bot });
  const appId = its?.kind === 'yes' ? its.answer.bot.app_id : undefined;
  return { ...heard, answer: { user, team, appId } };
};

const lookAtDoor = async (
  asker: SlackAsker,
  connection: SlackPlace['slack']['connection'],
): Promise<SlackFacts['door']> => {
  if (connection.kind === 'http') return { kind: 'http' };
  const { appToken } = connection;
  const token = await asker.ask('apps.connections.open', appToken, z.object({ url: z.url() }));
  // `xapp-1-A0123456789-…`
  const appId = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken)?.[1];
  const socket = token.kind === 'yes' ? await trySocket(token.answer.url) : undefined;
  return { kind: 'socket', token, appId, socket };
};

const channelSchema = z
  .object({ channel: z.object({ is_archived: z.boolean().default(false) }) })
  .transform(({ channel }) => ({ isArchived: channel.is_archived }));

const lookAtChannel = async (
  asker: SlackAsker,
  token: string,
  id: string | undefined,
): Promise<SlackFacts['channel']> =>
  id === undefined
    ? undefined
    : { id, says: await asker.ask('conversations.info', token, channelSchema, { channel: id }) };
