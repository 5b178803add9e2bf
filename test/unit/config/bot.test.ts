// The bot's configuration: every variable right and wrong.

import { describe, expect, it } from 'vitest';
import { day, hour, minute, second } from '../../../src/rig/duration.ts';
import { bot, botFaults, secret } from '../../support/config-readings.ts';

describe('the bot reads', () => {
  it.each<[string, string, object]>([
    [
      'REDIS_URL',
      'rediss://:pw@redis.example:6380/2',
      { redis: { kind: 'tcp', host: 'redis.example', tls: true, port: 6380, db: 2, password: 'pw' } },
    ],
    ['REDIS_URL', '/run/redis.sock', { redis: { kind: 'socket', path: '/run/redis.sock' } }],
    ['WCS_SECRET', `  ${secret}!\n`, { secret: `${secret}!` }],
    ['WCS_SECRET_PREVIOUS', `${secret}?`, { secret, secretPrevious: `${secret}?` }],
    ['WCS_INSTALLATION', 'wcs-dev', { installation: 'wcs-dev' }],
    ['WCS_TAGS', 'latest, 5.2.2000,latest', { tags: ['latest', '5.2.2000'] }],
    ['WCS_LOG_LEVEL', 'DEBUG', { logLevel: 'debug' }],
    ['WCS_HEALTH_PORT', '9090', { healthPort: 9090 }],
    ['WCS_PROGRESS', '500ms', { progressEvery: 500 }],
    ['WCS_JOB_LOCK', '1s', { jobLock: second }],
    ['WCS_OUTBOX_LEASE', '2s', { outboxLease: 2 * second }],
    [
      'WCS_REMIND',
      '1h, 10m',
      { leases: { remind: [60 * minute, 10 * minute], grace: 10 * minute, unwatched: minute } },
    ],
    [
      'WCS_GRACE',
      '20m',
      { leases: { remind: [30 * minute, 5 * minute], grace: 20 * minute, unwatched: minute } },
    ],
    ['WCS_SWEEP', '500ms', { sweepEvery: second / 2 }],
    [
      'WCS_SWEEP',
      '1s',
      { leases: { remind: [30 * minute, 5 * minute], grace: 10 * minute, unwatched: minute / 2 } },
    ],
    ['SLACK_BOT_TOKEN', 'xoxb-other', { slack: { botToken: 'xoxb-other' } }],
    ['SLACK_APP_TOKEN', 'xapp-other', { slack: { connection: { appToken: 'xapp-other' } } }],
    ['SLACK_API_URL', 'http://127.0.0.1:4001/api', { slack: { apiUrl: 'http://127.0.0.1:4001/api/' } }],
    ['SLACK_API_URL', 'https://slack-gov.com/api/', { slack: { apiUrl: 'https://slack-gov.com/api/' } }],
    ['WCS_LEASE', '90m', { lease: { usual: 90 * minute } }],
    ['WCS_LEASE_MAX', '2d', { lease: { most: 48 * hour } }],
    ['WCS_LEASE_MAX', 'none', { lease: { usual: 4 * hour, most: undefined } }],
    ['WCS_LEASE_MAX', 'None', { lease: { most: undefined } }],
    ['WCS_KEEP_BY', '5m', { leases: { keepBy: 5 * minute } }],
    ['WCS_KEEP_UNKNOWN', '2d', { leases: { keepUnknown: 48 * hour } }],
    ['WCS_USE_FRESH', '10s', { leases: { useFresh: 10 * second } }],
    ['WCS_IDLE', '4h', { leases: { idle: 4 * hour } }],
    ['WCS_IDLE', 'NONE', { leases: { idle: undefined } }],
    ['WCS_CRASH_HOLD', '1h', { crashHold: hour }],
    ['WCS_AUDIT_KEEP', '30d', { auditKeep: 30 * day }],
    [
      'WCS_USERS',
      'U0123456789, SDEVELOPERS,W0GRID',
      { access: { users: ['U0123456789', 'SDEVELOPERS', 'W0GRID'] } },
    ],
    ['WCS_CHANNELS', 'C0123456789,G0OLD', { access: { channels: ['C0123456789', 'G0OLD'] } }],
    ['WCS_ADMINS', 'U0OLGA', { access: { admins: ['U0OLGA'] } }],
    ['WCS_ADMIN_CHANNEL', 'C0ADMINS', { adminChannel: 'C0ADMINS' }],
    ['WCS_RIGS_PER_USER', '2', { rigsPerUser: 2 }],
    ['WCS_REDIS_TIMEOUT', '3s', { redisTimeout: 3 * second }],
    ['WCS_RIGS_MAX', '40', { rigsMax: 40 }],
    ['WCS_LAUNCH_DEADLINE', '1m', { launchDeadline: minute }],
    ['WCS_NOTE', 'From home: VPN "office" first.', { note: 'From home: VPN "office" first.' }],
    ['WCS_SSH', 'ssh -p 2222 root@{ip}', { sshCommand: 'ssh -p 2222 root@{ip}' }],
  ])('%s=%s', (name, value, expected) => {
    expect(bot({ [name]: value })).toMatchObject(expected);
  });

  it('HTTP in place of Socket Mode where no app token is set', () => {
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'f00d', PORT: '8080' };
    expect(bot(http).slack.connection).toEqual({ kind: 'http', signingSecret: 'f00d', port: 8080 });
    expect(bot({ ...http, PORT: undefined }).slack.connection).toMatchObject({ port: 3000 });
    expect(bot({ SLACK_SIGNING_SECRET: 'f00d' }).slack.connection.kind).toBe('socket');
  });
});

