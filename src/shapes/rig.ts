// A rig and its parts, as they are read again from wherever they were written: the registry, the queues, a host's disk. Wrong
// data does not pass.

import { z } from 'zod';
import type { Crash, FailReason, Person, Rig, RigState, RunningImage, StopReason } from '../rig/rig.ts';

/** JSON leaves out what is undefined; the key is there again afterwards. */
export const maybe = <T>(schema: z.ZodType<T>) => schema.optional().transform((value) => value);

export const person = z.object({ id: z.string(), name: z.string() }) satisfies z.ZodType<Person>;
export const mode = z.enum(['ipvlan', 'macvlan', 'bridge', 'publish', 'host']);

export const outside = {
  external: z.record(z.string(), z.string()).optional(),
  linkHost: z.string().optional(),
};
/** What a rig knows of its network. */
export const rigNetwork = z.object({ lan: z.string(), mode, subnet: z.string(), ...outside });

/** What a host says as well as the registry. */
const seenByHosts = [
  z.object({ kind: z.literal('exited'), exitCode: z.number(), outOfMemory: z.boolean() }),
  z.object({ kind: z.literal('not-ready'), missingPorts: z.array(z.number()), waited: z.number() }),
  z.object({ kind: z.literal('no-image'), reference: z.string(), detail: z.string() }),
  z.object({ kind: z.literal('ports-taken'), ports: z.array(z.number()) }),
  z.object({ kind: z.literal('died'), exitCode: z.number(), outOfMemory: z.boolean() }),
  z.object({ kind: z.literal('removed') }),
  z.object({ kind: z.literal('too-late') }),
  z.object({ kind: z.literal('superseded') }),
  z.object({ kind: z.literal('not-resumed') }),
  z.object({ kind: z.literal('overdue') }),
  z.object({ kind: z.literal('engine'), detail: z.string() }),
] as const;
const addressInUse = z.object({ kind: z.literal('address-in-use'), address: z.string() });

/** In reports, and in the notes on hosts' disks. */
export const hostFailReason = z.discriminatedUnion('kind', [
  ...seenByHosts,
  addressInUse,
]) satisfies z.ZodType<FailReason>;

/** In the registry: what only the bot says is in there, too. */
export const failReason = z.discriminatedUnion('kind', [
  ...seenByHosts,
  addressInUse.extend({ others: z.enum(['none-free', 'taken-too']).optional() }),
  z.object({ kind: z.literal('host-forgotten'), host: z.string(), by: person }),
  z.object({ kind: z.literal('licence-in-use') }),
]) satisfies z.ZodType<FailReason>;

export const stopReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asked'), by: person }),
  z.object({ kind: z.literal('expired') }),
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('drained'), by: person }),
  z.object({ kind: z.literal('not-restarted') }),
  z.object({ kind: z.literal('not-there') }),
  z.object({ kind: z.literal('address-twice') }),
  z.object({ kind: z.literal('licence-twice') }),
  z.object({ kind: z.literal('overdue') }),
]) satisfies z.ZodType<StopReason>;

export const crash = z.object({ reason: failReason, tail: z.array(z.string()) }) satisfies z.ZodType<Crash>;

const phase = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pulling'), percent: maybe(z.number()) }),
  z.object({ kind: z.literal('booting') }),
]);

const state = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('placed'), since: z.number() }),
  z.object({ kind: z.literal('starting'), since: z.number(), phase }),
  z.object({ kind: z.literal('running'), since: z.number() }),
  z.object({ kind: z.literal('crashed'), since: z.number(), crash, until: z.number() }),
  z.object({ kind: z.literal('stopping'), since: z.number(), reason: stopReason }),
  z.object({ kind: z.literal('stopped'), since: z.number(), reason: stopReason }),
  z.object({ kind: z.literal('failed'), since: z.number(), reason: failReason }),
]) satisfies z.ZodType<RigState>;

export const image = z.object({
  digest: z.string(),
  unchecked: z.boolean(),
  licensed: z.boolean(),
}) satisfies z.ZodType<RunningImage>;

/** Address and licence are kept beside it, since the claim finds them. */
export const rigBody = z.object({
  id: z.string(),
  name: z.string(),
  generation: z.number(),
  owner: person,
  // Rigs that were made before there was sharing have none.
  shared: z.array(person).default([]),
  host: z.string(),
  network: rigNetwork,
  tag: z.string(),
  keyId: z.string().optional(),
  created: z.number(),
  lease: z.object({
    end: maybe(z.number()),
    cap: maybe(z.number()),
    rev: z.number(),
    reminded: z.number().optional(),
    keptFrom: z.number().optional(),
    idleStop: z.number().optional(),
    wanted: z.number().optional(),
  }),
  asked: z.object({
    channel: z.string(),
    command: z.string(),
    quietly: z.boolean(),
    cut: z.boolean(),
    host: z.string().optional(),
  }),
  state,
  image: image.optional(),
  restarted: z.object({ at: z.number(), by: person }).optional(),
  heeded: z.array(z.string()).readonly().optional(),
  ran: z.string().optional(),
  took: z.number().optional(),
  usual: z.number().optional(),
  swaps: z.number().optional(),
}) satisfies z.ZodType<Omit<Rig, 'address' | 'licenceId'>>;
