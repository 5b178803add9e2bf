// Answers to the doctor's question whether an address can be reached: a key each, that goes by itself.

import type { Reaches } from '../ports/reaches.ts';
import { minute } from '../rig/duration.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { parseStoredJson, reachAnswer } from './schema.ts';

export const createReaches = ({ ask }: Connection, keys: Keys): Reaches => ({
  answer: async (request, answer) => {
    await ask((redis) => redis.set(keys.reach(request), JSON.stringify(answer), 'PX', minute));
  },
  of: async (request) => {
    const key = keys.reach(request);
    const text = await ask((redis) => redis.get(key));
    return text === null ? undefined : parseStoredJson(reachAnswer, key, text);
  },
});
