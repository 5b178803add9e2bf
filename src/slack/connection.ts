// How Slack reaches us: a socket that we open (Socket Mode), or signed HTTP that it sends.

import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type App, HTTPReceiver, LogLevel, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../ports/log.ts';
import { type Duration, second } from '../rig/duration.ts';
import { tokenRefused } from './identify.ts';

export type ConnectionOptions =
  | { readonly kind: 'socket'; readonly appToken: string }
  | { readonly kind: 'http'; readonly signingSecret: string; readonly port: number };

export type Connection = {
  readonly receiver: Receiver;
  /** Resolves once Slack can reach us; in HTTP mode to the port that we listen on. */
  readonly open: () => Promise<number | undefined>;
  readonly close: () => Promise<void>;
  readonly isOpen: () => boolean;
  /** Resolves if Slack will not have us any more (a token that was revoked); only a new start can help. */
  readonly failed: Promise<Error>;
};

/** Slack and proxies may never answer a close. */
const closePatience: Duration = 3 * second;
/** A polite `refresh_requested` costs us this long without a socket. */
const clientPingTimeout: Duration = 2 * second;

const inTime = async (closing: Promise<unknown>): Promise<void> => {
  await Promise.race([closing, delay(closePatience, undefined, { ref: false })]);
};

export const createConnection = (
  options: ConnectionOptions,
  clientOptions: WebClientOptions,
  log: Log,
): Connection => {
  switch (options.kind) {
    case 'socket':
      return socketConnection(options.appToken, clientOptions, log);
    case 'http':
      return httpConnection(options.signingSecret, options.port, log);
  }
};

const socketConnection = (appToken: string, clientOptions: WebClientOptions, log: Log): Connection => {
  // Built here and not by Bolt, which would give the socket's own client other options.
  const receiver = new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    clientPingTimeout,
    installerOptions: {
      clientOptions: {
        ...clientOptions,
        // Whatever lasts longer than a budget of retries would leave a socket that is dead for ever.
        retryConfig: { forever: true, retries: 10, factor: 1.5, minTimeout: 250, maxTimeout: 3000 },
      },
    },
  });
  const { client } = receiver;
  const failed = Promise.withResolvers<Error>();
  let open = false;
  client.on('connected', () => {
    open = true;
  });
  client.on('close', () => {
    open = false;
  });
  return {
    receiver,
    open: async () => {
      await receiver.start().catch((error: unknown) => {
        throw socketFault(error);
      });
      // The client reconnects by calling its own `start` and leaves a rejection of it to nobody.
      const again = client.start.bind(client);
      client.start = () =>
        again().catch((error: unknown) => {
          failed.resolve(socketFault(error));
          return new Promise<never>(() => undefined);
        });
      return undefined;
    },
    close: () => inTime(client.disconnect()),
    isOpen: () => open,
    failed: failed.promise,
  };
};

/** Slack's trouble is waited for, so what arrives here is a token that Slack does not take. */
const socketFault = (error: unknown): Error => {
  if (error instanceof WebAPIPlatformError) {
    return tokenRefused('SLACK_APP_TOKEN', 'xapp-', 'Basic Information', error.data.error);
  }
  return error instanceof Error ? error : new Error(String(error));
};

const httpConnection = (signingSecret: string, port: number, log: Log): Connection => {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: '/slack/events',
    logger: boltLogger(log),
  });
  let open = false;
  return {
    receiver,
    open: async () => {
      const server = await receiver.start(port);
      open = true;
      const address: AddressInfo | string | null = server.address();
      return typeof address === 'object' && address !== null ? address.port : undefined;
    },
    close: async () => {
      if (open) await inTime(receiver.stop());
      open = false;
    },
    isOpen: () => open,
    failed: new Promise<never>(() => undefined),
  };
};

type BoltLogger = App['logger'];

/** Slack's libraries log through ours. Their `debug` holds payloads, so it is left out whatever the level. */
export const boltLogger = (log: Log): BoltLogger => {
  const text = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 2000);
  return {
    debug: () => undefined,
    info: (...parts) => log.info({ from: 'slack' }, text(parts)),
    warn: (...parts) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts) => log.error({ from: 'slack' }, text(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
};
