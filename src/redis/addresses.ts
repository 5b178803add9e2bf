// Addresses that are set aside, what hosts saw on their own, and the map of it all.

import { z } from 'zod';
import type { Addresses, LanMap } from '../ports/hosts.ts';
import type { Quarantined } from '../rig/quarantine.ts';
import type { LanId } from '../rig/rig.ts';
import { type Connection, script } from './connection.ts';
import { giveBackAddressLua } from './give-back-address.ts';
import { touchLua } from './host-table.ts';
import { hostKey, type Keys, lanKey } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { quarantineLua } from './quarantine-lua.ts';
import { parseStored, parseStoredJson, quarantined, registration, sighting } from './schema.ts';

/** An address that a rig gave back after somebody was seen on it was perhaps that rig's. */
const quarantineScript = script(`${touchLua}${lanHostsLua}${quarantineLua}
local held, released, quarantine, hosts, lans, adopting = unpack(KEYS)
local address, entry, at, lanHost, indexStart, lan = unpack(ARGV)
if redis.call('HEXISTS', adopting, lan) == 1 then return 'adopting' end
if redis.call('HEXISTS', held, address) == 1 then return 'held' end
if redis.call('HEXISTS', quarantine, address) == 1 then return 'known' end
if tonumber(redis.call('ZSCORE', released, address) or '-inf') >= tonumber(at) then return 'released' end
redis.call('HSET', quarantine, address, entry)
noteQuarantine(quarantine, lans)
for _, host in ipairs(hostsWith(hosts, lanHost, address)) do
  redis.call('ZREM', lanHost .. host .. ':free', address)
  redis.call('ZREM', lanHost .. host .. ':probed', address)
  touch(indexStart, host)
end
return 'quarantined'
`);

const releaseScript = script(`${touchLua}${lanHostsLua}${giveBackAddressLua}${quarantineLua}
local held, released, quarantine, hosts, lans = unpack(KEYS)
local address, why, lanHost, indexStart = unpack(ARGV)
local entry = redis.call('HGET', quarantine, address)
if not entry or (why ~= '' and cjson.decode(entry).why ~= why) then return 'not-quarantined' end
redis.call('HDEL', quarantine, address)
noteQuarantine(quarantine, lans)
if redis.call('HEXISTS', held, address) == 1 then return 'released' end
giveBack(address, released, quarantine, hosts, lanHost, indexStart)
return 'released'
`);

/** Each LAN where something is set aside, by the key's part that stands for it, with that. */
const quarantinedScript = script(`
local found = {}
for i, lan in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  found[i] = {lan, redis.call('HGETALL', ARGV[1] .. 'lan:' .. lan .. ':quarantine')}
end
return found
`);

/** Each host with its registration, its LAN and two sizes; then each LAN with what is held and what is set aside. */
const mapScript = script(`
local hosts, all = KEYS[1], ARGV[1]
local members, lans, seen = {}, {}, {}
local fields = redis.call('HGETALL', hosts)
for i = 1, #fields, 2 do
  local lan = redis.call('GET', all .. 'host:' .. fields[i] .. ':lan')
  if lan then
    local start = all .. 'lan:' .. lan .. ':'
    local own = start .. 'host:' .. fields[i]
    members[#members + 1] = {lan, fields[i + 1], redis.call('SCARD', own .. ':range'), redis.call('ZCARD', own .. ':free')}
    if not seen[lan] then
      seen[lan] = true
      lans[#lans + 1] = {lan, redis.call('HGETALL', start .. 'held'), redis.call('HGETALL', start .. 'quarantine')}
    end
  end
end
return {members, lans}
`);

const toProbeScript = script(`
local free, probed, range, quarantine, adopting = unpack(KEYS)
local next, answered = {}, {}
if redis.call('HEXISTS', adopting, ARGV[2]) == 1 then return {next, answered} end
for _, address in ipairs(redis.call('ZRANGE', free, 0, ARGV[1] - 1)) do
  next[#next + 1] = {address, redis.call('ZSCORE', probed, address) or '0'}
end
local rows = redis.call('HGETALL', quarantine)
for i = 1, #rows, 2 do
  if cjson.decode(rows[i + 1]).why == 'answered' and redis.call('SISMEMBER', range, rows[i]) == 1 then
    answered[#answered + 1] = rows[i]
  end
end
return {next, answered}
`);

const silentScript = script(`
local probed, time = KEYS[1], redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', probed, '-inf', time[1] * 1000)
for i = 2, #ARGV do redis.call('ZADD', probed, ARGV[1], ARGV[i]) end
return 1
`);

