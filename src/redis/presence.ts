// The lock on a host's name, and with it the host's registration and its pool of addresses.

import { z } from 'zod';
import type { Presence } from '../ports/hosts.ts';
import type { Duration } from '../rig/duration.ts';
import { type Connection, script } from './connection.ts';
import { touchLua } from './host-table.ts';
import { hostKey, type Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { poolOf, poolOrder } from './licences.ts';
import { poolLua } from './licences-lua.ts';
import { quarantineLua } from './quarantine-lua.ts';
import { parseStored, parseStoredJson, registration as registrationSchema } from './schema.ts';

/** Lua: `see(seen, host)` notes that the host's worker was heard of. */
const seeLua = `
local see = function(seen, host)
  local time = redis.call('TIME')
  redis.call('HSET', seen, host, string.format('%.0f', time[1] * 1000 + time[2] / 1000))
end
`;

/**
 * Answers `{'held', session}`, `{'overlap', its registration, addresses}` or `{'taken'}`. The pool is made anew from the
 * range: what is held or set aside stays out, what was released before keeps its place, the rest comes first and in the
 * range's own order.
 */
const takeScript = script(`${seeLua}${touchLua}${lanHostsLua}${quarantineLua}${poolLua}
local presence, hosts, hostLan, lanHosts, free, range, held, released, quarantine, draft, seen, adopting, adopted, epoch, quarantinedLans, licenceHosts, licencePools = unpack(KEYS)
local session, length, host, registration, lan, addresses, lans, lanHost, shared, indexStart, asks, pool, licences = unpack(ARGV)

local holder = redis.call('GET', presence)
if holder and holder ~= session then return {'held', holder} end

local wanted = cjson.decode(addresses)
-- Where memory is full Redis refuses the first write only: it must be one that it counts, and DEL is none.
if redis.call('EXISTS', draft) == 1 then redis.call('DEL', draft) end
for _, address in ipairs(wanted) do redis.call('SADD', draft, address) end
for _, other in ipairs(redis.call('SMEMBERS', lanHosts)) do
  local said = other ~= host and redis.call('HGET', hosts, other)
  local isRead, is = pcall(cjson.decode, said or '')
  local both = shared == '1' and isRead and type(is) == 'table' and is.shared == true
  if said and not both and #redis.call('SINTER', draft, lanHost .. other .. ':range') > 0 then
    redis.call('DEL', draft)
    local found = {'overlap', said}
    for _, address in ipairs(wanted) do
      if redis.call('SISMEMBER', lanHost .. other .. ':range', address) == 1 then found[#found + 1] = address end
    end
    return found
  end
end

redis.call('SET', presence, session, 'PX', length)
see(seen, host)

local before = redis.call('GET', hostLan)
if before and before ~= lan then
  unmapAddresses(lans .. before .. ':hosts', redis.call('SMEMBERS', lans .. before .. ':host:' .. host .. ':range'), host)
  redis.call('SREM', lans .. before .. ':hosts', host)
  redis.call('SREM', lans .. before .. ':hosts:mapped', host)
  redis.call('DEL', lans .. before .. ':host:' .. host .. ':free', lans .. before .. ':host:' .. host .. ':range',
    lans .. before .. ':host:' .. host .. ':probed')
end
redis.call('SET', hostLan, lan)
if asks == '1' and redis.call('HGET', adopted, host) ~= redis.call('HGET', epoch, 'id') then
  local time = redis.call('TIME')
  redis.call('HSETNX', adopting, lan, math.floor(time[1] * 1000 + time[2] / 1000))
end
redis.call('SADD', lanHosts, host)
redis.call('SADD', lanHosts .. ':mapped', host)
redis.call('HSET', hosts, host, registration)
joinPool(licenceHosts, licencePools, host, pool, licences)
touch(indexStart, host)
unmapAddresses(lanHosts, redis.call('SDIFF', range, draft), host)
-- A version that did not note this may have set some aside.
noteQuarantine(quarantine, quarantinedLans)
redis.call('DEL', free, range)
if redis.call('EXISTS', draft) == 1 then redis.call('RENAME', draft, range) end
for i, address in ipairs(wanted) do
  mapAddress(lanHosts, address, host)
  if redis.call('HEXISTS', held, address) == 0 and redis.call('HEXISTS', quarantine, address) == 0 then
    -- Below any time: never released is earlier than all that was.
    redis.call('ZADD', free, redis.call('ZSCORE', released, address) or (i - 1) / 1000, address)
  end
end
return {'taken'}
`);

const keepScript = script(`${seeLua}
local holder = redis.call('GET', KEYS[1])
if not holder then return 'missing' end
if holder ~= ARGV[1] then return 'lost' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
see(KEYS[2], ARGV[3])
return 'kept'
`);

const giveBackScript = script(`${touchLua}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('DEL', KEYS[1])
touch(ARGV[3], ARGV[2])
return false
`);

const takeAnswer = z.tuple([z.enum(['held', 'overlap', 'taken'])], z.string());
const keepAnswer = z.enum(['kept', 'lost', 'missing']);

/** `length`: how long a host counts as present after the last word of its worker. */
export const createPresence = ({ run }: Connection, keys: Keys, length: Duration): Presence => {
  const take: Presence['take'] = async (registration, session, asks = false) => {
    const { addresses, licences = [], ...rest } = registration;
    const { name, lan } = registration;
    const wanted = [
      keys.presence(name),
      keys.hosts,
      keys.hostLan(name),
      keys.lanHosts(lan),
      keys.free(lan, name),
      keys.range(lan, name),
      keys.lanHeld(lan),
      keys.lanReleased(lan),
      keys.lanQuarantine(lan),
      keys.rangeDraft(lan, name),
      keys.seen,
      keys.adopting,
      keys.adopted,
      keys.epoch,
      keys.quarantinedLans,
      keys.licenceHosts,
      keys.licencePools,
    ];
    const answer = await run(takeScript, wanted, [
      session,
      length,
      hostKey(name),
      JSON.stringify(rest),
      encodeURIComponent(lan),
      JSON.stringify(addresses),
      `${keys.all}lan:`,
      keys.lanHost(lan),
      registration.shared ? 1 : 0,
      keys.indexStart,
      asks ? 1 : 0,
      poolOf(licences),
      poolOrder(licences).join(' '),
    ]);
    const [kind, who = '', ...common] = parseStored(takeAnswer, keys.presence(name), answer);
    switch (kind) {
      case 'held':
        return { kind, session: who };
      case 'overlap': {
        const { name: other } = parseStoredJson(registrationSchema, keys.hosts, who);
        return { kind, host: other, addresses: common };
      }
      case 'taken':
        return { kind };
    }
  };

  return {
    take,
    keep: async (host, session) => {
      const key = keys.presence(host);
      const facts = [session, length, hostKey(host)];
      return parseStored(keepAnswer, key, await run(keepScript, [key, keys.seen], facts)) === 'kept';
    },
    giveBack: async (host, session) => {
      await run(giveBackScript, [keys.presence(host)], [session, hostKey(host), keys.indexStart]);
    },
  };
};
