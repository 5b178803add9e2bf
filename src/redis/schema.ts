// What is read from the registry, checked: wrong data is a fault that names its key.

import { z } from 'zod';
import type { BotNote } from '../ports/bots.ts';
import type { CardPlace } from '../ports/outbox.ts';
import type { AuditEntry } from '../rig/audit.ts';
import type { Tripped } from '../rig/breaker.ts';
import type { HeldClaim } from '../rig/claim.ts';
import type { Draining, Registration } from '../rig/host.ts';
import type { Answer, News, Told } from '../rig/news.ts';
import type { Notice } from '../rig/notice.ts';
import type { Quarantined, Sighting } from '../rig/quarantine.ts';
import type { ReachAnswer } from '../rig/reach.ts';
import type { Use } from '../rig/use.ts';
import { crash, failReason, maybe, mode, outside, person, stopReason } from '../shapes/rig.ts';

export const use = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('streams'), count: z.number() }),
  z.object({ kind: z.literal('traffic'), bytesPerSecond: z.number() }),
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('unknown') }),
]) satisfies z.ZodType<Use>;

export const cardPlace = z.object({
  channel: z.string(),
  ts: z.string(),
  because: z
    .enum(['cannot-post', 'shared-channel', 'quietly', 'lost-place', 'deleted', 'cannot-see'])
    .optional(),
  open: z.object({ channel: z.string(), ts: z.string() }).optional(),
  left: z.object({ channel: z.string(), ts: z.string() }).optional(),
}) satisfies z.ZodType<CardPlace>;

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('extended'), by: person, end: z.number(), most: z.boolean() }),
  z.object({ kind: z.enum(['endless', 'wanted']), by: person }),
  z.object({ kind: z.literal('stopped'), by: person }),
  z.object({ kind: z.enum(['expired', 'idle', 'failed', 'used']) }),
  z.object({ kind: z.literal('restarted'), by: person, crash: maybe(crash) }),
  z.object({ kind: z.literal('given-up'), crash }),
]) satisfies z.ZodType<Answer>;

const news = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), progress: z.boolean() }),
  z.object({ kind: z.literal('ready'), took: z.number(), again: person.optional() }),
  z.object({ kind: z.literal('failed'), reason: failReason, tail: z.array(z.string()) }),
  z.object({ kind: z.literal('crashed'), crash, until: z.number() }),
  z.object({ kind: z.literal('ended'), reason: stopReason }),
  z.object({ kind: z.literal('reminder'), end: z.number(), left: z.number(), late: z.boolean() }),
  z.object({ kind: z.literal('kept'), use, end: z.number(), cap: maybe(z.number()) }),
  z.object({ kind: z.literal('idle'), unused: z.number(), stop: z.number() }),
  z.object({ kind: z.literal('answered'), answer }),
  z.object({ kind: z.literal('shared'), by: person, with: z.array(person) }),
  z.object({ kind: z.literal('given'), by: person, from: person }),
  z.object({
    kind: z.literal('adopted'),
    end: maybe(z.number()),
    later: z.boolean(),
    was: maybe(z.string()),
  }),
  z.object({ kind: z.literal('resumed') }),
  z.object({ kind: z.literal('log'), to: person, lines: maybe(z.array(z.string())), host: z.string() }),
]) satisfies z.ZodType<News>;

export const told = z.object({ id: z.string(), news }) satisfies z.ZodType<Told>;

const actor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('bot') }),
  z.object({ kind: z.literal('host'), name: z.string() }),
]);

export const auditEntry = z.object({
  at: z.number(),
  by: actor,
  what: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  rig: z.object({ id: maybe(z.string()), name: z.string() }).optional(),
  host: z.string().optional(),
  why: z.string().optional(),
}) satisfies z.ZodType<AuditEntry>;

