// One connection to Redis that never waits for it: a command gets its answer soon or throws QueueDown.

import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { QueueDown } from '../ports/faults.ts';
import type { Log } from '../ports/log.ts';
import { type Duration, second } from '../rig/duration.ts';
import { describeRedis, type RedisAddress, redisOptions } from '../rig/redis-address.ts';
import { saysLater } from '../rig/redis-later.ts';

/** Lua that runs as one step. Every key it touches has the installation's hash tag, the computed ones too. */
export type Script = { readonly lua: string; readonly sha: string };

export const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

export type Connection = {
  /** Asks the client; whatever is not Redis' own "no" becomes QueueDown. */
  readonly ask: <T>(command: (client: Redis) => Promise<T>) => Promise<T>;
  readonly run: (
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ) => Promise<unknown>;
  /** Called each time it is connected again. */
  readonly onReady: (listener: () => void) => void;
  readonly close: () => void;
};

export type ConnectionOptions = {
  readonly address: RedisAddress;
  readonly log: Log;
  /** How long a command may take; then it counts as lost, though Redis may have run it. */
  readonly commandTimeout?: Duration | undefined;
  /** How long the first connection may take. */
  readonly connectTimeout?: Duration | undefined;
};

const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

const asQueueDown = (error: unknown): unknown =>
  isReply(error) && !saysLater(error.message)
    ? error
    : new QueueDown(`Redis does not answer: ${reasonOf(error)}`, { cause: error });

// Node gives an AggregateError without words where a host name has several addresses.
const reasonOf = (error: unknown): string => {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first instanceof Error ? first.message : String(first);
};

const timedOut = 'Command timed out';

/** Where it was this process that had no time, the answer is there by now: it is looked at before anything is said. */
const inTime = async <T>(command: Promise<T>, limit: Duration): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => setImmediate(() => reject(new Error(timedOut))), limit);
  try {
    return await Promise.race([command, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Notes when Redis was last heard. One that is silent, as opposed to slow with this one command, is connected to anew: until
 * that succeeds every command is refused at once, so that nobody waits for what the one before waited for in vain.
 */
const watchSilence = (client: Redis) => {
  let heard = performance.now();
  return {
    heardNow: () => {
      heard = performance.now();
    },
    failed: (error: unknown, begun: number) => {
      const isLate = error instanceof Error && error.message === timedOut;
      if (isLate && heard < begun && client.status === 'ready') client.disconnect(true);
    },
  };
};

const usualTimeout: Duration = 2 * second;

const createClient = ({ address, commandTimeout = usualTimeout }: ConnectionOptions): Redis =>
  new Redis({
    ...redisOptions(address),
    lazyConnect: true,
    enableOfflineQueue: false,
    // A claim or a save that was lost with its connection may have been made: whoever asked looks again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The client's own is for what it asks by itself when it connects; it does not look first.
    commandTimeout: 2 * commandTimeout,
    connectTimeout: 5 * second,
    // A connection that died without a word is made anew.
    socketTimeout: Math.max(5 * second, 2 * commandTimeout),
    keepAlive: 10 * second,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), second),
  });

/** One line when it goes, one when it is back. */
const logOutages = (client: Redis, { log, address }: ConnectionOptions): void => {
  let isAway = false;
  const redis = describeRedis(address);
  const away = (reason: string) => {
    if (!isAway) log.error({ redis, reason }, 'Redis does not answer');
    isAway = true;
  };
  client.on('error', (error) => away(reasonOf(error)));
  client.on('close', () => away('the connection was closed'));
  client.on('ready', () => {
    if (isAway) log.info({ redis }, 'Redis answers again');
    isAway = false;
  });
};

const whyNot = (redis: string, reason: string): string => {
  const where =
    'it belongs into REDIS_URL, as redis://:PASSWORD@HOST:PORT, and with docker-compose into WCS_REDIS_PASSWORD';
  if (reason.startsWith('NOAUTH')) return `${redis} wants a password; ${where}`;
  if (reason.startsWith('WRONGPASS')) return `${redis} does not take this password; ${where}`;
  return `${redis} does not answer: ${reason}`;
};

const awaitFirst = (client: Redis, options: ConnectionOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    let reason = 'no answer';
    const note = (error: unknown) => {
      reason = reasonOf(error);
    };
    const giveUp = () => {
      // The plain reason, for whoever says it in other words.
      const cause = new Error(reason);
      reject(new QueueDown(whyNot(describeRedis(options.address), reason), { cause }));
    };
    const timer = setTimeout(giveUp, options.connectTimeout ?? 10 * second);
    client.on('error', note);
    client.once('ready', () => {
      clearTimeout(timer);
      client.off('error', note);
      resolve();
    });
    // Its own rejection is only the first try's: it goes on trying.
    client.connect().catch(note);
  });

/** Waits for the first connection, `connectTimeout` at most, then throws QueueDown; later ones it makes by itself. */
export const connectRedis = async (options: ConnectionOptions): Promise<Connection> => {
  const client = createClient(options);
  const close = () => {
    client.removeAllListeners();
    client.on('error', () => undefined);
    client.disconnect();
  };
  await awaitFirst(client, options).catch((error: unknown) => {
    close();
    throw error;
  });
  logOutages(client, options);
  const silence = watchSilence(client);
  const ask: Connection['ask'] = async (command) => {
    const begun = performance.now();
    try {
      const answer = await inTime(command(client), options.commandTimeout ?? usualTimeout);
      silence.heardNow();
      return answer;
    } catch (error) {
      if (isReply(error)) silence.heardNow();
      else silence.failed(error, begun);
      throw asQueueDown(error);
    }
  };
  return {
    ask,
    run: ({ lua, sha }, keys, args) =>
      ask(async () => {
        try {
          return await client.evalsha(sha, keys.length, ...keys, ...args);
        } catch (error) {
          if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error;
          return await client.eval(lua, keys.length, ...keys, ...args);
        }
      }),
    onReady: (listener) => client.on('ready', listener),
    close,
  };
};
