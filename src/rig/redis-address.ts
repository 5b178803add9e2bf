// Where Redis is: the forms that REDIS_URL may have, read once and shared by the registry and the queue.

import { assertNever } from './assert-never.ts';

type Login = { readonly username: string | undefined; readonly password: string | undefined };

export type RedisAddress = Login & { readonly db: number } & (
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: boolean }
    /** A unix socket's absolute path. */
    | { readonly kind: 'socket'; readonly path: string }
    /** Whichever Redis the sentinels call the master of this name. */
    | {
        readonly kind: 'sentinel';
        readonly name: string;
        readonly sentinels: readonly { readonly host: string; readonly port: number }[];
        /** Of the sentinels themselves; the login is the Redis'. */
        readonly sentinelPassword: string | undefined;
      }
  );

const parseDb = (text: string): number | undefined => {
  if (text === '') return 0;
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
};

const decode = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : decodeURIComponent(text);

// By hand, since URL refuses a login before an empty host.
const parseSocket = (text: string): RedisAddress | undefined => {
  const bare = text.startsWith('/') ? `unix://${text}` : text;
  const match = /^unix:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(?:localhost)?(\/[^?#]+)(?:\?db=(\d+))?$/.exec(bare);
  const db = parseDb(match?.[4] ?? '');
  const path = decode(match?.[3]);
  if (!match || db === undefined || path === undefined) return undefined;
  return { kind: 'socket', path, username: decode(match[1]), password: decode(match[2]), db };
};

const parseTcp = (text: string): RedisAddress | undefined => {
  const url = new URL(text);
  const tls = url.protocol === 'rediss:';
  if (!tls && url.protocol !== 'redis:') return undefined;
  // An option that nobody reads would be ignored in silence.
  if (url.hostname === '' || url.search !== '' || url.hash !== '') return undefined;
  const db = parseDb(url.pathname.replace(/^\//, ''));
  if (db === undefined) return undefined;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const login = { username: decode(url.username), password: decode(url.password) };
  return { kind: 'tcp', host, port: Number(url.port || 6379), tls, ...login, db };
};

const sentinelPort = 26_379;

const parseSentinel = (text: string): { host: string; port: number } | undefined => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3] ?? sentinelPort);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
};

// By hand, since URL knows one host only.
const parseSentinels = (text: string): RedisAddress | undefined => {
  const match =
    /^redis\+sentinel:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^@/?#]+)\/([a-z0-9._-]+)(?:\/(\d+))?(?:\?sentinelPassword=([^&#]+))?$/i.exec(
      text,
    );
  const sentinels = (match?.[3] ?? '').split(',').map(parseSentinel);
  const known = sentinels.filter((one) => one !== undefined);
  const [db, name] = [parseDb(match?.[5] ?? ''), match?.[4]];
  if (!match || db === undefined || name === undefined || known.length < sentinels.length) return undefined;
  const login = { username: decode(match[1]), password: decode(match[2]) };
  return { kind: 'sentinel', name, sentinels: known, sentinelPassword: decode(match[6]), ...login, db };
};

/**
 * Reads `redis://[[user]:pass@]host[:port][/db]`, `rediss://…`, `/run/redis.sock`,
 * `unix://[[user]:pass@]/run/redis.sock[?db=1]` and
 * `redis+sentinel://[[user]:pass@]host[:port][,host…]/name[/db][?sentinelPassword=pass]`; anything else is `undefined`.
 */
export const parseRedisUrl = (text: string): RedisAddress | undefined => {
  try {
    if (/^(\/|unix:)/.test(text)) return parseSocket(text);
    return /^redis\+sentinel:/i.test(text) ? parseSentinels(text) : parseTcp(text);
  } catch {
    return undefined;
  }
};

const withPort = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Secrets in it, so that logs do without them. */
export const passwordsOf = (address: RedisAddress): readonly (string | undefined)[] => [
  address.password,
  ...(address.kind === 'sentinel' ? [address.sentinelPassword] : []),
];

/** For people and logs: without the login. */
export const describeRedis = (address: RedisAddress): string => {
  switch (address.kind) {
    case 'socket':
      return address.path;
    case 'sentinel':
      return `redis+sentinel://${address.sentinels.map(withPort).join(',')}/${address.name}/${address.db}`;
    case 'tcp':
      return `${address.tls ? 'rediss' : 'redis'}://${withPort(address)}/${address.db}`;
    default:
      return assertNever(address);
  }
};

const sentinelOptions = ({
  name,
  sentinels,
  sentinelPassword,
}: Extract<RedisAddress, { kind: 'sentinel' }>) => ({
  name,
  sentinels: sentinels.map(({ host, port }) => ({ host, port })),
  ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  // One that is silent is passed over.
  sentinelCommandTimeout: 1000,
  sentinelRetryStrategy: (times: number) => Math.min(100 * times, 1000),
  // The sentinels' word that there is a new master reaches a connection that hangs on the old one.
  failoverDetector: true,
});

/** The same in the words of the Redis client's options. */
export const redisOptions = (address: RedisAddress) => {
  const { username, password, db } = address;
  const login = {
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  switch (address.kind) {
    case 'socket':
      return { path: address.path, ...login };
    case 'sentinel':
      return { ...sentinelOptions(address), ...login };
    case 'tcp':
      return { host: address.host, port: address.port, ...login, ...(address.tls ? { tls: {} } : {}) };
    default:
      return assertNever(address);
  }
};
