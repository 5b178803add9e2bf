// Which licence a rig gets, and which hosts know which: part of every script that gives one out, takes one back or registers a
// host.
//
// INVARIANT: what counts is who holds a licence, one table for all hosts. A pool says only what a host knows, so that a
// licence that several hosts know, in whatever pools, is one licence.

/**
 * Lua. `freeLicence(pools, held, released, living, pool)` gives the one that was given back longest ago, nothing where
 * living rigs have all of them; those that never were given back come first, in their order. `holdsLicence(held, living,
 * licence)` gives the living rig that has it. `giveBackLicence(held, released, licence, id)`: unless it is another rig's.
 *
 * Who holds one and does not live is one that a version without licences has ended.
 */
export const licencesLua = `
local idsIn = function(text)
  local ids = {}
  for id in string.gmatch(text or '', '%S+') do ids[#ids + 1] = id end
  return ids
end
local holdersOf = function(held, living, ids)
  local holders = {}
  -- A call takes some thousands at most.
  for first = 1, #ids, 1000 do
    for _, holder in ipairs(redis.call('HMGET', held, unpack(ids, first, math.min(#ids, first + 999)))) do
      holders[#holders + 1] = holder and redis.call('ZSCORE', living, holder) and holder or false
    end
  end
  return holders
end
local holdsLicence = function(held, living, licence) return holdersOf(held, living, {licence})[1] end
local freeLicence = function(pools, held, released, living, pool)
  local ids = idsIn(redis.call('HGET', pools, pool))
  local holders = holdersOf(held, living, ids)
  local found, since
  for i, id in ipairs(ids) do
    if not holders[i] then
      local at = tonumber(redis.call('ZSCORE', released, id) or '-inf')
      if not found or at < since then found, since = id, at end
    end
  end
  return found
end
local giveBackLicence = function(held, released, licence, id)
  if not licence or redis.call('HGET', held, licence) ~= id then return end
  redis.call('HDEL', held, licence)
  local time = redis.call('TIME')
  redis.call('ZADD', released, string.format('%.3f', time[1] * 1000 + time[2] / 1000), licence)
end
`;

/** Lua. `joinPool(hosts, pools, host, pool, ids)`: from now on it is of that one, none if empty; a pool without hosts goes. */
export const poolLua = `
local joinPool = function(hosts, pools, host, pool, ids)
  local before = redis.call('HGET', hosts, host)
  if pool == '' then
    redis.call('HDEL', hosts, host)
  else
    redis.call('HSET', hosts, host, pool)
    redis.call('HSET', pools, pool, ids)
  end
  if not before or before == pool then return end
  for _, other in ipairs(redis.call('HVALS', hosts)) do
    if other == before then return end
  end
  redis.call('HDEL', pools, before)
end
`;
