// Which hosts of a LAN have an address in their range, without asking each of them.

/**
 * Lua. `mapAddress(hosts, address, host)` notes that a host has it, for `hosts`, the set of a LAN's hosts;
 * `unmapAddresses(hosts, addresses, host)` that it has them no more. `hostsWith(hosts, lanHost, address)` gives those that have it now: ranges change and hosts go, so that each noted one is asked. Hosts that a
 * version without these notes registered are noted when the first one asks.
 */
export const lanHostsLua = `
local mapAddress = function(hosts, address, host)
  local known = redis.call('HGET', hosts .. ':by-address', address)
  if not known then
    redis.call('HSET', hosts .. ':by-address', address, host)
    return
  end
  for one in string.gmatch(known, '%S+') do
    if one == host then return end
  end
  redis.call('HSET', hosts .. ':by-address', address, known .. ' ' .. host)
end
local unmapAddresses = function(hosts, addresses, host)
  local all = hosts .. ':by-address'
  for _, address in ipairs(addresses) do
    local others = {}
    for one in string.gmatch(redis.call('HGET', all, address) or '', '%S+') do
      if one ~= host then others[#others + 1] = one end
    end
    if #others == 0 then redis.call('HDEL', all, address) else redis.call('HSET', all, address, table.concat(others, ' ')) end
  end
end
local hostsWith = function(hosts, lanHost, address)
  local mapped = hosts .. ':mapped'
  if redis.call('SCARD', hosts) ~= redis.call('SCARD', mapped) then
    for _, host in ipairs(redis.call('SDIFF', mapped, hosts)) do redis.call('SREM', mapped, host) end
    for _, host in ipairs(redis.call('SDIFF', hosts, mapped)) do
      for _, one in ipairs(redis.call('SMEMBERS', lanHost .. host .. ':range')) do mapAddress(hosts, one, host) end
      redis.call('SADD', mapped, host)
    end
  end
  local found = {}
  for host in string.gmatch(redis.call('HGET', hosts .. ':by-address', address) or '', '%S+') do
    if redis.call('SISMEMBER', lanHost .. host .. ':range', address) == 1 then found[#found + 1] = host end
  end
  return found
end
`;
