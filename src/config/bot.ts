// What the bot alone is told: Slack, leases, quotas and words.

import { type Duration, day, formatDuration, hour, minute, second } from '../rig/duration.ts';
import type { LeaseLimits, LeasePolicy } from '../rig/lease.ts';
import { type CommonConfig, readCommon } from './common.ts';
import * as forms from './forms.ts';
import type { Reading } from './read-variables.ts';

export type SlackConfig = {
  readonly botToken: string;
  /** With a slash at its end; Slack's own if undefined. */
  readonly apiUrl: string | undefined;
  readonly connection:
    | { readonly kind: 'socket'; readonly appToken: string }
    | { readonly kind: 'http'; readonly signingSecret: string; readonly port: number };
};

export type BotConfig = CommonConfig & {
  readonly slack: SlackConfig;
  readonly lease: LeaseLimits;
  /** How long a rig that was up and is no more keeps its name and address for a restart. */
  readonly crashHold: Duration;
  /** How surveys are compared with what should be. */
  readonly reconcile: {
    readonly every: Duration;
    readonly grace: Duration;
    readonly fresh: Duration;
    readonly adoption: Duration;
    readonly hold: Duration;
  };
  readonly auditKeep: Duration;
  /** Who may use the bot and where, and who runs it. */
  readonly access: {
    readonly users: readonly string[] | undefined;
    readonly admins: readonly string[];
    readonly channels: readonly string[] | undefined;
  };
  readonly adminChannel: string | undefined;
  readonly rigsPerUser: number;
  readonly rigsMax: number | undefined;
  /** How long after the claim a host may still begin. */
  readonly launchDeadline: Duration;
  /** How long the news of a rig wait when the bot that told them was killed. */
  readonly outboxLease: Duration;
  /** When owners are reminded, and what an unwatched end gets. */
  readonly leases: LeasePolicy;
  /** For so long nobody has to answer on an address that is set aside before it comes back. */
  readonly probeSilent: Duration;
  /** Between two looks at the leases. */
  readonly sweepEvery: Duration;
  /** How long Redis is waited for: people read within a second that it does not answer. */
  readonly redisTimeout: Duration;
  /** A sentence of the operator's for people who cannot reach a rig. */
  readonly note: string | undefined;
  /** `{ip}` is where the address goes. */
  readonly sshCommand: string;
};

/** `undefined` only together with a fault. */
export const readBot = (reading: Reading): BotConfig | undefined => {
  const common = readCommon(reading);
  const slack = readSlack(reading);
  const sweepEvery = reading.withDefault('WCS_SWEEP', forms.duration(100, minute), 2 * second);
  const crashHold = reading.withDefault('WCS_CRASH_HOLD', forms.duration(second, day), 10 * minute);
  const config = {
    lease: readLease(reading),
    access: {
      users: reading.optional('WCS_USERS', people),
      admins: reading.withDefault('WCS_ADMINS', people, []),
      channels: reading.optional('WCS_CHANNELS', channels),
    },
    adminChannel: readAdminChannel(reading),
    crashHold,
    reconcile: {
      every: reading.withDefault('WCS_RECONCILE', forms.duration(50, 10 * minute), 2 * second),
      grace: readOrphanGrace(reading),
      fresh: reading.withDefault('WCS_SURVEY_FRESH', forms.duration(100, hour), 90 * second),
      adoption: reading.withDefault('WCS_ADOPTION', forms.duration(100, hour), minute),
      hold: crashHold,
    },
    auditKeep: reading.withDefault('WCS_AUDIT_KEEP', forms.duration(hour, 3650 * day), 90 * day),
    rigsPerUser: reading.withDefault('WCS_RIGS_PER_USER', forms.wholeNumber(1, 1000), 5),
    rigsMax: reading.optional('WCS_RIGS_MAX', forms.wholeNumber(1, 100_000)),
    launchDeadline: reading.withDefault('WCS_LAUNCH_DEADLINE', forms.duration(second, day), 10 * minute),
    leases: {
      remind: reading.withDefault('WCS_REMIND', reminders, [30 * minute, 5 * minute]),
      grace: reading.withDefault('WCS_GRACE', forms.duration(second, day), 10 * minute),
      unwatched: missedSweeps * sweepEvery,
      keepBy: reading.withDefault('WCS_KEEP_BY', forms.duration(second, day), 15 * minute),
      keepUnknown: reading.withDefault('WCS_KEEP_UNKNOWN', forms.duration(second, 30 * day), hour),
      idle: readIdle(reading),
      useFresh: reading.withDefault('WCS_USE_FRESH', forms.duration(second, day), 3 * minute),
    },
    sweepEvery,
    probeSilent: reading.withDefault('WCS_PROBE_SILENT', forms.duration(100, 30 * day), 10 * minute),
    redisTimeout: reading.withDefault('WCS_REDIS_TIMEOUT', forms.duration(50, minute), 800),
    outboxLease: reading.withDefault('WCS_OUTBOX_LEASE', forms.duration(500, hour), 15 * second),
    note: reading.optional('WCS_NOTE', forms.sentence),
    sshCommand: reading.withDefault('WCS_SSH', forms.sshCommand, 'ssh root@{ip}'),
  };
  return common && slack && { ...common, ...config, slack };
};

