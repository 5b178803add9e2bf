// The bots that there are: one field each, with the moment until which it counts. Whoever notes takes out what counts no more.

import { z } from 'zod';
import type { BotNote, Bots } from '../ports/bots.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { botNote, parseStored, parseStoredJson } from './schema.ts';

/** `UNTIL NOTE`: the moment stands in front, so that a note of another version can be judged as well. */
const noteScript = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  if tonumber(string.match(rows[i + 1], '^%d+') or 0) <= now then redis.call('HDEL', KEYS[1], rows[i]) end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2])
return 1
`);

const listScript = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local found, rows = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  local till, note = string.match(rows[i + 1], '^(%d+) (.*)$')
  if till and tonumber(till) > now then found[#found + 1] = note end
end
return found
`);

/** One of another version is left out: nobody decides anything by it. */
const readNote = (text: string): readonly BotNote[] => {
  try {
    return [parseStoredJson(botNote, 'a bot', text)];
  } catch {
    return [];
  }
};

export const createBots = ({ ask, run }: Connection, keys: Keys): Bots => ({
  note: async (bot, length) => {
    await run(noteScript, [keys.bots], [bot.session, JSON.stringify(bot), Math.round(length)]);
  },
  leave: async (session) => {
    await ask((redis) => redis.hdel(keys.bots, session));
  },
  list: async () => {
    const texts = parseStored(z.array(z.string()), keys.bots, await run(listScript, [keys.bots], []));
    return texts.flatMap(readNote).sort((one, other) => one.session.localeCompare(other.session, 'en'));
  },
});
