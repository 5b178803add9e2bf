// What hosts saw of the use of their rigs. Kept with the rig, so that it is forgotten with it.

import { z } from 'zod';
import type { Uses } from '../ports/registry.ts';
import type { RigId } from '../rig/rig.ts';
import { isInUse, isKnown, type SeenUse } from '../rig/use.ts';
import type { UseSample } from '../rig/use-sample.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { parseStored, parseStoredJson, use as useSchema } from './schema.ts';

/** Each rig's key comes with five arguments. A rig that is not known any more has no use either. */
const recordScript = script(`
for i, rig in ipairs(KEYS) do
  local generation, at, use, known, used = unpack(ARGV, 5 * i - 4, 5 * i)
  if redis.call('EXISTS', rig) == 1 then
    local seen = redis.call('HMGET', rig, 'useGeneration', 'useAt')
    local last, lastAt = tonumber(seen[1] or '0'), tonumber(seen[2] or '0')
    local isNewer = tonumber(generation) > last
    if isNewer or (tonumber(generation) == last and tonumber(at) > lastAt) then
      if isNewer then redis.call('HDEL', rig, 'usedAt', 'knownAt') end
      redis.call('HSET', rig, 'useGeneration', generation, 'useAt', at, 'use', use)
      if known == '1' then redis.call('HSET', rig, 'knownAt', at) end
      if used == '1' then redis.call('HSET', rig, 'usedAt', at) end
    end
  end
end
return 1
`);

const fields = ['useGeneration', 'useAt', 'use', 'usedAt', 'knownAt'] as const;

const rigsScript = script(`
local found = {}
for i, rig in ipairs(KEYS) do found[i] = redis.call('HMGET', rig, unpack(ARGV)) end
return found
`);

const moment = z
  .string()
  .nullable()
  .transform((text) => (text === null ? undefined : Number(text)))
  .pipe(z.number().optional());
const seenRow = z.tuple([z.coerce.number().int(), z.coerce.number(), z.string(), moment, moment]);
const rigsAnswer = z.array(z.array(z.unknown()));

const readSeen = (key: string, row: unknown): SeenUse => {
  const [generation, at, text, usedAt, knownAt] = parseStored(seenRow, key, row);
  return { generation, at, use: parseStoredJson(useSchema, key, text), usedAt, knownAt };
};

const argumentsOf = ({ generation, at, use }: UseSample) => [
  generation,
  at,
  JSON.stringify(use),
  isKnown(use) ? 1 : 0,
  isInUse(use) ? 1 : 0,
];

export const createUses = ({ ask, run }: Connection, keys: Keys): Uses => ({
  record: async (samples) => {
    if (samples.length === 0) return;
    const rigs = samples.map(({ rig }) => keys.rig(rig));
    await run(recordScript, rigs, samples.flatMap(argumentsOf));
  },
  of: async (rig) => {
    const row = await ask((redis) => redis.hmget(keys.rig(rig), ...fields));
    return row[0] === null ? undefined : readSeen(keys.rig(rig), row);
  },
  ofRigs: async (rigs) => {
    if (rigs.length === 0) return new Map();
    const wanted = rigs.map((id) => keys.rig(id));
    const rows = parseStored(rigsAnswer, keys.rigs, await run(rigsScript, wanted, fields));
    return new Map(
      rigs.flatMap((id, index): [RigId, SeenUse][] => {
        const row = rows[index];
        return row === undefined || row[0] === null ? [] : [[id, readSeen(keys.rig(id), row)]];
      }),
    );
  },
});
