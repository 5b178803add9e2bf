// The Slack side of the bot, put together: what comes in goes to the handlers, what is to be told goes out.

import { setTimeout as delay } from 'node:timers/promises';
import { App } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { LaunchPolicy } from '../control/launch-rig.ts';
import type { Log } from '../ports/log.ts';
import type { Teller } from '../ports/outbox.ts';
import { type Duration, second } from '../rig/duration.ts';
import type { Notice } from '../rig/notice.ts';
import { type AccessRules, createAccess } from './access.ts';
import { createAnswering } from './act/answering.ts';
import { boltLogger, type ConnectionOptions, createConnection } from './connection.ts';
import { createEvening } from './evening.ts';
import { identify } from './identify.ts';
import { listen } from './listen.ts';
import { createPeople } from './people.ts';
import { createDestinations } from './tell/destination.ts';
import { createPacing, type PacingOptions, usualPacing } from './tell/pacing.ts';
import { createPostThere } from './tell/post-there.ts';
import { createSender } from './tell/send.ts';
import { createSendLog } from './tell/send-log.ts';
import { createTeller } from './tell/tell.ts';
import { createTellNotice } from './tell/tell-notice.ts';
import { createHomeTab, keepHomesFresh } from './views/home-tab.ts';
import type { SlackPorts, World } from './world.ts';

export type SlackOptions = {
  /** `xoxb-…` */
  readonly botToken: string;
  /** Where the Web API is, with a slash at its end; Slack's own if undefined. */
  readonly apiUrl: string | undefined;
  readonly connection: ConnectionOptions;
};

export type SlackParts = SlackPorts & {
  readonly log: Log;
  readonly policy: LaunchPolicy;
  readonly words: {
    /** A sentence of the operator's for the ready reply. */
    readonly note: string | undefined;
    /** `ssh root@{ip}` */
    readonly sshCommand: string;
  };
  readonly access: AccessRules;
  /** Where operators are told what they should know; nowhere if undefined. */
  readonly adminChannel: string | undefined;
  /** What was seen of a rig's use counts for so long. */
  readonly useFresh: Duration;
  /** Between two edits of one card that only move a figure. */
  readonly progressEvery?: Duration | undefined;
  /** Between two refreshes of one person's Home tab. */
  readonly homeEvery?: Duration | undefined;
  readonly pacing?: Partial<PacingOptions> | undefined;
  /** How long one call to Slack may take; 10 s. */
  readonly callTimeout?: Duration | undefined;
};

export type Slack = {
  readonly teller: Teller;
  /** False: later. */
  readonly tellNotice: (notice: Notice) => Promise<boolean>;
  /** Throws with a sentence if Slack does not take the tokens. In HTTP mode it returns the port. */
  readonly start: () => Promise<{ readonly httpPort: number | undefined }>;
  /** Takes nothing in any more, ends what is under way, closes the connection. */
  readonly stop: () => Promise<void>;
  readonly isConnected: () => boolean;
  /** Resolves if only a new start can help. */
  readonly failed: Promise<Error>;
};

const usualCallTimeout: Duration = 10 * second;
/** How long answers that are under way may take when we stop. */
const farewell: Duration = 5 * second;

/** For calls to Slack, which the outbox repeats: a client that repeats a post by itself posts it twice. */
const clientOptionsFor = (apiUrl: string | undefined, callTimeout: Duration, log: Log): WebClientOptions => ({
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  timeout: callTimeout,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger: boltLogger(log),
  // Answers to a `response_url` go through this as well, and have no time-out of their own.
  fetch: (url, init) => fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(callTimeout) }),
});

export const connectSlack = (options: SlackOptions, parts: SlackParts): Slack => {
  const { log, policy, words, rigs, cards } = parts;
  const clientOptions = clientOptionsFor(options.apiUrl, parts.callTimeout ?? usualCallTimeout, log);
  const client = new WebClient(options.botToken, clientOptions);
  const ending = new AbortController();
  // The name that people invite, once Slack has told it.
  const us = { name: 'wcs', userId: '', botId: '', teamId: '' };
  const view = () => ({ bot: us.name, ssh: words.sshCommand });

  const { progressEvery = usualPacing.progressEvery } = parts;
  const pacing = createPacing({ ...usualPacing, progressEvery, ...parts.pacing }, Date.now);
  const destinations = createDestinations(client, Date.now);
  const sender = createSender({ client, pacing, pause: (length) => pause(length, ending.signal) });
  const postThere = createPostThere({ rigs, cards, client, sender, destinations, view, log });
  const people = createPeople(client, () => us.teamId, Date.now);
  const eveningOf = createEvening(people, parts.clock);
  const sendLog = createSendLog({ client, sender, log });
  const teller = createTeller({
    sender,
    destinations,
    pacing,
    cards,
    view,
    note: words.note,
    // News can wait as long as Slack wants to be left alone; an answer cannot.
    eveningOf: createEvening(people, parts.clock, 'wait'),
    sendLog,
    clock: parts.clock,
    log,
  });
  const access = createAccess(people, parts.access, log);
  const home = createHomeTab({
    ports: parts,
    client,
    access,
    eveningOf,
    log,
    every: parts.homeEvery,
    now: Date.now,
  });
  const world: World = {
    ports: parts,
    policy,
    ssh: words.sshCommand,
    client,
    destinations,
    postThere,
    people,
    access,
    useFresh: parts.useFresh,
    eveningOf,
    home,
    log,
  };
  const answering = createAnswering(log, Date.now);

  const connection = createConnection(options.connection, clientOptions, log);
  const app = new App({
    receiver: connection.receiver,
    authorize: async () => ({ botToken: options.botToken, botId: us.botId, botUserId: us.userId }),
    logger: boltLogger(log),
    clientOptions,
    convoStore: false,
    ignoreSelf: false,
  });
  listen(app, world, answering);

  return {
    teller: keepHomesFresh(teller, home),
    tellNotice: createTellNotice({ sender, channel: parts.adminChannel, log }),
    start: async () => {
      Object.assign(us, await identify(client, log));
      return { httpPort: await connection.open() };
    },
    stop: async () => {
      ending.abort();
      home.stop();
      await answering.settled(farewell);
      await connection.close();
    },
    isConnected: connection.isOpen,
    failed: connection.failed,
  };
};

const pause = async (length: Duration, signal: AbortSignal): Promise<boolean> => {
  try {
    await delay(length, undefined, { signal });
    return true;
  } catch {
    return false;
  }
};
