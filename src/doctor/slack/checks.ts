// What is well and what is not between Slack and a bot. Pure; no token is in any fact.

import { type Duration, minute } from '../../rig/duration.ts';
import { shortTime } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import { scopes } from './check-scopes.ts';
import { sameApp, socket } from './check-socket.ts';
import { isTokenRefused, tokenRefused } from './check-token.ts';
import type { SlackCheck, SlackFacts } from './facts.ts';

/** Slack's requests are signed with their time, and Bolt refuses what is older. */
const tooOld: Duration = 5 * minute;
const apart: Duration = minute;

const botToken: SlackCheck = ({ bot }) => {
  if (bot.kind === 'no') return [tokenRefused('bot', bot.error)];
  if (bot.kind === 'silent') return [];
  const { user, team } = bot.answer;
  return [well('slack-bot-token', `Slack takes SLACK_BOT_TOKEN: it is ${user} in the workspace ${team}`)];
};

const http: SlackCheck = ({ door, bot }) => {
  if (door.kind !== 'http') return [];
  return [
    doubtful(
      'slack-signing',
      'Slack reaches this bot by HTTP, so that SLACK_SIGNING_SECRET cannot be tried from here',
      "press *Retry* under *Event Subscriptions* on the app's page, while the bot runs",
    ),
    ...clock(bot.skew),
  ];
};

const clock = (skew: Duration | undefined): readonly Finding[] => {
  if (skew === undefined || Math.abs(skew) < apart) return [];
  const says = `this machine's clock is ${shortTime(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Slack's`;
  const mend = '`timedatectl set-ntp true`';
  return Math.abs(skew) < tooOld
    ? [
        doubtful(
          'slack-clock',
          `${says}: at ${shortTime(tooOld)} all that Slack sends would be refused`,
          mend,
        ),
      ]
    : [wrong('slack-clock', `${says}: all that Slack sends is refused as too old`, mend)];
};

const channel: SlackCheck = ({ channel: place, bot }) => {
  const check = 'slack-admin-channel';
  if (place === undefined)
    return [
      doubtful(
        check,
        'no WCS_ADMIN_CHANNEL is named: what wants an eye is told nowhere but in the log',
        "`WCS_ADMIN_CHANNEL=C…`; Slack shows the id at the end of the channel's *About*",
      ),
    ];
  const { id, says } = place;
  const mend = (first: string): string => `${first}, or name another channel in WCS_ADMIN_CHANNEL`;
  if (says.kind === 'silent')
    return [wrong(check, `Slack does not say whether the admins' channel ${id} is there: ${says.detail}`)];
  // That scopes are missing is said already.
  if (says.kind === 'no' && (says.error === 'missing_scope' || isTokenRefused(says.error))) return [];
  if (says.kind === 'no') {
    const name = bot.kind === 'yes' ? bot.answer.user : 'wcs';
    return [
      wrong(
        check,
        `the admins' channel ${id} cannot be seen (Slack says ${says.error}): notices wait`,
        mend(`\`/invite @${name}\` there`),
      ),
    ];
  }
  return says.answer.isArchived
    ? [wrong(check, `the admins' channel ${id} is archived: notices wait`, mend('unarchive it'))]
    : [well(check, `the admins' channel ${id} is there`)];
};

const checks: readonly SlackCheck[] = [botToken, scopes, socket, sameApp, http, channel];

/** One that is out of reach is one finding. */
export const checkSlack = (facts: SlackFacts): readonly Finding[] => {
  const { bot, apiUrl } = facts;
  if (bot.kind !== 'silent') return checks.flatMap((check) => check(facts));
  return [
    wrong(
      'slack-reachable',
      `Slack does not answer at ${apiUrl}: ${bot.detail}`,
      'look at the way out (`curl -sS https://slack.com/api/api.test`), and at SLACK_API_URL',
    ),
  ];
};
