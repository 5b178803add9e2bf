// Socket Mode: the app's token, the socket, and whether both tokens are one app's. Pure.

import { assertNever } from '../../rig/assert-never.ts';
import { count, shortTime } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import { tokenRefused } from './check-token.ts';
import type { SlackCheck } from './facts.ts';
import type { SocketSays } from './try-socket.ts';

/** Slack's own number of sockets an app may hold. */
const most = 10;

const proxies =
  'let WebSockets through to wss-primary.slack.com and wss-backup.slack.com, port 443: a proxy or firewall cuts them';

export const socket: SlackCheck = ({ door }) => {
  if (door.kind !== 'socket') return [];
  const { token, socket: its } = door;
  if (token.kind === 'no') return [tokenRefused('app', token.error)];
  if (token.kind === 'silent')
    return [
      wrong(
        'slack-socket',
        `Slack gives no address of a socket: ${token.detail}`,
        'try again in a minute; status.slack.com',
      ),
    ];
  const taken = well('slack-app-token', 'Slack takes SLACK_APP_TOKEN');
  return its === undefined ? [taken] : [taken, ...opened(its)];
};

const opened = (its: SocketSays): readonly Finding[] => {
  const check = 'slack-socket';
  switch (its.kind) {
    case 'hello': {
      const { others, took } = its;
      const says = `a socket to Slack opens in ${shortTime(took)}`;
      if (others === undefined) return [well(check, says)];
      if (others >= most - 1)
        return [
          doubtful(
            check,
            `${says}, and the app has ${others} others: ten is the most`,
            'stop bots that are left over',
          ),
        ];
      return [
        well(
          check,
          `${says}; ${others === 0 ? 'no bot has one at the moment' : `${count(others, 'other')} of the app's ${others === 1 ? 'is' : 'are'} open`}`,
        ),
      ];
    }
    case 'closed':
      return [wrong(check, `a socket to Slack does not open: ${its.detail}`, proxies)];
    case 'silent':
      return [wrong(check, 'a socket to Slack stays silent', proxies)];
    default:
      return assertNever(its);
  }
};

/** Commands go to the app of the socket, and answers come from that of the bot. */
export const sameApp: SlackCheck = ({ door, bot }) => {
  if (door.kind !== 'socket' || bot.kind !== 'yes') return [];
  const said = door.socket?.kind === 'hello' ? door.socket.appId : undefined;
  const ofDoor = said ?? door.appId;
  const ofBot = bot.answer.appId;
  if (ofDoor === undefined || ofBot === undefined) return [];
  if (ofDoor === ofBot) return [well('slack-same-app', `both tokens are of the app ${ofBot}`)];
  return [
    wrong(
      'slack-same-app',
      `SLACK_BOT_TOKEN is of the app ${ofBot}, and SLACK_APP_TOKEN of ${ofDoor}: commands go to one, and answers come from the other`,
      'copy both tokens from one app: *OAuth & Permissions*, and *Basic Information*',
    ),
  ];
};
