// An address goes back to the pools: part of every script that takes one from a rig, or from quarantine.

/**
 * Lua: `giveBack(address, released, quarantine, hosts, lanHost, indexStart)`. It is the last in the row of each host in whose
 * range it is, since somebody had it until a moment ago; one that is set aside goes to nobody. Needs `touchLua` and
 * `lanHostsLua` before it.
 */
export const giveBackAddressLua = `
local giveBack = function(address, released, quarantine, hosts, lanHost, indexStart)
  local time = redis.call('TIME')
  local now = string.format('%.3f', time[1] * 1000 + time[2] / 1000)
  redis.call('ZADD', released, now, address)
  if redis.call('HEXISTS', quarantine, address) == 1 then return end
  for _, host in ipairs(hostsWith(hosts, lanHost, address)) do
    redis.call('ZADD', lanHost .. host .. ':free', now, address)
    touch(indexStart, host)
  end
end
`;
