// Where Redis is: the forms that REDIS_URL may have, read once and shared by the registry and the queue.

type Login = { readonly username: string | undefined; readonly password: string | undefined };

export type RedisAddress = Login & { readonly db: number } & (
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: boolean }
    /** A unix socket's absolute path. */
    | { readonly kind: 'socket'; readonly path: string }
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

/**
 * Reads `redis://[[user]:pass@]host[:port][/db]`, `rediss://…`, `/run/redis.sock` and
 * `unix://[[user]:pass@]/run/redis.sock[?db=1]`; anything else is `undefined`.
 */
export const parseRedisUrl = (text: string): RedisAddress | undefined => {
  try {
    return /^(\/|unix:)/.test(text) ? parseSocket(text) : parseTcp(text);
  } catch {
    return undefined;
  }
};

/** For people and logs: without the login. */
export const describeRedis = (address: RedisAddress): string => {
  if (address.kind === 'socket') return address.path;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${address.tls ? 'rediss' : 'redis'}://${host}:${address.port}/${address.db}`;
};

/** The same in the words of the Redis client's options. */
export const redisOptions = (address: RedisAddress) => {
  const { username, password, db } = address;
  const login = {
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  if (address.kind === 'socket') return { path: address.path, ...login };
  return { host: address.host, port: address.port, ...login, ...(address.tls ? { tls: {} } : {}) };
};
