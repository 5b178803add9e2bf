// What is read from the queues, checked: a job of another version, or a broken one, is not run.

import { z } from 'zod';
import { isLicenceId } from '../rig/birth-facts.ts';
import type { HostJob, Job, ReachJob } from '../rig/job.ts';
import { mostPorts } from '../rig/reach.ts';
import type { Report, Sighting } from '../rig/report.ts';
import { hostFailReason, image, maybe, person } from '../shapes/rig.ts';

const count = z.number().int().positive();

/** Of a question. */
const request = z.string().regex(/^[a-z0-9]{1,32}$/);

const base = {
  v: z.literal(1),
  rig: z.string().min(1),
  generation: count,
  attempt: count,
  epoch: maybe(z.string().regex(/^[a-z0-9]{1,32}$/)),
};

export const jobSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('launch'),
    deadline: z.number(),
    name: z.string().min(1),
    owner: person,
    lan: z.string(),
    address: z.ipv4(),
    tag: z.string().min(1),
    keyId: maybe(z.string()),
    licenceId: maybe(z.string().refine(isLicenceId)),
    created: z.number(),
    lease: z.object({ end: maybe(z.number()), cap: maybe(z.number()), rev: z.number() }),
  }),
  z.object({ ...base, kind: z.literal('stop'), rev: maybe(z.number()), deadline: maybe(z.number()) }),
  z.object({ ...base, kind: z.literal('look'), restored: z.boolean(), deadline: maybe(z.number()) }),
  z.object({
    ...base,
    kind: z.literal('log'),
    request,
    lines: count.max(1000),
    to: person,
    deadline: z.number(),
  }),
]) satisfies z.ZodType<Job>;

const reachSchema = z.object({
  v: z.literal(1),
  kind: z.literal('reach'),
  request,
  lan: z.string().min(1),
  address: z.ipv4(),
  ports: z.array(count.max(65_535)).min(1).max(mostPorts),
  deadline: z.number(),
}) satisfies z.ZodType<ReachJob>;

export const hostJobSchema = z.discriminatedUnion('kind', [
  ...jobSchema.options,
  reachSchema,
]) satisfies z.ZodType<HostJob>;

const sighting = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pulling'), percent: z.number().optional() }),
  z.object({ kind: z.literal('starting'), image }),
  z.object({ kind: z.literal('ready'), image: image.optional() }),
  z.object({ kind: z.literal('failed'), reason: hostFailReason, tail: z.array(z.string()) }),
  z.object({ kind: z.literal('gone') }),
  z.object({ kind: z.literal('resumed') }),
  z.object({ kind: z.literal('refused'), rev: z.number() }),
  z.object({ kind: z.literal('missing'), restored: z.boolean() }),
  z.object({ kind: z.literal('log'), to: person, lines: maybe(z.array(z.string())) }),
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
