// A state change as one script: the state, its news, the closed fence and, at the end, the release of the claim.

import type { Rig } from '../rig/rig.ts';
import { noteLua } from './audit.ts';
import { script } from './connection.ts';
import { giveBackAddressLua } from './give-back-address.ts';
import { touchLua } from './host-table.ts';
import { indexLua } from './index-lua.ts';
import type { Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { licencesLua } from './licences-lua.ts';
import { quarantineLua } from './quarantine-lua.ts';
import { writtenLua } from './written-lua.ts';

/**
 * Answers `saved`, `conflict` or `user-quota`; a rig that is not known is a conflict, so that nothing is brought back.
 * The release may be repeated: each part goes only while it is still this rig's. `closed`: no container of this generation
 * may be started. `setAside`: why its address is not free at the end.
 */
export const saveScript =
  script(`${noteLua}${writtenLua}${indexLua}${touchLua}${lanHostsLua}${giveBackAddressLua}${quarantineLua}${licencesLua}
local rig, claim, news, outbox, names, owner, living, slots, held, released, hosts, ends, audit, auditOf, quarantine, epoch, quarantinedLans, licencesHeld, licencesReleased = unpack(KEYS)
local id, version, body, closed, release, name, keep, lanHost, leaseEnd, generation, owners, created, perUser, entry, auditKeep, indices, indexStart, setAside =
  unpack(ARGV, 1, 18)

if redis.call('HGET', rig, 'version') ~= version then return 'conflict' end

-- Given to somebody: from one person's rigs to another's.
local before = owners .. cjson.decode(redis.call('HGET', rig, 'body')).owner.id
if before ~= owner and redis.call('ZSCORE', before, id) then
  if perUser ~= '' and redis.call('ZCARD', owner) >= tonumber(perUser) then return 'user-quota' end
  redis.call('ZREM', before, id)
  redis.call('ZADD', owner, created, id)
end

redis.call('HSET', rig, 'version', version + 1, 'body', body)
rise(slots, epoch)
if redis.call('EXISTS', claim) == 1 then
  redis.call('HSET', claim, 'stopping', closed, 'generation', generation)
end
note(audit, auditOf, entry, auditKeep)

-- Without an end, or after it, there is nothing left to decide about the lease.
if leaseEnd == '' or not redis.call('ZSCORE', living, id) then redis.call('ZREM', ends, id) else redis.call('ZADD', ends, leaseEnd, id) end
if release == '1' or not redis.call('ZSCORE', living, id) then indices = '' end
index(indexStart, rig, id, created, indices)

tell(news, outbox, id, 19)
if release ~= '1' then return 'saved' end

local address = redis.call('HGET', rig, 'address')
if redis.call('HGET', held, address) == id then
  redis.call('HDEL', held, address)
  if setAside ~= '' then
    redis.call('HSET', quarantine, address, setAside)
    noteQuarantine(quarantine, quarantinedLans)
  end
  giveBack(address, released, quarantine, hosts, lanHost, indexStart)
end
giveBackLicence(licencesHeld, licencesReleased, redis.call('HGET', rig, 'licence'), id)
if redis.call('HGET', names, name) == id then redis.call('HDEL', names, name) end
redis.call('ZREM', owner, id)
redis.call('ZREM', living, id)
redis.call('SREM', slots, id)
touch(indexStart, string.match(slots, '([^:]+):rigs$'))
redis.call('DEL', claim)
redis.call('EXPIRE', rig, keep)
return 'saved'
`);

export const saveKeys = (keys: Keys, { id, name, owner, host, network }: Rig): string[] => [
  keys.rig(id),
  keys.claim(id),
  keys.news(id),
  keys.outbox,
  keys.names,
  keys.owner(owner.id),
  keys.living,
  keys.hostRigs(host),
  keys.lanHeld(network.lan),
  keys.lanReleased(network.lan),
  keys.lanHosts(network.lan),
  keys.ends,
  keys.audit,
  keys.auditOf(name),
  keys.lanQuarantine(network.lan),
  keys.epoch,
  keys.quarantinedLans,
  keys.licencesHeld,
  keys.licencesReleased,
];
