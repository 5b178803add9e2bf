// Another address for a rig that somebody else's machine kept from starting: the new claim, the old address set aside, the
// rig and its news, or none of them. Name, slot and licence stay as they are.

import type { UnplacedRig } from '../rig/claim.ts';
import { noteLua } from './audit.ts';
import { script } from './connection.ts';
import { touchLua } from './host-table.ts';
import { indexLua } from './index-lua.ts';
import type { Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { quarantineLua } from './quarantine-lua.ts';
import { takeAddressLua } from './take-address.ts';
import { writtenLua } from './written-lua.ts';

/** Answers `{'swapped', address}`, `{'conflict'}`, `{'adopting'}` or `{'no-address'}`. */
export const swapScript =
  script(`${noteLua}${writtenLua}${indexLua}${touchLua}${lanHostsLua}${takeAddressLua}${quarantineLua}
local rig, claim, news, outbox, slots, free, held, quarantine, probed, hosts, audit, auditOf, epoch, adopting, quarantinedLans = unpack(KEYS)
local id, version, body, generation, lanHost, entry, auditKeep, setAside, lan, indices, indexStart, created, hostKey, knownId, knownSeq = unpack(ARGV, 1, 15)

if redis.call('HGET', rig, 'version') ~= version then return {'conflict'} end
-- As for a claim: what its hosts have is not all known yet.
local is = redis.call('HMGET', epoch, 'id', 'seq')
if knownId ~= '' and (is[1] ~= knownId or tonumber(is[2]) < tonumber(knownSeq)) then return {'adopting'} end
if redis.call('HEXISTS', adopting, lan) == 1 then return {'adopting'} end
if redis.call('EXISTS', claim) == 0 then return {'no-address'} end
local address = takeAddress(free, held, quarantine, probed, hosts, lanHost, id, indexStart)
if not address then return {'no-address'} end

local before = redis.call('HGET', rig, 'address')
if redis.call('HGET', held, before) == id then redis.call('HDEL', held, before) end
redis.call('HSETNX', quarantine, before, setAside)
noteQuarantine(quarantine, quarantinedLans)
redis.call('HSET', rig, 'version', version + 1, 'body', body, 'address', address)
redis.call('HSET', claim, 'generation', generation, 'address', address, 'stopping', 0)
index(indexStart, rig, id, created, indices)
touch(indexStart, hostKey)
rise(slots, epoch)
note(audit, auditOf, entry, auditKeep)
tell(news, outbox, id, 16)
return {'swapped', address}
`);

export const swapKeys = (keys: Keys, { id, name, host, network }: UnplacedRig): string[] => [
  keys.rig(id),
  keys.claim(id),
  keys.news(id),
  keys.outbox,
  keys.hostRigs(host),
  keys.free(network.lan, host),
  keys.lanHeld(network.lan),
  keys.lanQuarantine(network.lan),
  keys.probed(network.lan, host),
  keys.lanHosts(network.lan),
  keys.audit,
  keys.auditOf(name),
  keys.epoch,
  keys.adopting,
  keys.quarantinedLans,
];
