// The outbox: one list of news per rig, drained by whoever holds its lease. And the cards, which the teller places.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Cards, Outbox, OutboxLease } from '../ports/outbox.ts';
import type { Duration } from '../rig/duration.ts';
import type { RigId } from '../rig/rig.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { cardPlace, parseStored, parseStoredJson, told } from './schema.ts';

const leaseScript = script(`
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
`);

const entriesScript = script(`return {redis.call('LRANGE', KEYS[1], 0, -1), redis.call('GET', KEYS[2])}`);

/** A drainer that makes headway keeps its lease. */
const sendingScript = script(`
local lease, sending = unpack(KEYS)
if redis.call('GET', lease) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', lease, ARGV[2])
redis.call('SET', sending, ARGV[3])
return 1
`);

const keepScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`);

const doneScript = script(`
local lease, sending, news, outbox, rig = unpack(KEYS)
local token, length, count, card, id = unpack(ARGV)
if redis.call('GET', lease) ~= token then return 0 end
redis.call('PEXPIRE', lease, length)
redis.call('LTRIM', news, count, -1)
redis.call('DEL', sending)
if redis.call('EXISTS', news) == 0 then redis.call('ZREM', outbox, id) end
if card ~= '' and redis.call('EXISTS', rig) == 1 then redis.call('HSET', rig, 'card', card) end
return 1
`);

const giveBackScript = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

/** A rig that is not known any more has no card either. */
const putScript = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'card', ARGV[1]) end
return 1
`);

const entriesAnswer = z.tuple([z.array(z.string()), z.string().nullable()]);

const createLease = (
  { run }: Connection,
  keys: Keys,
  rig: RigId,
  length: Duration,
  token: string,
): OutboxLease => {
  const [news, lease, sending] = [keys.news(rig), keys.lease(rig), keys.sending(rig)];
  return {
    entries: async () => {
      const answer = await run(entriesScript, [news, sending], []);
      const [texts, underway] = parseStored(entriesAnswer, news, answer);
      return texts.map((text) => {
        const entry = parseStoredJson(told, news, text);
        return { ...entry, uncertain: entry.id === underway };
      });
    },
    sending: async (id) => {
      const kept = await run(sendingScript, [lease, sending], [token, length, id]);
      // Somebody else tells it by now: to go on would tell it twice.
      if (kept !== 1) throw new Error(`the lease on the outbox of rig ${rig} was lost`);
    },
    keep: async () => (await run(keepScript, [lease], [token, length])) === 1,
    done: async (count, card) => {
      const wanted = [lease, sending, news, keys.outbox, keys.rig(rig)];
      const place = card ? JSON.stringify(card) : '';
      return (await run(doneScript, wanted, [token, length, count, place, rig])) === 1;
    },
    giveBack: async () => {
      await run(giveBackScript, [lease], [token]);
    },
  };
};

export const createOutbox = (connection: Connection, keys: Keys): Outbox => ({
  waiting: () => connection.ask((redis) => redis.zrange(keys.outbox, '0', '-1')),
  lease: async (rig, length) => {
    const token = randomUUID();
    const taken = await connection.run(leaseScript, [keys.lease(rig)], [token, length]);
    return taken === 1 ? createLease(connection, keys, rig, length, token) : undefined;
  },
});

export const createCards = ({ ask, run }: Connection, keys: Keys): Cards => ({
  get: async (rig) => {
    const key = keys.rig(rig);
    const text = await ask((redis) => redis.hget(key, 'card'));
    return text === null ? undefined : parseStoredJson(cardPlace, key, text);
  },
  put: async (rig, place) => {
    await run(putScript, [keys.rig(rig)], [JSON.stringify(place)]);
  },
});
