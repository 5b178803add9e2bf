// The pools of licences as the bot asks about them: how many are free, and who has the others.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Licences } from '../ports/licences.ts';
import type { PoolId } from '../rig/licence.ts';
import type { LicenceId } from '../rig/rig.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { licencesLua } from './licences-lua.ts';
import { readRig } from './rig-lists.ts';
import { parseStored } from './schema.ts';

/** In one order, so that it does not matter in which a host's operator wrote them. */
export const poolOrder = (licences: readonly LicenceId[]): readonly LicenceId[] =>
  [...new Set(licences)].sort();

/** The same for the same licences, and short; empty where there are none. */
export const poolOf = (licences: readonly LicenceId[]): PoolId | '' =>
  licences.length === 0
    ? ''
    : createHash('sha256').update(poolOrder(licences).join(' ')).digest('hex').slice(0, 12);

const poolsScript = script(`${licencesLua}
local pools, held, living = unpack(KEYS)
local found = {}
local flat = redis.call('HGETALL', pools)
for i = 1, #flat, 2 do
  local ids, free = idsIn(flat[i + 1]), 0
  for _, holder in ipairs(holdersOf(held, living, ids)) do
    if not holder then free = free + 1 end
  end
  found[#found + 1] = {flat[i], #ids, free}
end
return found
`);

/**
 * Soonest first: one that is over but for its container, or for the wait after a crash; then by their ends; then those that
 * have none.
 */
const holdersScript = script(`${licencesLua}
local pools, held, living, ends = unpack(KEYS)
local rigs, claims, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local ids, known = {}, {}
for i = 4, #ARGV do
  for _, id in ipairs(idsIn(redis.call('HGET', pools, ARGV[i]))) do
    if not known[id] then ids[#ids + 1] = id end
    known[id] = true
  end
end
local rows = {}
for _, rig in ipairs(holdersOf(held, living, ids)) do
  if rig then
    local isOver = redis.call('HGET', claims .. rig, 'stopping') == '1'
    local stop = isOver and '-inf' or redis.call('ZSCORE', ends, rig) or '+inf'
    rows[#rows + 1] = {rig, tonumber(stop), tonumber(redis.call('ZSCORE', living, rig))}
  end
end
table.sort(rows, function(one, other)
  if one[2] ~= other[2] then return one[2] < other[2] end
  if one[3] ~= other[3] then return one[3] < other[3] end
  return one[1] < other[1]
end)
local found = {}
for i = 1, math.min(most, #rows) do
  found[i] = {rows[i][1], redis.call('HMGET', rigs .. rows[i][1], 'version', 'address', 'body', 'licence')}
end
return {#ids, #rows, found}
`);

const poolsAnswer = z.array(z.tuple([z.string(), z.number(), z.number()]));
const holdersAnswer = z.tuple([z.number(), z.number(), z.array(z.tuple([z.string(), z.unknown()]))]);

export const createLicences = ({ run }: Connection, keys: Keys): Licences => ({
  pools: async () => {
    const answer = await run(poolsScript, [keys.licencePools, keys.licencesHeld, keys.living], []);
    const rows = parseStored(poolsAnswer, keys.licencePools, answer);
    return new Map(rows.map(([pool, size, free]) => [pool, { size, free }]));
  },
  holders: async (pools, most) => {
    const wanted = [keys.licencePools, keys.licencesHeld, keys.living, keys.ends];
    const answer = await run(holdersScript, wanted, [keys.rigs, keys.claims, most, ...pools]);
    const [size, taken, rows] = parseStored(holdersAnswer, keys.licencesHeld, answer);
    return { size, taken, rigs: rows.map(([id, row]) => readRig(keys.rig(id), row).rig) };
  },
});
