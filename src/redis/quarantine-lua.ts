// On which LANs an address is set aside, so that whoever looks every second need not ask all of them.

/** Lua. `noteQuarantine(quarantine, lans)`: for every script that changes what is set aside on a LAN, afterwards. */
export const quarantineLua = `
local noteQuarantine = function(quarantine, lans)
  local lan = string.match(quarantine, '([^:]+):quarantine$')
  redis.call(redis.call('EXISTS', quarantine) == 1 and 'SADD' or 'SREM', lans, lan)
end
`;
