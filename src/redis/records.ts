// The registry's own record of each rig, as hosts keep it on their disks.

import { z } from 'zod';
import type { CardPlace } from '../ports/outbox.ts';
import type { Records } from '../ports/surveys.ts';
import { isLicenceId } from '../rig/birth-facts.ts';
import type { RigRecord } from '../rig/record.ts';
import type { Rig, RigId } from '../rig/rig.ts';
import { rigBody } from '../shapes/rig.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { licenceOf } from './rig-lists.ts';
import { cardPlace, parseStored, parseStoredJson } from './schema.ts';

const hostScript = script(`
local found = {}
for i, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  found[i] = {id, redis.call('HMGET', ARGV[1] .. id, 'version', 'address', 'body', 'licence', 'card')}
end
return found
`);

const row = z.tuple([
  z.coerce.number().int().positive(),
  z.string(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
]);
const rows = z.array(z.tuple([z.string(), z.unknown()]));

/** As it lies on a host's disk: the body and the card as the registry's own texts. */
const recordText = z.object({
  version: z.number().int().positive(),
  address: z.ipv4(),
  body: z.string(),
  // Hosts of older versions have written none.
  licence: z.string().refine(isLicenceId).nullable().optional(),
  card: z.string().nullable(),
});

const asRecord = (key: string, value: unknown): RigRecord => {
  const [version, address, body, licence, card] = parseStored(row, key, value);
  const { id, generation, lease } = parseStoredJson(rigBody, key, body);
  const { end, cap, rev } = lease;
  return {
    rig: id,
    generation,
    version,
    lease: { end, cap, rev },
    text: JSON.stringify({ version, address, body, licence, card } satisfies z.infer<typeof recordText>),
  };
};

export const createRecords = ({ ask, run }: Connection, keys: Keys): Records => ({
  changes: async (host) => Number((await ask((redis) => redis.get(keys.hostChanges(host)))) ?? 0),
  ofHost: async (host) => {
    const key = keys.hostRigs(host);
    const found = parseStored(rows, key, await run(hostScript, [key], [keys.rigs]));
    return found.map(([id, value]) => asRecord(keys.rig(id), value));
  },
  of: async (rig: RigId) => {
    const key = keys.rig(rig);
    const found = await ask((redis) => redis.hmget(key, 'version', 'address', 'body', 'licence', 'card'));
    return found.every((field) => field === null) ? undefined : asRecord(key, found);
  },
});

export type ReadRecord = {
  readonly rig: Rig;
  readonly version: number;
  readonly card: CardPlace | undefined;
};

/** What a host kept, read again; throws where it is none of ours. */
export const readRecord = (text: string): ReadRecord => {
  const where = 'a rig file';
  const { version, address, body, licence, card } = parseStoredJson(recordText, where, text);
  return {
    rig: { ...parseStoredJson(rigBody, where, body), address, ...licenceOf(licence) },
    version,
    card: card === null ? undefined : parseStoredJson(cardPlace, where, card),
  };
};
