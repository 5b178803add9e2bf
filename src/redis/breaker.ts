// Passes that would remove many of a host's rigs, and wait for a yes: one entry for each host.

import type { Breaker } from '../ports/hosts.ts';
import { type Connection, script } from './connection.ts';
import { hostKey, type Keys } from './keys.ts';
import { parseStoredJson, tripped } from './schema.ts';

/** Who said yes did not say it to a figure that moves from pass to pass. */
const putScript = script(`
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local next = cjson.decode(ARGV[2])
if kept then next.allowed = cjson.decode(kept).allowed end
local text = cjson.encode(next)
redis.call('HSET', KEYS[1], ARGV[1], text)
return text
`);

const allowScript = script(`
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if not kept then return 0 end
local next = cjson.decode(kept)
if not next.allowed then
  next.allowed = cjson.decode(ARGV[2])
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(next))
end
return 1
`);

export const createBreaker = ({ ask, run }: Connection, keys: Keys): Breaker => {
  const read = (host: string, text: unknown) => parseStoredJson(tripped, `${keys.breaker} ${host}`, text);
  return {
    list: async () => {
      const all = Object.entries(await ask((redis) => redis.hgetall(keys.breaker)));
      return all
        .map(([host, text]) => read(host, text))
        .sort((one, other) => one.host.localeCompare(other.host, 'en'));
    },
    put: async (said) => {
      const text = JSON.stringify(said);
      return read(said.host, await run(putScript, [keys.breaker], [hostKey(said.host), text]));
    },
    allow: async (host, by, at) => {
      const yes = JSON.stringify({ by, at: Math.round(at) });
      const found = await run(allowScript, [keys.breaker], [hostKey(host), yes]);
      return found === 1 ? 'allowed' : 'nothing-waits';
    },
    clear: async (host) => {
      await ask((redis) => redis.hdel(keys.breaker, hostKey(host)));
    },
  };
};