/** A number without its unit, and longer than there can be. */
const lengths = (name: string, least: string, most: string): [string, string, string][] =>
  ['15', '9999d'].map((value) => [
    name,
    value,
    `${name} is \`${value}\`; write a length of time such as \`10s\`, \`90m\`, \`4h\` or \`1h30m\`, from ${least} to ${most}`,
  ]);

describe('the bot refuses', () => {
  it.each<[string, string | undefined, string]>([
    [
      'REDIS_URL',
      'http://redis',
      'REDIS_URL is not right; write `redis://[:PASSWORD@]HOST:PORT`, `rediss://…`, `redis+sentinel://[:PASSWORD@]HOST:26379,HOST:26379,HOST:26379/NAME` or the absolute path of a socket',
    ],
    [
      'WCS_SECRET',
      undefined,
      'WCS_SECRET is missing; make one with `openssl rand -hex 32`, and give bot and workers the same',
    ],
    ['WCS_SECRET', 'short', 'WCS_SECRET has fewer than 32 characters; make one with `openssl rand -hex 32`'],
    [
      'WCS_SECRET_PREVIOUS',
      'short',
      'WCS_SECRET_PREVIOUS has fewer than 32 characters; write the secret there that WCS_SECRET was before',
    ],
    [
      'WCS_SECRET_PREVIOUS',
      secret,
      'WCS_SECRET_PREVIOUS is the same as WCS_SECRET; write the secret there that WCS_SECRET was before, or leave it out',
    ],
    [
      'WCS_INSTALLATION',
      'WCS:dev',
      'WCS_INSTALLATION is `WCS:dev`; write 2 to 31 small letters, digits and dashes that begin with a letter, say `wcs` or `wcs-dev`',
    ],
    [
      'WCS_TAGS',
      'latest,,x y',
      'WCS_TAGS is `latest,,x y`; write image tags with commas between them, say `latest,5.2.2000`',
    ],
    [
      'WCS_LOG_LEVEL',
      'loud',
      'WCS_LOG_LEVEL is `loud`; write `trace`, `debug`, `info`, `warn`, `error` or `silent`',
    ],
    ['WCS_HEALTH_PORT', '0', 'WCS_HEALTH_PORT is `0`; write a whole number from 1 to 65535'],
    [
      'WCS_PROGRESS',
      '10',
      'WCS_PROGRESS is `10`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 ms to 1 h',
    ],
    [
      'SLACK_BOT_TOKEN',
      undefined,
      'SLACK_BOT_TOKEN is missing; it is at api.slack.com/apps under *OAuth & Permissions* and begins with `xoxb-`',
    ],
    [
      'SLACK_BOT_TOKEN',
      'xapp-1',
      'SLACK_BOT_TOKEN holds an app-level token (`xapp-…`), which belongs into SLACK_APP_TOKEN; here belongs the bot token, which begins with `xoxb-`',
    ],
    [
      'SLACK_BOT_TOKEN',
      'xoxp-1',
      "SLACK_BOT_TOKEN holds a person's token (`xoxp-…`), which is not needed; here belongs the bot token, which begins with `xoxb-`",
    ],
    [
      'SLACK_BOT_TOKEN',
      'hunter2',
      "SLACK_BOT_TOKEN holds no token of Slack's; here belongs the bot token, which begins with `xoxb-`",
    ],
    [
      'SLACK_APP_TOKEN',
      'xoxb-1',
      'SLACK_APP_TOKEN holds a bot token (`xoxb-…`), which belongs into SLACK_BOT_TOKEN; here belongs the app-level token, which begins with `xapp-`',
    ],
    [
      'SLACK_APP_TOKEN',
      undefined,
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing; write the app-level token, which begins with `xapp-`, for Socket Mode, or the signing secret for HTTP',
    ],
    [
      'SLACK_SIGNING_SECRET',
      'xoxb-1',
      'SLACK_SIGNING_SECRET holds a bot token (`xoxb-…`); here belongs the signing secret, from *Basic Information*',
    ],
    [
      'SLACK_SIGNING_SECRET',
      'f0 0d',
      'SLACK_SIGNING_SECRET holds a space; here belongs the signing secret, from *Basic Information*',
    ],
    [
      'SLACK_API_URL',
      'slack.com',
      'SLACK_API_URL is `slack.com`; write a web address such as `https://slack.com/api/`',
    ],
    ['PORT', 'http', 'PORT is `http`; write a whole number from 1 to 65535'],
    [
      'WCS_LEASE',
      '4',
      'WCS_LEASE is `4`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 s to 365 d',
    ],
    [
      'WCS_LEASE',
      '2d',
      'WCS_LEASE (2 d) is longer than WCS_LEASE_MAX (1 d); make it shorter, or the other longer',
    ],
    [
      'WCS_LEASE_MAX',
      '900d',
      'WCS_LEASE_MAX is `900d`; write a length of time such as `24h` or `7d`, up to `365d`, or `none` where there is to be no longest lease',
    ],
    ...lengths('WCS_KEEP_BY', '1 s', '1 d'),
    ...lengths('WCS_KEEP_UNKNOWN', '1 s', '30 d'),
    ...lengths('WCS_USE_FRESH', '1 s', '1 d'),
    ...lengths('WCS_CRASH_HOLD', '1 s', '1 d'),
    ...lengths('WCS_AUDIT_KEEP', '1 h', '3650 d'),
    [
      'WCS_IDLE',
      'never',
      'WCS_IDLE is `never`; write after how long without use a rig is stopped, say `4h`, or `none`',
    ],
    ...['anna', '@anna', 'C0123456789', 'U0123,,U0456', 'u0123456789'].flatMap(
      (value): [string, string, string][] =>
        ['WCS_USERS', 'WCS_ADMINS'].map((name) => [
          name,
          value,
          `${name} is \`${value}\`; write ids of people (\`U…\`) and user groups (\`S…\`) with commas between them; Slack shows them in a profile under *More*, *Copy member ID*`,
        ]),
    ),
    [
      'WCS_CHANNELS',
      '#rigs',
      "WCS_CHANNELS is `#rigs`; write ids of channels (`C…`) with commas between them; Slack shows them at the end of a channel's *About*",
    ],
    [
      'WCS_ADMIN_CHANNEL',
      'C0ONE,C0TWO',
      "WCS_ADMIN_CHANNEL is `C0ONE,C0TWO`; write the id of a channel, say `C0123456789`; Slack shows it at the end of the channel's *About*",
    ],
    ['WCS_RIGS_PER_USER', '0', 'WCS_RIGS_PER_USER is `0`; write a whole number from 1 to 1000'],
    ['WCS_RIGS_MAX', '-1', 'WCS_RIGS_MAX is `-1`; write a whole number from 1 to 100000'],
    [
      'WCS_LAUNCH_DEADLINE',
      'soon',
      'WCS_LAUNCH_DEADLINE is `soon`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 s to 1 d',
    ],
    [
      'WCS_JOB_LOCK',
      '1ms',
      'WCS_JOB_LOCK is `1ms`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 500 ms to 1 h',
    ],
    [
      'WCS_OUTBOX_LEASE',
      '1d',
      'WCS_OUTBOX_LEASE is `1d`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 500 ms to 1 h',
    ],
    ['WCS_NOTE', 'one\ntwo', 'WCS_NOTE is `one two`; write one line of at most 300 characters'],
    [
      'WCS_SSH',
      'ssh root@IP',
      'WCS_SSH is `ssh root@IP`; write the command with `{ip}` where the address goes, say `ssh root@{ip}`',
    ],
  ])('%s=%s', (name, value, sentence) => {
    expect(botFaults({ [name]: value })).toEqual([sentence]);
  });
});
