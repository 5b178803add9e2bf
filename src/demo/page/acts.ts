// What the page may ask for, and what it is answered: the acts of a person in the emulated Slack, the moving on of the time.

import { z } from 'zod';
import { day, second } from '../../rig/duration.ts';

const ref = z.string().min(1).max(255);
const as = { as: ref };
const typed = z.string().max(4000);

const place = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('message'), channel: ref, ts: ref }),
  z.strictObject({ kind: z.literal('home') }),
  z.strictObject({ kind: z.literal('modal') }),
]);

const act = z.discriminatedUnion('act', [
  /** Into a channel or a thread: a command, an answer to colleagues, or `/skip`. */
  z.strictObject({
    act: z.literal('type'),
    ...as,
    channel: ref,
    threadTs: ref.optional(),
    text: typed.min(1),
  }),
  z.strictObject({
    act: z.literal('click'),
    ...as,
    on: place,
    actionId: ref,
    blockId: ref,
    /** A button's own, or what is chosen; where several may be, the one that is turned over. */
    value: z.string().max(2000).optional(),
  }),
  z.strictObject({
    act: z.literal('submit'),
    ...as,
    /** By action id. */
    values: z.record(ref, z.union([typed, z.array(typed).max(100)])),
  }),
  z.strictObject({ act: z.literal('close'), ...as }),
  z.strictObject({ act: z.literal('open-home'), ...as }),
  z.strictObject({
    act: z.literal('skip'),
    ...as,
    length: z
      .number()
      .int()
      .min(second)
      .max(7 * day),
  }),
]);

export type Act = z.infer<typeof act>;
export type Place = z.infer<typeof place>;

/** `said`: what Slack, or the try-out, tells this person and nobody else. */
export type Performed = { readonly kind: 'done' } | { readonly kind: 'said'; readonly text: string };

export type ReadAct =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'wrong'; readonly why: string };

export const readAct = (body: string): ReadAct => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'wrong', why: 'this is not JSON' };
  }
  const parsed = act.safeParse(json);
  return parsed.success
    ? { kind: 'act', act: parsed.data }
    : { kind: 'wrong', why: z.prettifyError(parsed.error) };
};
