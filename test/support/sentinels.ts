// Three Redis and three sentinels of one's own on loopback, as docs/operations.md has them on three machines.

import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { startKept } from '../../src/demo/kept.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';

export type Sentinels = {
  /** For REDIS_URL. */
  readonly url: string;
  /** The Redis that the sentinels call the master at this moment. */
  readonly master: () => Promise<PrivateRedis>;
  /** Waits until they call another one the master; gives it. */
  readonly failedOver: (from: PrivateRedis) => Promise<PrivateRedis>;
  /** Says something to one of the Redis. */
  readonly tell: (redis: PrivateRedis, ...words: readonly [string, ...string[]]) => Promise<unknown>;
  readonly stop: () => Promise<void>;
};

const [name, password, sentinelPassword] = ['wcs-test', 'a-word-of-the-redis', 'a-word-of-the-sentinels'];
const patience = 20_000;

const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await delay(50);
  }
  throw new Error(`the sentinels have not come to this: ${what}`);
};

const asked = async (options: { port: number; password: string }, words: readonly [string, ...string[]]) => {
  const client = new Redis({ ...options, retryStrategy: null, lazyConnect: true, commandTimeout: 1000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [command, ...rest] = words;
    return await client.call(command, ...rest);
  } finally {
    client.disconnect();
  }
};

/** `downAfter`: silent for so long, a master is down. */
export const startSentinels = async (downAfter = 1000): Promise<Sentinels> => {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const start = async (...more: readonly string[]): Promise<PrivateRedis> => {
    // A master that no replica hears takes nothing in: what it took would be lost.
    const all = [`masterauth ${password}`, 'min-replicas-to-write 1', 'min-replicas-max-lag 2', ...more];
    const redis = await startPrivateRedis({
      aof: true,
      password,
      more: [...all, 'repl-diskless-sync-delay 0'],
    });
    undo.push(redis.stop);
    return redis;
  };
  try {
    const first = await start();
    const replicas = [
      await start(`replicaof 127.0.0.1 ${first.port}`),
      await start(`replicaof 127.0.0.1 ${first.port}`),
    ];
    const settings = { name, masterPort: first.port, password, sentinelPassword, count: 3, downAfter };
    const kept = await startKept(
      new URL('sentinel-keeper.ts', import.meta.url),
      settings,
      z.object({ ports: z.array(z.number()) }),
    );
    undo.push(kept.stop);
    const { ports } = kept.told;
    const ask = (port: number, ...words: readonly [string, ...string[]]) =>
      asked({ port, password: sentinelPassword }, words);
    const masterOf = async (port: number): Promise<PrivateRedis | undefined> => {
      const said = z
        .tuple([z.string(), z.coerce.number()])
        .parse(await ask(port, 'SENTINEL', 'get-master-addr-by-name', name));
      return [first, ...replicas].find((one) => one.port === said[1]);
    };
    const master = () => until('which is the master', () => masterOf(ports[0] ?? 0));
    // They find one another, and the replicas, by talking to the master.
    for (const port of ports) {
      await until('they know one another', async () => {
        const said = await ask(port, 'SENTINEL', 'CKQUORUM', name);
        const known = z.array(z.unknown()).parse(await ask(port, 'SENTINEL', 'replicas', name));
        return String(said).startsWith('OK 3 usable') && known.length === 2 ? true : undefined;
      });
    }
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return {
      url: `redis+sentinel://:${password}@${hosts}/${name}?sentinelPassword=${sentinelPassword}`,
      master,
      failedOver: (from) =>
        until('another master', async () => {
          const now = await masterOf(ports[0] ?? 0);
          return now && now !== from ? now : undefined;
        }),
      tell: (redis, ...words) => asked({ port: redis.port, password }, words),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
