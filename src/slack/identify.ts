// Asks Slack who we are, which also says whether it takes our token.

import { setTimeout as delay } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { type Duration, second } from '../rig/duration.ts';
import { readSlackFailure } from './slack-errors.ts';

const answer = z.object({
  user: z.string(),
  user_id: z.string(),
  bot_id: z.string().default(''),
  team_id: z.string().default(''),
});

export type Identity = {
  readonly name: string;
  readonly userId: string;
  readonly botId: string;
  readonly teamId: string;
};

/** Words of Slack's that no waiting mends. */
const hopeless: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'not_allowed_token_type',
]);

export const tokenRefused = (variable: string, beginning: string, page: string, why: string): Error =>
  new Error(
    `Slack does not take ${variable} (it says ${why}): copy the token that begins with ${beginning} from the app's page *${page}* again`,
  );

const attempts = 8;
const beforeAgain: Duration = 3 * second;

/** Throws with a sentence if the token is refused, or if Slack cannot be reached for about half a minute. */
export const identify = async (client: WebClient, log: Log): Promise<Identity> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { user, user_id, bot_id, team_id } = answer.parse(await client.auth.test());
      return { name: user, userId: user_id, botId: bot_id, teamId: team_id };
    } catch (error) {
      const failure = readSlackFailure(error);
      if (failure === undefined) throw error;
      const why = failure.kind === 'refused' ? failure.code : failure.why;
      if (failure.kind === 'refused' || hopeless.has(why)) {
        throw tokenRefused('SLACK_BOT_TOKEN', 'xoxb-', 'OAuth & Permissions', why);
      }
      if (attempt === attempts) {
        throw new Error(
          `Slack cannot be reached at ${client.slackApiUrl} (${why}): check the way there, or SLACK_API_URL`,
        );
      }
      log.warn({ why, attempt }, 'Slack does not answer; once more');
      await delay(failure.after ?? beforeAgain);
    }
  }
};
