// What operators are to be told: kept until it was told, each cause once, and not again for a while.

import { z } from 'zod';
import type { Notices } from '../ports/audit.ts';
import type { Homes } from '../ports/registry.ts';
import { causeOf, type Notice } from '../rig/notice.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { notice, parseStored, parseStoredJson } from './schema.ts';

const putScript = script(`
local notices, quiet, told = unpack(KEYS)
local cause, body, length = unpack(ARGV)
if redis.call('EXISTS', told) == 1 then return 0 end
redis.call('HSETNX', notices, cause, body)
redis.call('HSETNX', quiet, cause, length)
return 1
`);

/** Answers the first one that nobody else has taken. */
const takeScript = script(`
local notices = KEYS[1]
local start, length = unpack(ARGV)
for _, cause in ipairs(redis.call('HKEYS', notices)) do
  if redis.call('SET', start .. cause .. ':taken', '1', 'NX', 'PX', length) then
    return redis.call('HGET', notices, cause)
  end
end
return false
`);

const toldScript = script(`
local notices, quiet, told, taken = unpack(KEYS)
local cause = ARGV[1]
local length = redis.call('HGET', quiet, cause)
if length then redis.call('SET', told, '1', 'PX', length) end
redis.call('HDEL', notices, cause)
redis.call('HDEL', quiet, cause)
redis.call('DEL', taken)
return 1
`);

/** Causes are parts of keys. */
const encode = (one: Notice): string => encodeURIComponent(causeOf(one));

export const createNotices = ({ run }: Connection, keys: Keys): Notices => ({
  put: async (one, quiet) => {
    const wanted = [keys.notices, keys.noticeQuiet, keys.noticeTold(causeOf(one))];
    await run(putScript, wanted, [encode(one), JSON.stringify(one), Math.max(1, Math.round(quiet))]);
  },
  take: async (length) => {
    const text = await run(takeScript, [keys.notices], [keys.noticeStart, length]);
    return text === null
      ? undefined
      : parseStoredJson(notice, keys.notices, parseStored(z.string(), keys.notices, text));
  },
  told: async (one) => {
    const cause = causeOf(one);
    const wanted = [keys.notices, keys.noticeQuiet, keys.noticeTold(cause), keys.noticeTaken(cause)];
    await run(toldScript, wanted, [encode(one)]);
  },
});

/** Whoever has not opened their home for so long has forgotten it. */
const mostHomes = 10_000;

export const createHomes = ({ ask }: Connection, keys: Keys): Homes => ({
  opened: async (user, at) => {
    await ask((redis) => redis.zadd(keys.homes, at, user));
    await ask((redis) => redis.zremrangebyrank(keys.homes, 0, -mostHomes - 1));
  },
  isOpenSince: async (user, moment) => {
    const score = await ask((redis) => redis.zscore(keys.homes, user));
    return score !== null && Number(score) >= moment;
  },
});