const quarantineAnswer = z.enum(['quarantined', 'held', 'known', 'released', 'adopting']);
const releaseAnswer = z.enum(['released', 'not-quarantined']);
const quarantinedAnswer = z.array(z.tuple([z.string(), z.array(z.string())]));
const mapAnswer = z.tuple([
  z.array(z.tuple([z.string(), z.string(), z.number(), z.number()])),
  z.array(z.tuple([z.string(), z.array(z.string()), z.array(z.string())])),
]);
const toProbeAnswer = z.tuple([z.array(z.tuple([z.string(), z.coerce.number()])), z.array(z.string())]);

/** A hash as Lua hands it out: field, value, field, value. */
const pairsOf = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((field, index): [string, string][] =>
    index % 2 === 0 ? [[field, flat[index + 1] ?? '']] : [],
  );

const readEntries = (key: string, rows: readonly string[]): ReadonlyMap<string, Quarantined> =>
  new Map(
    pairsOf(rows).map(([address, text]) => [
      address,
      parseStoredJson(quarantined, `${key} ${address}`, text),
    ]),
  );

/** One that cannot be read is left out, as among the hosts, where the log has a line about it. */
const readRegistration = (text: string): z.infer<typeof registration> | undefined => {
  try {
    return parseStoredJson(registration, 'a registration', text);
  } catch {
    return undefined;
  }
};

const readMap = (keys: Keys, answer: unknown): readonly LanMap[] => {
  const [members, lans] = parseStored(mapAnswer, keys.hosts, answer);
  return lans
    .map(([part, held, entries]): LanMap => {
      const lan = decodeURIComponent(part);
      const hosts = members
        .filter(([of]) => of === part)
        .flatMap(([, text, size, free]) => {
          const said = readRegistration(text);
          if (!said) return [];
          const { name, range, shared, notes } = said;
          return [{ name, range, shared, notes, size, free }];
        })
        .sort((one, other) => one.name.localeCompare(other.name, 'en'));
      const set = readEntries(keys.lanQuarantine(lan), entries);
      return { lan, hosts, held: new Map(pairsOf(held)), quarantined: set };
    })
    .sort((one, other) => one.lan.localeCompare(other.lan, 'en'));
};

export const createAddresses = ({ ask, run }: Connection, keys: Keys): Addresses => {
  const lanKeys = (lan: LanId): string[] => [
    keys.lanHeld(lan),
    keys.lanReleased(lan),
    keys.lanQuarantine(lan),
    keys.lanHosts(lan),
    keys.quarantinedLans,
  ];
  return {
    map: async () => readMap(keys, await run(mapScript, [keys.hosts], [keys.all])),
    quarantined: async () => {
      const answer = await run(quarantinedScript, [keys.quarantinedLans], [keys.all]);
      const lans = parseStored(quarantinedAnswer, keys.quarantinedLans, answer);
      return new Map(
        lans.map(([part, rows]) => {
          const lan = decodeURIComponent(part);
          return [lan, readEntries(keys.lanQuarantine(lan), rows)];
        }),
      );
    },
    quarantine: async (lan, address, entry) => {
      const answer = await run(
        quarantineScript,
        [...lanKeys(lan), keys.adopting],
        [address, JSON.stringify(entry), entry.at, keys.lanHost(lan), keys.indexStart, lanKey(lan)],
      );
      return parseStored(quarantineAnswer, 'the quarantine', answer);
    },
    release: async (lan, address, why) => {
      const answer = await run(releaseScript, lanKeys(lan), [
        address,
        why ?? '',
        keys.lanHost(lan),
        keys.indexStart,
      ]);
      return parseStored(releaseAnswer, 'the quarantine', answer);
    },
    sight: async (one) => {
      const field = hostKey(one.host);
      await (one.seen.length === 0
        ? ask((redis) => redis.hdel(keys.strangers, field))
        : ask((redis) => redis.hset(keys.strangers, field, JSON.stringify(one))));
    },
    sightings: async () => {
      const rows = await ask((redis) => redis.hvals(keys.strangers));
      return rows.map((text) => parseStoredJson(sighting, keys.strangers, text));
    },
    toProbe: async (lan, host, count) => {
      const wanted = [
        keys.free(lan, host),
        keys.probed(lan, host),
        keys.range(lan, host),
        keys.lanQuarantine(lan),
        keys.adopting,
      ];
      const answer = await run(toProbeScript, wanted, [count, lanKey(lan)]);
      const [free, answered] = parseStored(toProbeAnswer, keys.free(lan, host), answer);
      return { free: free.map(([address, until]) => ({ address, until })), answered };
    },
    silent: async (lan, host, addresses, until) => {
      if (addresses.length > 0) await run(silentScript, [keys.probed(lan, host)], [until, ...addresses]);
    },
  };
};
