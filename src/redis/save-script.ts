// A state change as one script: the state, its news, the closed fence and, at the end, the release of the claim.

import type { Rig } from '../rig/rig.ts';
import { script } from './connection.ts';
import type { Keys } from './keys.ts';

/**
 * Answers `saved` or `conflict`; a rig that is not known is a conflict, so that nothing is brought back. The release
 * may be repeated: each part goes only while it is still this rig's.
 */
export const saveScript = script(`
local rig, claim, news, outbox, names, owner, living, slots, held, released, hosts, ends = unpack(KEYS)
local id, version, body, stopping, release, name, keep, lanHost, leaseEnd = unpack(ARGV, 1, 9)

if redis.call('HGET', rig, 'version') ~= version then return 'conflict' end
redis.call('HSET', rig, 'version', version + 1, 'body', body)
if stopping == '1' and redis.call('EXISTS', claim) == 1 then redis.call('HSET', claim, 'stopping', 1) end

-- Without an end there is nothing left to decide about the lease.
if leaseEnd == '' then redis.call('ZREM', ends, id) else redis.call('ZADD', ends, leaseEnd, id) end

local time = redis.call('TIME')
local now = string.format('%.3f', time[1] * 1000 + time[2] / 1000)
if #ARGV > 9 then
  for i = 10, #ARGV do redis.call('RPUSH', news, ARGV[i]) end
  redis.call('ZADD', outbox, 'NX', now, id)
end
if release ~= '1' then return 'saved' end

local address = redis.call('HGET', rig, 'address')
if redis.call('HGET', held, address) == id then
  redis.call('HDEL', held, address)
  redis.call('ZADD', released, now, address)
  for _, host in ipairs(redis.call('SMEMBERS', hosts)) do
    if redis.call('SISMEMBER', lanHost .. host .. ':range', address) == 1 then
      redis.call('ZADD', lanHost .. host .. ':free', now, address)
    end
  end
end
if redis.call('HGET', names, name) == id then redis.call('HDEL', names, name) end
redis.call('ZREM', owner, id)
redis.call('ZREM', living, id)
redis.call('SREM', slots, id)
redis.call('DEL', claim)
redis.call('EXPIRE', rig, keep)
return 'saved'
`);

export const saveKeys = (keys: Keys, { id, owner, host, network }: Rig): string[] => [
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
];
