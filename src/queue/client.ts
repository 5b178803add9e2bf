// The connections of the queues: one that adds and never waits for Redis, one that takes and always does.

import { Redis, type RedisOptions } from 'ioredis';
import { QueueDown } from '../ports/faults.ts';
import type { Log } from '../ports/log.ts';
import { type Duration, second } from '../rig/duration.ts';
import { describeRedis, type RedisAddress, redisOptions } from '../rig/redis-address.ts';
import { saysLater } from '../rig/redis-later.ts';

export type ClientOptions = {
  readonly address: RedisAddress;
  readonly log: Log;
  /** How long adding may take; then it counts as failed, though it may have been done. */
  readonly commandTimeout?: Duration | undefined;
  /** How long the first connection may take. */
  readonly connectTimeout?: Duration | undefined;
};

export type Client = {
  readonly redis: Redis;
  readonly close: () => void;
};

const reasonOf = (error: unknown): string => {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first instanceof Error ? first.message : String(first);
};

const connectionWords =
  /isn't writeable|timed out|Connection is closed|connection close|max retries per request/;
/** Redis is away, as opposed to: it said no, or somebody made a mistake. */
export const isOutage = (error: unknown): boolean =>
  error instanceof AggregateError ||
  (error instanceof Error &&
    (connectionWords.test(error.message) || saysLater(error.message) || 'syscall' in error));

export const asQueueDown = (error: unknown): unknown =>
  isOutage(error) ? new QueueDown(`the queue does not answer: ${reasonOf(error)}`, { cause: error }) : error;

/** One line when it goes, one when it is back. */
const logOutages = (redis: Redis, { log, address }: ClientOptions): void => {
  let isAway = false;
  const queue = describeRedis(address);
  const away = (reason: string) => {
    if (!isAway) log.error({ queue, reason }, 'the queue does not answer');
    isAway = true;
  };
  redis.on('error', (error) => away(reasonOf(error)));
  redis.on('close', () => away('the connection was closed'));
  redis.on('ready', () => {
    if (isAway) log.info({ queue }, 'the queue answers again');
    isAway = false;
  });
};

const awaitFirst = (redis: Redis, options: ClientOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    let reason = 'no answer';
    redis.on('error', (error) => {
      reason = reasonOf(error);
    });
    const giveUp = () => {
      redis.disconnect();
      reject(new QueueDown(`${describeRedis(options.address)} does not answer: ${reason}`));
    };
    const timer = setTimeout(giveUp, options.connectTimeout ?? 10 * second);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });

type Waiting = Pick<
  RedisOptions,
  | 'enableOfflineQueue'
  | 'autoResendUnfulfilledCommands'
  | 'maxRetriesPerRequest'
  | 'commandTimeout'
  | 'socketTimeout'
>;

const connect = async (options: ClientOptions, waiting: Waiting): Promise<Client> => {
  const redis = new Redis({
    ...redisOptions(options.address),
    connectTimeout: 5 * second,
    keepAlive: 10 * second,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), second),
    ...waiting,
  });
  await awaitFirst(redis, options);
  logOutages(redis, options);
  const close = () => {
    redis.removeAllListeners();
    redis.on('error', () => undefined);
    redis.disconnect();
  };
  return { redis, close };
};

/** For adding: an answer soon, or an error. */
export const connectAdding = (options: ClientOptions): Promise<Client> => {
  const commandTimeout = options.commandTimeout ?? 2 * second;
  return connect(options, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout,
    socketTimeout: Math.max(5 * second, 2 * commandTimeout),
  });
};

/**
 * For taking, as BullMQ demands: waits for Redis as long as it takes. A connection that died without a word is made anew, as
 * when a host was cut off for a while: longer than a taker waits for its next job, which is 10 s at most.
 */
export const connectTaking = (options: ClientOptions): Promise<Client> =>
  connect(options, { maxRetriesPerRequest: null, socketTimeout: 20 * second });
