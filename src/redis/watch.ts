// When leases were last looked at, by whichever bot.

import { z } from 'zod';
import type { Watch } from '../ports/registry.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { parseStored } from './schema.ts';

export const createWatch = ({ ask }: Connection, keys: Keys): Watch => ({
  last: async () => {
    const text = await ask((redis) => redis.get(keys.watched));
    return text === null ? undefined : parseStored(z.coerce.number(), keys.watched, text);
  },
  note: async (moment) => {
    await ask((redis) => redis.set(keys.watched, moment));
  },
});
