// The claim as one script: name, quotas, slot, licence, address, the rig and its news, or none of them.

import type { UnplacedRig } from '../rig/claim.ts';
import { noteLua } from './audit.ts';
import { script } from './connection.ts';
import { touchLua } from './host-table.ts';
import { indexLua } from './index-lua.ts';
import type { Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { licencesLua } from './licences-lua.ts';
import { takeAddressLua } from './take-address.ts';
import { writtenLua } from './written-lua.ts';

/** Answers `{kind, holder or first rig or address, licence}`. The order of the checks is the order of the answers. */
export const claimScript =
  script(`${noteLua}${writtenLua}${indexLua}${touchLua}${lanHostsLua}${takeAddressLua}${licencesLua}
local request, names, owner, living, slots, free, held, rig, claim, news, outbox, hosts, ends, audit, auditOf, epoch, adopting, draining, quarantine, probed, licenceHosts, licencePools, licencesHeld, licencesReleased = unpack(KEYS)
local id, name, body, created, perUser, fleet, most, generation, host, lan, keep, lanHost, leaseEnd, entry, auditKeep, lanKey, knownId, knownSeq, indices, indexStart, hostKey = unpack(ARGV, 1, 21)

local first = redis.call('GET', request)
if first then return {'repeated', first} end
-- A registry that was lost or restored does not know yet which addresses somebody has.
local is = redis.call('HMGET', epoch, 'id', 'seq')
if knownId ~= '' and (is[1] ~= knownId or tonumber(is[2]) < tonumber(knownSeq)) then return {'adopting'} end
if redis.call('HEXISTS', adopting, lanKey) == 1 then return {'adopting'} end
local holder = redis.call('HGET', names, name)
if holder then return {'name-taken', holder} end
if redis.call('ZCARD', owner) >= tonumber(perUser) then return {'user-quota'} end
if fleet ~= '' and redis.call('ZCARD', living) >= tonumber(fleet) then return {'fleet-quota'} end
if redis.call('HEXISTS', draining, hostKey) == 1 then return {'host-draining'} end
if redis.call('SCARD', slots) >= tonumber(most) then return {'host-full'} end
if redis.call('EXISTS', rig) == 1 then return redis.error_reply('ERR rig ' .. id .. ' is known already') end

local pool = redis.call('HGET', licenceHosts, hostKey)
local licence
if pool then
  -- Licences are of all LANs: what is not known yet of one may have any of them.
  if redis.call('HLEN', adopting) > 0 then return {'licences-unknown'} end
  licence = freeLicence(licencePools, licencesHeld, licencesReleased, living, pool)
  if not licence then return {'no-licence'} end
end
local address = takeAddress(free, held, quarantine, probed, hosts, lanHost, id, indexStart)
if not address then return {'no-address'} end

redis.call('HSET', names, name, id)
redis.call('ZADD', owner, created, id)
redis.call('ZADD', living, created, id)
if leaseEnd ~= '' then redis.call('ZADD', ends, leaseEnd, id) end
redis.call('SADD', slots, id)
touch(indexStart, string.match(slots, '([^:]+):rigs$'))
redis.call('HSET', rig, 'version', 1, 'body', body, 'address', address)
if licence then
  redis.call('HSET', licencesHeld, licence, id)
  redis.call('HSET', rig, 'licence', licence)
end
index(indexStart, rig, id, created, indices)
redis.call('HSET', claim, 'generation', generation, 'host', host, 'lan', lan, 'address', address, 'stopping', 0)
redis.call('SET', request, id, 'EX', keep)
note(audit, auditOf, entry, auditKeep)
rise(slots, epoch)
tell(news, outbox, id, 22)
return {'claimed', address, licence or ''}
`);

export const claimKeys = (
  keys: Keys,
  { id, name, owner, host, network }: UnplacedRig,
  request: string,
): string[] => [
  keys.request(request),
  keys.names,
  keys.owner(owner.id),
  keys.living,
  keys.hostRigs(host),
  keys.free(network.lan, host),
  keys.lanHeld(network.lan),
  keys.rig(id),
  keys.claim(id),
  keys.news(id),
  keys.outbox,
  keys.lanHosts(network.lan),
  keys.ends,
  keys.audit,
  keys.auditOf(name),
  keys.epoch,
  keys.adopting,
  keys.draining,
  keys.lanQuarantine(network.lan),
  keys.probed(network.lan, host),
  keys.licenceHosts,
  keys.licencePools,
  keys.licencesHeld,
  keys.licencesReleased,
];
