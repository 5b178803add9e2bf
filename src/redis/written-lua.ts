// What every script that writes a rig does last, whatever it wrote: it counts the change, and puts the news on the rig's list.

/**
 * Lua: `rise(slots, epoch)` counts one change for the host, whose notes follow it, and one for the registry, which is
 * recognised by that. `tell(news, outbox, id, first)` appends the arguments from `first` on to the rig's news.
 */
export const writtenLua = `
local rise = function(slots, epoch)
  redis.call('INCR', slots .. ':changes')
  redis.call('HINCRBY', epoch, 'seq', 1)
end
local tell = function(news, outbox, id, first)
  if #ARGV < first then return end
  for i = first, #ARGV do redis.call('RPUSH', news, ARGV[i]) end
  local time = redis.call('TIME')
  redis.call('ZADD', outbox, 'NX', string.format('%.3f', time[1] * 1000 + time[2] / 1000), id)
end
`;
