// The hosts as placement looks at them, and how long a start takes on each.

import { z } from 'zod';
import type { Hosts } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import type { Host } from '../rig/host.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { parseStored, parseStoredJson, registration } from './schema.ts';

const listScript = script(`
local hosts, all = KEYS[1], ARGV[1]
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
    redis.call('ZCARD', all .. 'lan:' .. lan .. ':host:' .. host .. ':free')
  }
end
return found
`);

const tookScript = script(`
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
return 1
`);

const rows = z.array(z.tuple([z.string(), z.string(), z.number(), z.number(), z.number()]));

/** `repository:tag`, where the repository may hold a port, and a digest may follow. */
const tagOf = (image: string): string =>
  /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@.*$/, ''))?.[1] ?? 'latest';

const readHost = (keys: Keys, [host, text, present, taken, free]: z.infer<typeof rows>[number]): Host => {
  const said = parseStoredJson(registration, `${keys.hosts} ${host}`, text);
  return {
    name: said.name,
    state: present === 1 ? 'ready' : 'unreachable',
    network: { lan: said.lan, mode: said.mode, subnet: said.subnet },
    slots: said.slots,
    freeSlots: Math.max(0, said.slots - taken),
    freeAddresses: free,
    keyId: said.keyId,
    tag: tagOf(said.image),
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
    const found = parseStored(rows, keys.hosts, await run(listScript, [keys.hosts], [keys.all]));
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
});
