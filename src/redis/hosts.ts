// The hosts as placement looks at them, and how long a start takes on each.

import { z } from 'zod';
import type { Hosts } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import { type Host, stateOfHost } from '../rig/host.ts';
import { type Connection, script } from './connection.ts';
import { hostKey, type Keys } from './keys.ts';
import { draining as drainingMark, parseStored, parseStoredJson, registration } from './schema.ts';

const listScript = script(`
local hosts, seen, draining, all = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local found = {}
local fields = redis.call('HGETALL', hosts)
for i = 1, #fields, 2 do
  local host = fields[i]
  local start = all .. 'host:' .. host .. ':'
  local lan = redis.call('GET', start .. 'lan') or ''
  found[#found + 1] = {
    host,
    fields[i + 1],
    redis.call('EXISTS', all .. 'presence:' .. host),
    redis.call('SCARD', start .. 'rigs'),
    redis.call('ZCARD', all .. 'lan:' .. lan .. ':host:' .. host .. ':free'),
    redis.call('HGET', seen, host),
    redis.call('HGET', draining, host)
  }
end
return found
`);

const forgetScript = script(`
local presence, hosts, seen, draining, breaker, hostLan, rigs, took = unpack(KEYS)
local host, lans = unpack(ARGV)
if redis.call('HEXISTS', hosts, host) == 0 then return 'unknown' end
if redis.call('EXISTS', presence) == 1 then return 'present' end
if redis.call('SCARD', rigs) > 0 then return 'has-rigs' end
local lan = redis.call('GET', hostLan)
if lan then
  redis.call('SREM', lans .. lan .. ':hosts', host)
  redis.call('DEL', lans .. lan .. ':host:' .. host .. ':free', lans .. lan .. ':host:' .. host .. ':range')
end
for _, marks in ipairs({hosts, seen, draining, breaker}) do redis.call('HDEL', marks, host) end
redis.call('DEL', hostLan, took)
return 'forgotten'
`);

const tookScript = script(`
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
return 1
`);

const maybeText = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
const rows = z.array(
  z.tuple([z.string(), z.string(), z.number(), z.number(), z.number(), maybeText, maybeText]),
);
const forgotten = z.enum(['forgotten', 'present', 'has-rigs', 'unknown']);

/** `repository:tag`, where the repository may hold a port, and a digest may follow. */
const tagOf = (image: string): string =>
  /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@.*$/, ''))?.[1] ?? 'latest';

const readHost = (keys: Keys, row: z.infer<typeof rows>[number]): Host => {
  const [host, text, present, taken, free, seen, mark] = row;
  const said = parseStoredJson(registration, `${keys.hosts} ${host}`, text);
  const draining =
    mark === undefined ? undefined : parseStoredJson(drainingMark, `${keys.draining} ${host}`, mark);
  return {
    name: said.name,
    state: stateOfHost(present === 1, draining),
    draining,
    seen: seen === undefined ? undefined : Number(seen),
    network: { lan: said.lan, mode: said.mode, subnet: said.subnet },
    slots: said.slots,
    freeSlots: Math.max(0, said.slots - taken),
    rigs: taken,
    freeAddresses: free,
    tag: tagOf(said.image),
    tags: said.tags,
    keyId: said.keyId,
    versions: { engine: said.engine, worker: said.version },
  };
};

/** The middle one; of two middle ones their mean. */
const median = (sorted: readonly number[]): number | undefined => {
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
};

/** So many of the last times count, and so many have to be known. */
const [remembered, enough] = [20, 3];

export const createHosts = ({ ask, run }: Connection, keys: Keys): Hosts => ({
  list: async () => {
    const found = parseStored(
      rows,
      keys.hosts,
      await run(listScript, [keys.hosts, keys.seen, keys.draining], [keys.all]),
    );
    return found
      .map((row) => readHost(keys, row))
      .sort((one, other) => one.name.localeCompare(other.name, 'en'));
  },
  usualTook: async (host) => {
    const key = keys.hostTook(host);
    const texts = await ask((redis) => redis.lrange(key, 0, remembered - 1));
    const took: Duration[] = parseStored(z.array(z.coerce.number()), key, texts);
    return took.length < enough ? undefined : median(took.sort((one, other) => one - other));
  },
  recordTook: async (host, took) => {
    const key = keys.hostTook(host);
    await run(tookScript, [key], [Math.round(took), remembered]);
  },
  drain: async (host, mark) =>
    (await ask((redis) => redis.hsetnx(keys.draining, hostKey(host), JSON.stringify(mark)))) === 1,
  undrain: async (host) => (await ask((redis) => redis.hdel(keys.draining, hostKey(host)))) === 1,
  forget: async (host) => {
    const wanted = [
      keys.presence(host),
      keys.hosts,
      keys.seen,
      keys.draining,
      keys.breaker,
      keys.hostLan(host),
      keys.hostRigs(host),
      keys.hostTook(host),
    ];
    const answer = await run(forgetScript, wanted, [hostKey(host), `${keys.all}lan:`]);
    return parseStored(forgotten, keys.hosts, answer);
  },
});