export const notice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unfit-redis'), why: z.string() }),
  z.object({ kind: z.literal('gone-person'), person, rig: z.string() }),
  z.object({
    kind: z.literal('endless-rigs'),
    rigs: z.array(z.object({ name: z.string(), owner: person, host: z.string() })),
  }),
  z.object({ kind: z.literal('untold'), rig: z.string(), id: z.string(), owner: person, why: z.string() }),
  z.object({
    kind: z.literal('address-taken'),
    lan: z.string(),
    address: z.string(),
    host: z.string(),
    why: z.enum(['answered', 'in-use']),
    mac: maybe(z.string()),
  }),
  z.object({
    kind: z.literal('proxy-arp'),
    lan: z.string(),
    mac: z.string(),
    host: z.string(),
    addresses: z.array(z.string()),
  }),
  z.object({ kind: z.literal('adoption'), epoch: z.string() }),
  z.object({ kind: z.literal('too-many-removals'), host: z.string(), would: z.number(), of: z.number() }),
  z.object({ kind: z.literal('unknown-containers'), host: z.string(), count: z.number() }),
  z.object({ kind: z.literal('moved-containers'), host: z.string(), of: z.string(), count: z.number() }),
]) satisfies z.ZodType<Notice>;

/** A hash, so all of it is text. */
export const heldClaim = z.object({
  generation: z.coerce.number().int().positive(),
  host: z.string(),
  lan: z.string(),
  address: z.string(),
  stopping: z.enum(['0', '1']).transform((text) => text === '1'),
}) satisfies z.ZodType<HeldClaim>;

/** Without addresses and licences: they have keys of their own. */
export const registration = z.object({
  v: z.literal(1),
  name: z.string(),
  lan: z.string(),
  mode,
  subnet: z.string(),
  gateway: maybe(z.string()),
  range: z.string(),
  // A worker from before there was a choice.
  shared: z.boolean().default(false),
  slots: z.number(),
  engine: z.string(),
  image: z.string(),
  // Workers of older versions say neither.
  tags: z.array(z.string()).default([]),
  keyId: z.string().optional(),
  licensed: z.boolean(),
  version: z.string(),
  notes: z.array(z.string()).default([]),
  ...outside,
  registered: z.number(),
}) satisfies z.ZodType<Omit<Registration, 'addresses' | 'licences'>>;

export const quarantined = z.object({
  why: z.enum(['answered', 'in-use', 'host-vanished', 'doctor']),
  at: z.number(),
  host: z.string(),
  rig: z.string().optional(),
  mac: z.string().optional(),
}) satisfies z.ZodType<Quarantined>;

export const sighting = z.object({
  v: z.literal(1),
  host: z.string(),
  lan: z.string(),
  at: z.number(),
  seen: z.array(
    z.object({
      address: z.string(),
      answered: z.object({ mac: z.string(), at: z.number() }).optional(),
      silent: z.object({ since: z.number(), probes: z.number() }).optional(),
    }),
  ),
}) satisfies z.ZodType<Sighting>;

export const draining = z.object({ by: person, at: z.number() }) satisfies z.ZodType<Draining>;

export const tripped = z.object({
  host: z.string(),
  at: z.number(),
  would: z.number(),
  of: z.number(),
  allowed: draining.optional(),
}) satisfies z.ZodType<Tripped>;

export const botNote = z.object({
  v: z.literal(1),
  session: z.string(),
  keyIds: z.array(z.string()),
  version: z.string(),
  since: z.number(),
}) satisfies z.ZodType<BotNote>;

const portOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), took: z.number() }),
  z.object({ kind: z.enum(['closed', 'silent']) }),
  z.object({ kind: z.literal('no-way'), code: z.string() }),
]);

export const reachAnswer = z.object({
  v: z.literal(1),
  host: z.string(),
  skew: z.number(),
  saw: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('tried'),
      ports: z.array(z.object({ port: z.number(), outcome: portOutcome })),
    }),
    z.object({ kind: z.literal('refused'), why: z.string() }),
  ]),
}) satisfies z.ZodType<ReachAnswer>;

/** Checks what was read; the fault names the key and what is wrong, not the data. */
export const parseStored = <T>(schema: z.ZodType<T>, key: string, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${key} is wrong in the registry: ${issue?.path.join('.')}: ${issue?.message}`);
};

export const parseStoredJson = <T>(schema: z.ZodType<T>, key: string, text: unknown): T => {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (error) {
    throw new Error(`${key} is wrong in the registry: no JSON`, { cause: error });
  }
  return parseStored(schema, key, value);
};
