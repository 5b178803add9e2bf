// The lists of rigs. None reads more than it gives: a fleet of thousands is read in pages, or by an index.

import { z } from 'zod';
import type { Rigs, StoredRig } from '../ports/registry.ts';
import { isSharedWith } from '../rig/access.ts';
import { indicesOf, isEndless, isIdling, isUnsettled } from '../rig/indices.ts';
import type { Rig } from '../rig/rig.ts';
import { rigBody } from '../shapes/rig.ts';
import { type Connection, script } from './connection.ts';
import { indexLua } from './index-lua.ts';
import type { Keys } from './keys.ts';
import { parseStored, parseStoredJson } from './schema.ts';

/** Lua: `read(ids)` gives each id with its rig's fields, as `readRig` takes them. ARGV[1] is the start of their keys. */
const readLua = `
local read = function(ids)
  local found = {}
  for i, id in ipairs(ids) do
    found[i] = {id, redis.call('HMGET', ARGV[1] .. id, 'version', 'address', 'body', 'licence', 'indices')}
  end
  return found
end
`;

const rangeScript = script(`${readLua}
return read(redis.call('ZRANGE', KEYS[1], ARGV[2], ARGV[3]))
`);

const endingScript = script(`${readLua}
return read(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2]))
`);

/** What ended without being taken out of an index, by a bot of a version without indices, goes out of it here. */
const indexScript = script(`${readLua}
local index, living = unpack(KEYS)
local ids = {}
for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
  if redis.call('ZSCORE', living, id) then ids[#ids + 1] = id else redis.call('ZREM', index, id) end
end
return read(ids)
`);

const onHostScript = script(`${readLua}
return read(redis.call('SMEMBERS', KEYS[1]))
`);

/** Both sets are in the same order, so that a person's own rigs can be counted out of all. */
const pageScript = script(`${readLua}
local living, mine = unpack(KEYS)
local offset, count = tonumber(ARGV[2]), tonumber(ARGV[3])
local own = redis.call('ZRANGE', mine, 0, -1)
local ids, isOwn = {}, {}
for i = offset + 1, math.min(#own, offset + count) do ids[#ids + 1] = own[i] end
local place = math.max(0, offset - #own)
for _, id in ipairs(own) do
  isOwn[id] = true
  local rank = redis.call('ZRANK', living, id)
  if rank and rank <= place then place = place + 1 end
end
for _, id in ipairs(redis.call('ZRANGE', living, place, place + count + #own)) do
  if #ids < count and not isOwn[id] then ids[#ids + 1] = id end
end
return {redis.call('ZCARD', living), read(ids)}
`);

/** Nothing if somebody saved it meanwhile: then it stands where it should. */
const mendScript = script(`${indexLua}
local rig = KEYS[1]
local start, id, created, list, version = unpack(ARGV)
if redis.call('HGET', rig, 'version') ~= version then return 0 end
index(start, rig, id, created, list)
return 1
`);

const fields = z
  .tuple([z.coerce.number().int().positive(), z.string(), z.string(), z.string().nullable()])
  .rest(z.unknown());
const rows = z.array(z.tuple([z.string(), z.unknown()]));
const pageAnswer = z.tuple([z.number(), rows]);
const indicesField = z.tuple([z.unknown(), z.unknown(), z.unknown(), z.unknown(), z.string().nullable()]);

/** `value`: version, address, body and licence. */
export const readRig = (key: string, value: unknown): StoredRig => {
  const [version, address, body, licence] = parseStored(fields, key, value);
  return { rig: { ...parseStoredJson(rigBody, key, body), address, ...licenceOf(licence) }, version };
};

/** As it is kept beside a rig, where it is. */
export const licenceOf = (licence: string | null | undefined): Pick<Rig, 'licenceId'> =>
  licence === null || licence === undefined ? {} : { licenceId: licence };

const byAge = ({ rig: one }: StoredRig, { rig: other }: StoredRig): number =>
  one.created - other.created || (one.id < other.id ? -1 : 1);

/** Few enough that neither Redis nor this process is kept from other work for long. */
const batchSize = 200;

export type RigLists = Omit<Rigs, 'get' | 'named' | 'claim' | 'save' | 'adopt' | 'swap'>;

export const createRigLists = ({ ask, run }: Connection, keys: Keys): RigLists => {
  const readRows = (key: string, answer: unknown): readonly Rig[] =>
    parseStored(rows, key, answer).map(([id, row]) => readRig(keys.rig(id), row).rig);
  const list = async (key: string): Promise<readonly Rig[]> =>
    readRows(key, await run(rangeScript, [key], [keys.rigs, 0, -1]));
  const inIndex = async (name: string): Promise<readonly Rig[]> => {
    const key = keys.index(name);
    return readRows(key, await run(indexScript, [key, keys.living], [keys.rigs]));
  };
  /** From the youngest on: what ends meanwhile moves none that was not read yet to where it would be passed over. */
  const batch = async (from: number | undefined) => {
    const end = from ?? (await ask((redis) => redis.zcard(keys.living)));
    const begin = Math.max(0, end - batchSize);
    if (end === 0) return { found: [], next: undefined };
    const answer = await run(rangeScript, [keys.living], [keys.rigs, begin, end - 1]);
    return { found: parseStored(rows, keys.living, answer), next: begin === 0 ? undefined : begin };
  };
  const mend = async (id: string, row: unknown): Promise<boolean> => {
    const key = keys.rig(id);
    const { rig, version } = readRig(key, row);
    const indices = indicesOf(rig).join(' ');
    if (parseStored(indicesField, key, row)[4] === indices) return false;
    const facts = [keys.indexStart, id, rig.created, indices, version];
    return (await run(mendScript, [key], facts)) === 1;
  };
  return {
    living: () => list(keys.living),
    batch: async (from) => {
      const { found, next } = await batch(from);
      return { rigs: readRows(keys.living, found), next };
    },
    page: async ({ first, offset, count }) => {
      const wanted = [keys.living, keys.owner(first)];
      const answer = await run(pageScript, wanted, [keys.rigs, offset, count]);
      const [total, found] = parseStored(pageAnswer, keys.living, answer);
      return { total, rigs: readRows(keys.living, found) };
    },
    newest: async () => readRows(keys.living, await run(rangeScript, [keys.living], [keys.rigs, -1, -1]))[0],
    endingBefore: async (moment) =>
      readRows(keys.ends, await run(endingScript, [keys.ends], [keys.rigs, `(${moment}`])),
    ownedBy: (user) => list(keys.owner(user)),
    sharedWith: async (user) =>
      (await inIndex(`shared:${encodeURIComponent(user)}`)).filter((rig) => isSharedWith(rig, user)),
    onHost: async (host) => {
      const key = keys.hostRigs(host);
      const found = parseStored(rows, key, await run(onHostScript, [key], [keys.rigs]));
      return found.map(([id, row]) => readRig(keys.rig(id), row)).toSorted(byAge);
    },
    unsettled: async () => (await inIndex('unsettled')).filter(isUnsettled),
    endless: async () => (await inIndex('endless')).filter(isEndless),
    idling: async () => (await inIndex('idling')).filter(isIdling),
    mendIndices: async () => {
      let mended = 0;
      let next: number | undefined;
      do {
        const some = await batch(next);
        for (const [id, row] of some.found) mended += (await mend(id, row)) ? 1 : 0;
        next = some.next;
      } while (next !== undefined);
      return mended;
    },
  };
};
