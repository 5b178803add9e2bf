// Which address of a host's pool is taken: part of every script that gives one to a rig.

/**
 * The first one on which nobody answered a moment ago, else the first; nothing where the pool is empty. Only the first few
 * are looked at: a host probes no more than those ahead. Needs `touchLua` and `lanHostsLua` before it.
 */
export const takeAddressLua = `
local takeAddress = function(free, held, quarantine, probed, hosts, lanHost, id, indexStart)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local address
  repeat
    local ahead = redis.call('ZRANGE', free, 0, 15)
    address = ahead[1]
    if not address then return nil end
    for _, one in ipairs(ahead) do
      local silent = redis.call('ZSCORE', probed, one)
      if silent and tonumber(silent) > now then
        address = one
        break
      end
    end
    redis.call('ZREM', free, address)
    -- What is held or set aside counts: should an address be in the pool as well, then the pool was wrong and is mended.
  until redis.call('HEXISTS', quarantine, address) == 0 and redis.call('HSETNX', held, address, id) == 1
  -- Ranges of hosts on one LAN may overlap.
  for _, other in ipairs(hostsWith(hosts, lanHost, address)) do
    if redis.call('ZREM', lanHost .. other .. ':free', address) == 1 then touch(indexStart, other) end
  end
  return address
end
`;
