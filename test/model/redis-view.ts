// The private Redis from outside: its keys read in one look, its times to live moved on with the story's clock.

import { z } from 'zod';
import { type Connection, script } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { told } from '../../src/redis/schema.ts';
import type { Duration } from '../../src/rig/duration.ts';
import type { Told } from '../../src/rig/news.ts';
import type { Rig, RigId } from '../../src/rig/rig.ts';
import { rigBody } from '../../src/shapes/rig.ts';

/** What would have run out by then is gone, all else lives so much shorter; `kept` is renewed by somebody meanwhile. */
const passScript = script(`
local length = tonumber(ARGV[2])
local kept = {}
for i = 3, #ARGV do kept[ARGV[i]] = true end
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local left = redis.call('PTTL', key)
  if left > 0 and not kept[key] then
    if left <= length then redis.call('DEL', key) else redis.call('PEXPIRE', key, left - length) end
  end
end
return 1
`);

const pairs = `
local pairsOf = function(key)
  local flat, found = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do found[#found + 1] = {flat[i], flat[i + 1]} end
  return found
end
local scoresOf = function(key)
  local flat, found = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), {}
  for i = 1, #flat, 2 do found[#found + 1] = {flat[i], flat[i + 1]} end
  return found
end
`;

/** Keys by their kind, so that no key of the registry is overlooked for not being asked for. */
const lookScript = script(`${pairs}
local all, found = ARGV[1], {}
for _, key in ipairs(redis.call('KEYS', all .. '*')) do
  local kind = redis.call('TYPE', key).ok
  local value
  if kind == 'hash' then value = pairsOf(key)
  elseif kind == 'zset' then value = scoresOf(key)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'string' then value = redis.call('GET', key)
  else value = redis.call('XLEN', key) end
  found[#found + 1] = {key, kind, value}
end
return found
`);

const rows = z.array(z.tuple([z.string(), z.string(), z.unknown()]));
const pairList = z.array(z.tuple([z.string(), z.string()]));
const textList = z.array(z.string());
const bodyText = z.string().transform((text): unknown => JSON.parse(text));

export type SeenRig = { readonly version: number; readonly rig: Rig };

export type View = {
  readonly rigs: ReadonlyMap<RigId, SeenRig>;
  readonly claims: ReadonlyMap<RigId, ReadonlyMap<string, string>>;
  readonly hash: (key: string) => ReadonlyMap<string, string>;
  readonly scores: (key: string) => ReadonlyMap<string, number>;
  readonly set: (key: string) => readonly string[];
  readonly news: (rig: RigId) => readonly Told[];
  /** Ids of rigs with news, by the keys that are there. */
  readonly newsOf: readonly RigId[];
  readonly auditLength: number;
  /** Every value as text, to be searched for what must not be there. */
  readonly text: () => string;
  readonly keyNames: readonly string[];
};

export type RedisView = {
  readonly keys: ReturnType<typeof createKeys>;
  readonly look: () => Promise<View>;
  readonly pass: (length: Duration, kept: readonly string[]) => Promise<void>;
  /** All entries of the audit as text. */
  readonly auditText: () => Promise<string>;
  readonly clear: () => Promise<void>;
};

export const createRedisView = ({ ask, run }: Connection, installation: string): RedisView => {
  const keys = createKeys(installation);
  /** Bodies change seldom: what was read once is not parsed again. */
  const bodies = new Map<string, Rig>();
  const readBody = (text: string, address: string, licenceId: string | undefined): Rig => {
    // Neither is in the body, and a body may be the same in two stories.
    const key = `${address} ${licenceId} ${text}`;
    const known = bodies.get(key);
    if (known) return known;
    if (bodies.size > 5000) bodies.clear();
    const rig = { ...rigBody.parse(bodyText.parse(text)), address, licenceId };
    bodies.set(key, rig);
    return rig;
  };
  return {
    keys,
    look: async () => viewOf(keys, rows.parse(await run(lookScript, [], [keys.all])), readBody),
    pass: async (length, kept) => {
      await run(passScript, [], [keys.all, Math.round(length), ...kept]);
    },
    auditText: async () => JSON.stringify(await ask((redis) => redis.xrange(keys.audit, '-', '+'))),
    clear: async () => {
      await ask((redis) => redis.flushdb());
    },
  };
};

const viewOf = (
  keys: ReturnType<typeof createKeys>,
  found: z.infer<typeof rows>,
  readBody: (text: string, address: string, licenceId: string | undefined) => Rig,
): View => {
  const all = new Map(found.map(([key, , value]) => [key, value]));
  const hash = (key: string) => new Map(pairList.parse(all.get(key) ?? []));
  const rigs = new Map<RigId, SeenRig>();
  const claims = new Map<RigId, ReadonlyMap<string, string>>();
  const claimStart = keys.claim('');
  const newsStart = keys.news('');
  const newsOf: RigId[] = [];
  for (const [key, kind] of found) {
    if (key.startsWith(keys.rigs)) {
      const fields = hash(key);
      const rig = readBody(fields.get('body') ?? '', fields.get('address') ?? '', fields.get('licence'));
      rigs.set(key.slice(keys.rigs.length), { version: Number(fields.get('version')), rig });
    }
    if (key.startsWith(claimStart)) claims.set(key.slice(claimStart.length), hash(key));
    if (kind === 'list' && key.startsWith(newsStart)) newsOf.push(key.slice(newsStart.length));
  }
  return {
    rigs,
    claims,
    hash,
    scores: (key) => new Map(pairList.parse(all.get(key) ?? []).map(([id, score]) => [id, Number(score)])),
    set: (key) => textList.parse(all.get(key) ?? []),
    news: (rig) => textList.parse(all.get(keys.news(rig)) ?? []).map((text) => told.parse(JSON.parse(text))),
    newsOf,
    auditLength: z.number().parse(all.get(keys.audit) ?? 0),
    text: () => JSON.stringify(found),
    keyNames: found.map(([key]) => key),
  };
};
