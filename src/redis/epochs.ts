// The registry's epoch, and the LANs on which it is finding out what there is.
//
// INVARIANT: a host looks here before it registers, so that no address of its pool can be claimed before its LAN is marked.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Epochs } from '../ports/surveys.ts';
import type { KnownEpoch } from '../rig/epoch.ts';
import type { LanId } from '../rig/rig.ts';
import { type Connection, script } from './connection.ts';
import { hostKey, type Keys, lanKey } from './keys.ts';
import { parseStored } from './schema.ts';

/**
 * Answers `{id, seq, now, verdict, adopted}`. `born` tells a registry that was made since the last look from an older one of
 * another name; both times are Redis' own.
 */
const lookScript = script(`
local epoch, adopting, adopted, hosts = unpack(KEYS)
local seenId, seenSeq, seenAt, fresh, lan, host, rise, all = unpack(ARGV)
local time = redis.call('TIME')
local now = math.floor(time[1] * 1000 + time[2] / 1000)
local found = redis.call('HMGET', epoch, 'id', 'seq', 'born')
local id, seq, born = found[1], tonumber(found[2] or 0), tonumber(found[3] or 0)
seenSeq, seenAt = tonumber(seenSeq), tonumber(seenAt)

local verdict = 'same'
if not id then
  verdict = seenId == '' and 'first' or 'lost'
elseif seenId ~= '' and id == seenId and seq < seenSeq then
  verdict = 'restored'
elseif seenId ~= '' and id ~= seenId then
  verdict = born <= seenAt and 'restored' or 'newer'
end

if verdict == 'first' or verdict == 'lost' or verdict == 'restored' then
  id, seq = fresh, math.max(seq, seenSeq) + 1
  -- Later than anything that was seen before, also where this Redis' clock is behind: or each look would make another.
  born = math.max(now, seenAt + 1)
  redis.call('HSET', epoch, 'id', id, 'seq', seq, 'born', born)
elseif rise == '1' then
  seq = redis.call('HINCRBY', epoch, 'seq', 1)
end
if verdict == 'restored' then
  for _, name in ipairs(redis.call('HKEYS', hosts)) do
    local its = redis.call('GET', all .. 'host:' .. name .. ':lan')
    if its then redis.call('HSET', adopting, its, now) end
  end
end
local is = host ~= '' and redis.call('HGET', adopted, host) == id
if host ~= '' and verdict ~= 'same' and verdict ~= 'first' and not is then redis.call('HSETNX', adopting, lan, now) end
return {id, seq, now, verdict, is and 1 or 0, born}
`);

/** One script, so that no host can come in between. */
const finishScript = script(`
local adopting, adopted, hosts = unpack(KEYS)
local lan, id, all = unpack(ARGV)
for _, host in ipairs(redis.call('SMEMBERS', hosts)) do
  if redis.call('EXISTS', all .. 'presence:' .. host) == 1 and redis.call('HGET', adopted, host) ~= id then return 0 end
end
redis.call('HDEL', adopting, lan)
return 1
`);

const lookAnswer = z.tuple([
  z.string(),
  z.number(),
  z.number(),
  z.enum(['same', 'first', 'lost', 'restored', 'newer']),
  z.number(),
  z.number(),
]);

/** What this process knows, and what its own changes add to it. */
export type EpochMemory = {
  readonly get: () => KnownEpoch | undefined;
  readonly set: (epoch: KnownEpoch) => void;
  /** One change of ours was written: in an unharmed registry the number is at least so high. */
  readonly rose: () => void;
};

export const rememberEpoch = (): EpochMemory => {
  let known: KnownEpoch | undefined;
  return {
    get: () => known,
    set: (epoch) => {
      known = epoch;
    },
    rose: () => {
      if (known) known = { ...known, seq: known.seq + 1 };
    },
  };
};

export const createEpochs = ({ ask, run }: Connection, keys: Keys, known: EpochMemory): Epochs => ({
  look: async ({ seen, host, rise = false }) => {
    const wanted = [keys.epoch, keys.adopting, keys.adopted, keys.hosts];
    const answer = await run(lookScript, wanted, [
      seen?.id ?? '',
      seen?.seq ?? 0,
      seen?.at ?? 0,
      randomBytes(4).toString('hex'),
      host === undefined ? '' : lanKey(host.lan),
      host === undefined ? '' : hostKey(host.name),
      rise ? 1 : 0,
      keys.all,
    ]);
    const [id, seq, at, verdict, adopted, born] = parseStored(lookAnswer, keys.epoch, answer);
    const epoch = { id, seq, at, born };
    known.set(epoch);
    return { epoch, verdict, adopted: adopted === 1 };
  },
  known: known.get,
  current: async () => (await ask((redis) => redis.hget(keys.epoch, 'id'))) ?? undefined,
  adopting: async () => {
    const found = await ask((redis) => redis.hgetall(keys.adopting));
    const since = parseStored(z.record(z.string(), z.coerce.number()), keys.adopting, found);
    return new Map(Object.entries(since).map(([lan, at]): [LanId, number] => [decodeURIComponent(lan), at]));
  },
  markAdopted: async (host, id) => {
    await ask((redis) => redis.hset(keys.adopted, hostKey(host), id));
  },
  isAdopted: async (host, id) => (await ask((redis) => redis.hget(keys.adopted, hostKey(host)))) === id,
  finish: async (lan, id) => {
    const wanted = [keys.adopting, keys.adopted, keys.lanHosts(lan)];
    return (await run(finishScript, wanted, [lanKey(lan), id, keys.all])) === 1;
  },
});
