// The taking in of a rig that its host has and the registry does not, or not as late as its host: one script, all or nothing.

import type { Rig } from '../rig/rig.ts';
import { noteLua } from './audit.ts';
import { script } from './connection.ts';
import { giveBackAddressLua } from './give-back-address.ts';
import { touchLua } from './host-table.ts';
import { indexLua } from './index-lua.ts';
import type { Keys } from './keys.ts';
import { lanHostsLua } from './lan-hosts-lua.ts';
import { licencesLua } from './licences-lua.ts';
import { writtenLua } from './written-lua.ts';

/**
 * Answers `{kind, holder}`. `expected`: the version that was read, or nothing where there was none. `alive`: 0 for one that
 * is over, which holds nothing. Quotas are not asked: it is there.
 */
export const adoptScript =
  script(`${noteLua}${writtenLua}${indexLua}${touchLua}${lanHostsLua}${giveBackAddressLua}${licencesLua}
local names, owner, living, slots, held, hosts, ends, rig, claim, news, outbox, audit, auditOf, epoch, released, quarantine, licencesHeld, licencesReleased = unpack(KEYS)
local id, name, body, address, created, version, expected, alive, closed, generation, host, lan, lanHost, leaseEnd, owners, card, keep, entry, auditKeep, indices, indexStart, licence =
  unpack(ARGV, 1, 22)

local is = redis.call('HGET', rig, 'version') or ''
if is ~= expected then return {'conflict'} end
if alive == '1' then
  local other = redis.call('HGET', names, name)
  if other and other ~= id and redis.call('ZSCORE', living, other) then return {'name-taken', other} end
  other = redis.call('HGET', held, address)
  if other and other ~= id and redis.call('ZSCORE', living, other) then return {'address-held', other} end
  other = licence ~= '' and holdsLicence(licencesHeld, living, licence)
  if other and other ~= id then return {'licence-held', other} end
end

if is ~= '' then
  local before = cjson.decode(redis.call('HGET', rig, 'body'))
  redis.call('ZREM', owners .. before.owner.id, id)
  if redis.call('HGET', names, before.name) == id then redis.call('HDEL', names, before.name) end
  local place = redis.call('HGET', rig, 'address')
  if place ~= address and redis.call('HGET', held, place) == id then
    redis.call('HDEL', held, place)
    giveBack(place, released, quarantine, hosts, lanHost, indexStart)
  end
  local own = redis.call('HGET', rig, 'licence')
  if own ~= licence then giveBackLicence(licencesHeld, licencesReleased, own, id) end
end
redis.call('HSET', rig, 'version', version, 'body', body, 'address', address)
if licence == '' then redis.call('HDEL', rig, 'licence') else redis.call('HSET', rig, 'licence', licence) end
if card ~= '' then redis.call('HSET', rig, 'card', card) end
if alive == '1' then
  redis.call('PERSIST', rig)
  redis.call('HSET', names, name, id)
  redis.call('ZADD', owner, created, id)
  redis.call('ZADD', living, created, id)
  redis.call('SADD', slots, id)
  redis.call('HSET', held, address, id)
  if licence ~= '' then redis.call('HSET', licencesHeld, licence, id) end
  for _, other in ipairs(hostsWith(hosts, lanHost, address)) do
    redis.call('ZREM', lanHost .. other .. ':free', address)
    touch(indexStart, other)
  end
  redis.call('HSET', claim, 'generation', generation, 'host', host, 'lan', lan, 'address', address, 'stopping', closed)
  if leaseEnd == '' then redis.call('ZREM', ends, id) else redis.call('ZADD', ends, leaseEnd, id) end
else
  redis.call('EXPIRE', rig, keep)
end
index(indexStart, rig, id, created, alive == '1' and indices or '')
touch(indexStart, string.match(slots, '([^:]+):rigs$'))
rise(slots, epoch)
note(audit, auditOf, entry, auditKeep)
tell(news, outbox, id, 23)
return {'adopted'}
`);

export const adoptKeys = (keys: Keys, { id, name, owner, host, network }: Rig): string[] => [
  keys.names,
  keys.owner(owner.id),
  keys.living,
  keys.hostRigs(host),
  keys.lanHeld(network.lan),
  keys.lanHosts(network.lan),
  keys.ends,
  keys.rig(id),
  keys.claim(id),
  keys.news(id),
  keys.outbox,
  keys.audit,
  keys.auditOf(name),
  keys.epoch,
  keys.lanReleased(network.lan),
  keys.lanQuarantine(network.lan),
  keys.licencesHeld,
  keys.licencesReleased,
];
