// The indices of living rigs, kept by whichever script writes one.

/**
 * Lua: `index(start, rig, id, created, list)` puts a rig into the indices that the list names (with spaces between them) and
 * takes it out of those that it was in before; an empty list takes it out of all. The rig's own hash remembers where it
 * stands, so that a change costs what changes, and so that a rig of a version without indices is seen as one.
 */
export const indexLua = `
local index = function(start, rig, id, created, list)
  local before = redis.call('HGET', rig, 'indices')
  if before == list then return end
  for name in string.gmatch(before or '', '%S+') do redis.call('ZREM', start .. name, id) end
  for name in string.gmatch(list, '%S+') do redis.call('ZADD', start .. name, created, id) end
  redis.call('HSET', rig, 'indices', list)
end
`;
