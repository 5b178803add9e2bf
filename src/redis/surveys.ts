// Surveys: one per host, overwritten. What cannot be read is left out, with a line in the log; the others are read.

import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { KeptRig, Surveys } from '../ports/surveys.ts';
import {
  asPersonName,
  isLanId,
  isLicenceId,
  isRigId,
  isUserId,
  mostGenerations,
} from '../rig/birth-facts.ts';
import { isTag } from '../rig/image-reference.ts';
import { isRigName } from '../rig/name.ts';
import type { Birth, ContainerState, LeftNote, Survey, SurveyedContainer } from '../rig/survey.ts';
import { hostFailReason, maybe } from '../shapes/rig.ts';
import { type Connection, script } from './connection.ts';
import { hostKey, type Keys } from './keys.ts';
import { readRecord } from './records.ts';
import { parseStored, parseStoredJson } from './schema.ts';

const putScript = script(`
local survey, surveys = unpack(KEYS)
local time = redis.call('TIME')
redis.call('SET', survey, ARGV[1])
redis.call('ZADD', surveys, string.format('%.3f', time[1] * 1000 + time[2] / 1000), ARGV[2])
return 1
`);

const sinceScript = script(`
local found = {}
for i, host in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])) do
  found[i] = {host, redis.call('ZSCORE', KEYS[1], host), redis.call('GET', ARGV[3] .. host) or ''}
end
return found
`);

const sightScript = script(`
redis.call('DEL', KEYS[1])
for i = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
return 1
`);

const rows = z.array(z.tuple([z.string(), z.string(), z.string()]));

/** So many are read at once; the rest at the next call. */
const mostAtOnce = 100;

const states = z.enum([
  'created',
  'running',
  'paused',
  'exited',
  'removing',
]) satisfies z.ZodType<ContainerState>;

/** From labels, which anybody on the host can write. */
const birth = z.object({
  name: z.string().refine(isRigName),
  owner: z.object({ id: z.string().refine(isUserId), name: z.string().transform(asPersonName) }),
  lan: z.string().refine(isLanId),
  tag: z.string().refine(isTag),
  created: z.number(),
  cap: maybe(z.number()),
  keyId: maybe(z.string().max(64)),
  // Workers of older versions say none.
  licenceId: maybe(z.string().refine(isLicenceId)),
}) satisfies z.ZodType<Birth>;

/** A note that is none of ours is as good as none. */
const kept = z
  .object({ text: z.string() })
  .optional()
  .transform((file): KeptRig | undefined => {
    if (file === undefined) return undefined;
    try {
      return readRecord(file.text);
    } catch {
      return undefined;
    }
  });

const which = {
  rig: z.string().refine(isRigId),
  generation: z.number().int().positive().max(mostGenerations),
};

const container = z.object({
  ...which,
  address: z.ipv4(),
  state: states,
  madeAt: z.number(),
  birth: maybe(birth),
  kept,
}) satisfies z.ZodType<SurveyedContainer<KeptRig>>;

const note = z.object({
  ...which,
  ended: maybe(z.object({ reason: hostFailReason, at: z.number() })),
  kept,
}) satisfies z.ZodType<LeftNote<KeptRig>>;

/** Its entries are read one by one: a bad one says nothing of the others. */
const survey = z.object({
  v: z.literal(1),
  host: z.string().min(1),
  started: z.number(),
  containers: z.array(z.unknown()),
  notes: z.array(z.unknown()),
});

type Entries<T> = { readonly good: readonly T[]; readonly faults: readonly string[] };

const readEach = <T>(schema: z.ZodType<T>, entries: readonly unknown[]): Entries<T> => {
  const read = entries.map((entry) => schema.safeParse(entry));
  return {
    good: read.flatMap((one) => (one.success ? [one.data] : [])),
    faults: read.flatMap(({ error }) =>
      error ? [`${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`] : [],
    ),
  };
};

export const createSurveys = ({ ask, run }: Connection, keys: Keys, log: Log): Surveys => {
  /** What was last said of each host: it says the same again every half minute. */
  const said = new Map<string, string>();
  const tellOfDropped = (host: string, faults: readonly string[]): void => {
    const text = faults.join('; ');
    if (text !== '' && text !== said.get(host)) {
      const facts = { host, count: faults.length, faults: faults.slice(0, 3) };
      log.error(facts, 'entries of a survey that cannot be read were left out');
    }
    said.set(host, text);
  };
  const read = (host: string, text: string): readonly Survey<KeptRig>[] => {
    try {
      const found = parseStoredJson(survey, `${keys.surveys} ${host}`, text);
      const containers = readEach(container, found.containers);
      const notes = readEach(note, found.notes);
      tellOfDropped(host, [...containers.faults, ...notes.faults]);
      return [{ ...found, containers: containers.good, notes: notes.good }];
    } catch (error) {
      log.error({ host, err: error }, 'a survey that cannot be read was left out');
      return [];
    }
  };
  return {
    put: async (one) => {
      await run(putScript, [keys.survey(one.host), keys.surveys], [JSON.stringify(one), hostKey(one.host)]);
    },
    since: async (cursor) => {
      const found = parseStored(
        rows,
        keys.surveys,
        await run(sinceScript, [keys.surveys], [cursor, mostAtOnce, keys.surveyStart]),
      );
      const last = found.at(-1);
      return {
        surveys: found.flatMap(([host, , text]) => read(host, text)),
        cursor: last === undefined ? cursor : Number(last[1]),
      };
    },
    all: async () => {
      const hosts = await ask((redis) => redis.zrange(keys.surveys, '0', '-1'));
      const texts =
        hosts.length === 0
          ? []
          : await ask((redis) => redis.mget(hosts.map((host) => keys.surveyStart + host)));
      return hosts.flatMap((host, index) => read(host, texts[index] ?? ''));
    },
    sighted: async (host) => {
      const key = keys.sightings(host);
      const found = await ask((redis) => redis.hgetall(key));
      return new Map(Object.entries(parseStored(z.record(z.string(), z.coerce.number()), key, found)));
    },
    sight: async (host, sightings) => {
      const flat = [...sightings].flat();
      await run(sightScript, [keys.sightings(host)], flat);
    },
    of: async (host) => {
      const text = await ask((redis) => redis.get(keys.survey(host)));
      return text === null ? undefined : read(hostKey(host), text)[0];
    },
  };
};
