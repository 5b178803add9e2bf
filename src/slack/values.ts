// What our buttons carry, and how it is read when it comes back: a value is data from outside like any other.

import { z } from 'zod';
import type { ListFilter } from '../control/list-rigs.ts';
import type { Rig } from '../rig/rig.ts';

/** The action ids of all our buttons. */
export const actions = {
  open: 'open-two-way-streaming',
  password: 'password',
  stop: 'stop',
  stopAll: 'stop-all',
  extendByOne: 'extend-1h',
  extendByFour: 'extend-4h',
  upAgain: 'up-again',
  postThere: 'post-there',
  listPrevious: 'list-previous',
  listNext: 'list-next',
} as const;

const command = z.string().regex(/^\/[^\s<>&`]{1,32}$/);

const rigValue = z.object({ rig: z.string().min(1).max(64), name: z.string().min(1).max(64), command });
export type RigValue = z.infer<typeof rigValue>;

const listValue = z.object({
  filter: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('all') }),
    z.object({ kind: z.literal('mine') }),
    z.object({ kind: z.literal('on'), host: z.string().min(1).max(200) }),
  ]),
  page: z.number().int().min(0).max(100_000),
  command,
});
export type ListValue = z.infer<typeof listValue>;

const commandValue = z.object({ command });
export type CommandValue = z.infer<typeof commandValue>;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});

export const writeRigValue = ({ id, name }: Pick<Rig, 'id' | 'name'>, typed: string): string =>
  JSON.stringify({ rig: id, name, command: typed } satisfies RigValue);
export const writeListValue = (filter: ListFilter, page: number, typed: string): string =>
  JSON.stringify({ filter, page, command: typed } satisfies ListValue);
export const writeCommandValue = (typed: string): string =>
  JSON.stringify({ command: typed } satisfies CommandValue);

/** They throw on what is not ours: such a value is a fault, and is answered as one. */
export const readRigValue = (value: unknown): RigValue => json.pipe(rigValue).parse(value);
export const readListValue = (value: unknown): ListValue => json.pipe(listValue).parse(value);
export const readCommandValue = (value: unknown): CommandValue => json.pipe(commandValue).parse(value);
