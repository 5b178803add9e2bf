// The hosts as placement looks at them, and how long a start takes on each.

import { z } from 'zod';
import type { Hosts } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';
import { type Host, stateOfHost } from '../rig/host.ts';
import { type Connection, script } from './connection.ts';
import { createHostTable, type ReadHost, touchLua } from './host-table.ts';
import { hostKey, type Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { poolLua } from './licences-lua.ts';
import { draining as drainingMark, parseStored, parseStoredJson, registration } from './schema.ts';

const drainScript = script(`${touchLua}
local draining, host, mark, indexStart = KEYS[1], unpack(ARGV)
if redis.call('HSETNX', draining, host, mark) == 0 then return 0 end
touch(indexStart, host)
return 1
`);

const undrainScript = script(`${touchLua}
local draining, host, indexStart = KEYS[1], unpack(ARGV)
if redis.call('HDEL', draining, host) == 0 then return 0 end
touch(indexStart, host)
return 1
`);

const forgetScript = script(`${lanHostsLua}${poolLua}
local presence, hosts, seen, draining, breaker, hostLan, rigs, took, touched, survey, surveys, sightings, strangers, adopted, licenceHosts, licencePools = unpack(KEYS)
local host, lans = unpack(ARGV)
if redis.call('HEXISTS', hosts, host) == 0 then return 'unknown' end
if redis.call('EXISTS', presence) == 1 then return 'present' end
if redis.call('SCARD', rigs) > 0 then return 'has-rigs' end
local lan = redis.call('GET', hostLan)
if lan then
  local own = lans .. lan .. ':host:' .. host
  unmapAddresses(lans .. lan .. ':hosts', redis.call('SMEMBERS', own .. ':range'), host)
  redis.call('SREM', lans .. lan .. ':hosts', host)
  redis.call('SREM', lans .. lan .. ':hosts:mapped', host)
  redis.call('DEL', own .. ':free', own .. ':range', own .. ':probed')
end
for _, marks in ipairs({hosts, seen, draining, breaker, strangers, adopted}) do redis.call('HDEL', marks, host) end
joinPool(licenceHosts, licencePools, host, '', '')
redis.call('ZREM', touched, host)
redis.call('ZREM', surveys, host)
redis.call('DEL', hostLan, took, survey, sightings)
return 'forgotten'
`);

const tookScript = script(`
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
return 1
`);

const forgotten = z.enum(['forgotten', 'present', 'has-rigs', 'unknown']);

/** `repository:tag`, where the repository may hold a port, and a digest may follow. */
const tagOf = (image: string): string =>
  /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@.*$/, ''))?.[1] ?? 'latest';

type Said = z.infer<typeof registration>;

/**
 * Registrations are read by all of the time and change when a worker starts: each is checked once. One that cannot be read is
 * left out, with a line in the log: the other hosts are there all the same.
 */
const createReader = (keys: Keys, log: Log): ReadHost<Host> => {
  const known = new Map<string, { readonly text: string; readonly said: Said | undefined }>();
  const check = (host: string, text: string): Said | undefined => {
    try {
      return parseStoredJson(registration, `${keys.hosts} ${host}`, text);
    } catch (error) {
      log.error({ host, err: error }, 'a registration that cannot be read was left out');
      return undefined;
    }
  };
  const saidBy = (host: string, text: string): Said | undefined => {
    const before = known.get(host);
    if (before?.text === text) return before.said;
    const said = check(host, text);
    known.set(host, { text, said });
    return said;
  };
  return ([host, text, , taken, free, seen, mark, pool], isPresent) => {
    const said = saidBy(host, text);
    if (said === undefined) return undefined;
    const draining =
      mark === null ? undefined : parseStoredJson(drainingMark, `${keys.draining} ${host}`, mark);
    return {
      name: said.name,
      state: stateOfHost(isPresent, draining),
      draining,
      seen: seen === null ? undefined : Number(seen),
      network: {
        ...{ lan: said.lan, mode: said.mode, subnet: said.subnet },
        ...(said.external === undefined ? {} : { external: said.external }),
        ...(said.linkHost === undefined ? {} : { linkHost: said.linkHost }),
      },
      slots: said.slots,
      freeSlots: Math.max(0, said.slots - taken),
      rigs: taken,
      freeAddresses: free,
      pool: pool ?? undefined,
      tag: tagOf(said.image),
      tags: said.tags,
      keyId: said.keyId,
      versions: { engine: said.engine, worker: said.version },
      ...(said.notes.length === 0 ? {} : { notes: said.notes }),
    };
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

export const createHosts = (connection: Connection, keys: Keys, log: Log): Hosts => {
  const { ask, run } = connection;
  const table = createHostTable(connection, keys, createReader(keys, log));
  return {
    list: table.whole,
    current: table.current,
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
    drain: async (host, mark) => {
      const facts = [hostKey(host), JSON.stringify(mark), keys.indexStart];
      return (await run(drainScript, [keys.draining], facts)) === 1;
    },
    undrain: async (host) =>
      (await run(undrainScript, [keys.draining], [hostKey(host), keys.indexStart])) === 1,
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
        keys.hostsTouched,
        keys.survey(host),
        keys.surveys,
        keys.sightings(host),
        keys.strangers,
        keys.adopted,
        keys.licenceHosts,
        keys.licencePools,
      ];
      const answer = await run(forgetScript, wanted, [hostKey(host), `${keys.all}lan:`]);
      return parseStored(forgotten, keys.hosts, answer);
    },
  };
};