export type SlackPlace = { readonly slack: SlackConfig; readonly adminChannel: string | undefined };

/** What it takes to speak to Slack, and no more. `undefined` only together with a fault. */
export const readSlackPlace = (reading: Reading): SlackPlace | undefined => {
  const slack = readSlack(reading);
  const adminChannel = readAdminChannel(reading);
  return slack && { slack, adminChannel };
};

const readAdminChannel = (reading: Reading): string | undefined =>
  reading.optional('WCS_ADMIN_CHANNEL', forms.channelId);

/** For how long what nobody knows is only watched. */
export const readOrphanGrace = (reading: Reading): Duration =>
  reading.withDefault('WCS_ORPHAN_GRACE', forms.duration(1, day), 2 * minute);

const readSlack = (reading: Reading): SlackConfig | undefined => {
  const botToken = reading.required(
    'SLACK_BOT_TOKEN',
    forms.botToken,
    'it is at api.slack.com/apps under *OAuth & Permissions* and begins with `xoxb-`',
  );
  const appToken = reading.optional('SLACK_APP_TOKEN', forms.appToken);
  const signingSecret = reading.optional('SLACK_SIGNING_SECRET', forms.signingSecret);
  const apiUrl = reading.optional('SLACK_API_URL', forms.webAddress);
  const port = reading.withDefault('PORT', forms.port, 3000);
  if (reading.text('SLACK_APP_TOKEN') === undefined && reading.text('SLACK_SIGNING_SECRET') === undefined) {
    reading.fault(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing; write the app-level token, which begins with `xapp-`, for Socket Mode, or the signing secret for HTTP',
    );
  }
  if (botToken === undefined) return undefined;
  if (appToken !== undefined) return { botToken, apiUrl, connection: { kind: 'socket', appToken } };
  if (signingSecret === undefined) return undefined;
  return { botToken, apiUrl, connection: { kind: 'http', signingSecret, port } };
};

/** A minute, as leases are usually looked at: a busy moment is no outage. */
const missedSweeps = 30;

const people = forms.listOf(
  forms.personId,
  'write ids of people (`U…`) and user groups (`S…`) with commas between them; Slack shows them in a profile under *More*, *Copy member ID*',
);

const channels = forms.listOf(
  forms.channelId,
  "write ids of channels (`C…`) with commas between them; Slack shows them at the end of a channel's *About*",
);

const reminders = forms.listOf(
  forms.duration(second, day),
  'write times before the end with commas between them, say `30m,5m`',
);

const longestLease =
  'write a length of time such as `24h` or `7d`, up to `365d`, or `none` where there is to be no longest lease';

/** Rigs that nobody uses are left alone unless the operator wants otherwise. */
const readIdle = (reading: Reading): Duration | undefined => {
  const idle = reading.withDefault(
    'WCS_IDLE',
    forms.orNone(forms.duration(second, 365 * day), howIdle),
    'none',
  );
  return idle === 'none' ? undefined : idle;
};

const howIdle = 'write after how long without use a rig is stopped, say `4h`, or `none`';

const readLease = (reading: Reading): LeaseLimits => {
  const length = forms.duration(second, 365 * day);
  const usual = reading.withDefault('WCS_LEASE', length, 4 * hour);
  const written = reading.withDefault('WCS_LEASE_MAX', forms.orNone(length, longestLease), 24 * hour);
  const most = written === 'none' ? undefined : written;
  if (most !== undefined && usual > most) {
    reading.fault(
      `WCS_LEASE (${formatDuration(usual)}) is longer than WCS_LEASE_MAX (${formatDuration(most)}); make it shorter, or the other longer`,
    );
  }
  return { usual, most };
};
