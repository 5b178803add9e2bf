// What is read from the queues, checked: a job of another version, or a broken one, is not run.

import { z } from 'zod';
import type { Job } from '../rig/job.ts';
import type { Report, Sighting } from '../rig/report.ts';
import type { FailReason } from '../rig/rig.ts';

const count = z.number().int().positive();

const base = { v: z.literal(1), rig: z.string().min(1), generation: count, attempt: count };

export const jobSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('launch'),
    deadline: z.number(),
    name: z.string().min(1),
    owner: z.object({ id: z.string(), name: z.string() }),
    lan: z.string(),
    address: z.ipv4(),
    tag: z.string().min(1),
    created: z.number(),
    lease: z.object({ end: z.number(), cap: z.number(), rev: z.number() }),
  }),
  z.object({ ...base, kind: z.literal('stop') }),
]) satisfies z.ZodType<Job>;

const failReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), exitCode: z.number(), outOfMemory: z.boolean() }),
  z.object({ kind: z.literal('not-ready'), missingPorts: z.array(z.number()), waited: z.number() }),
  z.object({ kind: z.literal('no-image'), reference: z.string(), detail: z.string() }),
  z.object({ kind: z.literal('address-in-use'), address: z.string() }),
  z.object({ kind: z.literal('died'), exitCode: z.number(), outOfMemory: z.boolean() }),
  z.object({ kind: z.literal('removed') }),
  z.object({ kind: z.literal('too-late') }),
  z.object({ kind: z.literal('superseded') }),
  z.object({ kind: z.literal('engine'), detail: z.string() }),
]) satisfies z.ZodType<FailReason>;

const image = z.object({ digest: z.string(), unchecked: z.boolean(), licensed: z.boolean() });

const sighting = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pulling'), percent: z.number().optional() }),
  z.object({ kind: z.literal('starting'), image }),
  z.object({ kind: z.literal('ready'), image: image.optional() }),
  z.object({ kind: z.literal('failed'), reason: failReason, tail: z.array(z.string()) }),
  z.object({ kind: z.literal('gone') }),
]) satisfies z.ZodType<Sighting>;

export const reportSchema = z.object({
  v: z.literal(1),
  host: z.string(),
  rig: z.string().min(1),
  generation: count,
  at: z.number(),
  saw: sighting,
}) satisfies z.ZodType<Report>;

export const wakeSchema = z.object({ v: z.literal(1), rig: z.string().min(1) });
export type Wake = z.infer<typeof wakeSchema>;
