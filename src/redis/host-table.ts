// The hosts as this process knows them: read whole once, and from then on only those that changed. A claim wants all hosts each
// time, and of a thousand hosts few change between two claims.

import { z } from 'zod';
import { type Duration, second } from '../rig/duration.ts';
import type { HostName } from '../rig/rig.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { parseStored } from './schema.ts';

/**
 * Lua: `touch(start, host)` notes that something about this host changed, for those who have a table of hosts. For every script
 * that changes what `rowLua` reads, but for the length of a presence.
 */
export const touchLua = `
local touch = function(start, host)
  redis.call('ZADD', start .. 'hosts', redis.call('INCR', start .. 'hosts-count'), host)
end
`;

/** Lua: `row(all, host, registration)`. */
export const rowLua = `
local row = function(all, host, registration)
  local start = all .. 'host:' .. host .. ':'
  local lan = redis.call('GET', start .. 'lan') or ''
  return {
    host,
    registration,
    redis.call('PTTL', all .. 'presence:' .. host),
    redis.call('SCARD', start .. 'rigs'),
    redis.call('ZCARD', all .. 'lan:' .. lan .. ':host:' .. host .. ':free'),
    redis.call('HGET', all .. 'seen', host),
    redis.call('HGET', all .. 'draining', host),
    redis.call('HGET', all .. 'licences:hosts', host)
  }
end
`;

/**
 * Host, registration, what is left of its presence in ms (negative if it is away), slots taken, addresses free, when it was
 * last heard of, its draining, and its pool of licences.
 */
export const hostRow = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.string().nullable(),
  z.string().nullable(),
  z.string().nullable(),
]);
export type HostRow = z.infer<typeof hostRow>;

/** ARGV from the third on: hosts that are read whether or not they changed. */
const changedScript = script(`${rowLua}
local hosts, touched, count = unpack(KEYS)
local all, since = ARGV[1], ARGV[2]
local found, wanted = {}, {}
local add = function(host, registration)
  if registration and not wanted[host] then
    wanted[host] = true
    found[#found + 1] = row(all, host, registration)
  end
end
if since == '' then
  local fields = redis.call('HGETALL', hosts)
  for i = 1, #fields, 2 do add(fields[i], fields[i + 1]) end
else
  for _, host in ipairs(redis.call('ZRANGEBYSCORE', touched, '(' .. since, '+inf')) do
    add(host, redis.call('HGET', hosts, host))
  end
  for i = 3, #ARGV do add(ARGV[i], redis.call('HGET', hosts, ARGV[i])) end
end
return {tonumber(redis.call('GET', count) or 0), redis.call('HLEN', hosts), found}
`);

const answer = z.tuple([z.number(), z.number(), z.array(hostRow)]);

/** Workers and bots of a version that notes no changes are seen after so long. */
const wholeEvery: Duration = 10 * second;

/** What `T` is made of: a row, and whether its worker is there. `undefined`: it cannot be read, and is left out. */
export type ReadHost<T> = (row: HostRow, isPresent: boolean) => T | undefined;

type Entry<T> = {
  readonly row: HostRow;
  readonly until: number;
  readonly host: T | undefined;
  readonly isPresent: boolean;
};

type Table<T> = {
  readonly entries: Map<string, Entry<T>>;
  at: number;
  count: number;
  order: readonly string[];
};

export type HostTable<T> = {
  /** All as they are at this moment. */
  readonly whole: () => Promise<readonly T[]>;
  /** The same, but reads only what changed. */
  readonly current: () => Promise<readonly T[]>;
};

/** `elapsed`: milliseconds by a clock that never jumps. */
export const createHostTable = <T extends { readonly name: HostName }>(
  { run }: Connection,
  keys: Keys,
  read: ReadHost<T>,
  elapsed: () => Duration = () => performance.now(),
): HostTable<T> => {
  const wanted = [keys.hosts, keys.hostsTouched, keys.hostsCount];
  let table: Table<T> | undefined;

  const ask = async (since: number | '', others: readonly string[]) =>
    parseStored(answer, keys.hosts, await run(changedScript, wanted, [keys.all, since, ...others]));

  const entryOf = (row: HostRow, now: number): Entry<T> => {
    const isPresent = row[2] >= 0;
    return { row, until: now + row[2], host: read(row, isPresent), isPresent };
  };

  const readWhole = async (): Promise<readonly T[]> => {
    const [count, , rows] = await ask('', []);
    const now = elapsed();
    const entries = new Map(rows.map((row) => [row[0], entryOf(row, now)]));
    const isSame = table?.entries.size === entries.size && table.order.every((key) => entries.has(key));
    const order = isSame && table ? table.order : inOrder(entries);
    table = { entries, at: now, count, order };
    return hostsOf(table);
  };

  /** Many may ask while it is read. */
  let reading: Promise<readonly T[]> | undefined;
  const shared = (): Promise<readonly T[]> => {
    reading ??= readWhole().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const current = async (): Promise<readonly T[]> => {
    const known = table;
    const asked = elapsed();
    if (known === undefined || asked - known.at > wholeEvery) return shared();
    const [count, total, rows] = await ask(known.count, mayBeGone(known, asked));
    // The registry was lost, or an older one is back.
    if (count < known.count) return shared();
    const now = elapsed();
    const before = known.entries.size;
    for (const row of rows) known.entries.set(row[0], entryOf(row, now));
    known.count = count;
    // One is gone, or came without a note of it.
    if (known.entries.size !== total) return shared();
    if (known.entries.size !== before) known.order = inOrder(known.entries);
    return hostsOf(known);
  };
  return { whole: readWhole, current };
};

/** Those whose presence has run out, unless their workers kept it meanwhile. */
const mayBeGone = <T>({ entries }: Table<T>, now: number): readonly string[] =>
  [...entries].flatMap(([key, { isPresent, until }]) => (isPresent && until <= now ? [key] : []));

const collator = new Intl.Collator('en');

const inOrder = <T extends { readonly name: HostName }>(entries: Table<T>['entries']): readonly string[] =>
  [...entries]
    .sort(([key, one], [other, another]) =>
      collator.compare(one.host?.name ?? key, another.host?.name ?? other),
    )
    .map(([key]) => key);

const hostsOf = <T>({ entries, order }: Table<T>): readonly T[] =>
  order.flatMap((key) => entries.get(key)?.host ?? []);
