// The real Bolt app against the emulator, over Socket Mode or signed HTTP, and bare API calls beside it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { startSlackEmulator } from '../../../src/demo/slack/emulator.ts';
import type { SlackEmulator, SlackEmulatorOptions } from '../../../src/demo/slack/surface.ts';

export const start = async (options?: SlackEmulatorOptions): Promise<SlackEmulator> => {
  const emulator = await startSlackEmulator(options);
  onTestFinished(() => emulator.stop());
  return emulator;
};

const nothing = () => undefined;
export const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

const clientOptions = (emulator: SlackEmulator) => ({
  slackApiUrl: emulator.apiUrl,
  timeout: 2000,
  retryConfig: { retries: 1, minTimeout: 20, maxTimeout: 20 },
  rejectRateLimitedCalls: true,
  logger: silent,
});

export const socketApp = async (emulator: SlackEmulator, prepare: (app: App) => void): Promise<App> => {
  const receiver = new SocketModeReceiver({
    appToken: emulator.appToken,
    logger: silent,
    clientPingTimeout: 100,
    installerOptions: {
      clientOptions: {
        ...clientOptions(emulator),
        retryConfig: { forever: true, retries: 10, factor: 1.5, minTimeout: 30, maxTimeout: 100 },
      },
    },
  });
  const app = new App({
    token: emulator.botToken,
    receiver,
    logger: silent,
    clientOptions: clientOptions(emulator),
  });
  prepare(app);
  await app.start();
  onTestFinished(async () => {
    // Bolt does not await its socket's close: the emulator would be gone before it.
    const before = emulator.sockets();
    await app.stop();
    await emulator.until(() => emulator.sockets() < Math.max(before, 1), 2000, 'the socket to close');
  });
  return app;
};

export const httpApp = async (emulator: SlackEmulator, prepare: (app: App) => void): Promise<App> => {
  const receiver = new HTTPReceiver({
    signingSecret: emulator.signingSecret,
    logger: silent,
    // Else Bolt keeps a request that nobody acknowledged open for 3 s, and its server with it.
    unhandledRequestTimeoutMillis: 300,
  });
  const app = new App({
    token: emulator.botToken,
    receiver,
    logger: silent,
    clientOptions: clientOptions(emulator),
  });
  prepare(app);
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    const stopped = receiver.stop();
    // After an aborted request fetch opens a connection that it may never use, and the server would wait for it.
    server.closeAllConnections();
    await stopped;
  });
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  const { port } = z.object({ port: z.number() }).parse(address) satisfies Pick<AddressInfo, 'port'>;
  emulator.deliverBy({ kind: 'http', requestUrl: `http://127.0.0.1:${port}/slack/events` });
  return app;
};

const answer = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
  channel: z.unknown().optional(),
  errors: z.array(z.string()).optional(),
  message: z.unknown().optional(),
  response_metadata: z.unknown().optional(),
  users: z.unknown().optional(),
});

/** A bare Web API call with a JSON body. */
export const call = async (
  emulator: SlackEmulator,
  method: string,
  args: Record<string, unknown> = {},
  token = emulator.botToken,
) => {
  const response = await fetch(`${emulator.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ...answer.parse(await response.json()),
  };
};

/** A POST to a `response_url`. */
export const respond = async (url: string | undefined, body: unknown) => {
  const response = await fetch(z.string().parse(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

export const rules = (emulator: SlackEmulator) => emulator.violations.map((violation) => violation.rule);

/** What must be there; fails the test where it is not. */
export const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('expected something, found nothing');
  return value;
};

/** A clock that stands still until it is moved. */
export const handClock = () => {
  let now = 1_760_000_000_000;
  return {
    clock: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
};

export const button = (label: string, actionId: string, more: Record<string, unknown> = {}) => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text: label },
  action_id: actionId,
  ...more,
});

export const section = (text: string, more: Record<string, unknown> = {}) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
  ...more,
});
