// What our buttons carry, and how it is read when it comes back: a value is data from outside like any other.

import { z } from 'zod';
import type { ListFilter } from '../../control/list-rigs.ts';
import type { HostName, Rig } from '../../rig/rig.ts';

/** The action ids of all our buttons. */
export const actions = {
  open: 'open-two-way-streaming',
  password: 'password',
  stop: 'stop',
  stopAll: 'stop-all',
  /** In the answer to `down`: it is drawn anew. */
  stopListed: 'stop-listed',
  extendByOne: 'extend-1h',
  extendByFour: 'extend-4h',
  extendEvening: 'extend-evening',
  extendChoice: 'extend-choice',
  want: 'want',
  restart: 'restart',
  more: 'more',
  sureStop: 'sure-stop',
  sureRestart: 'sure-restart',
  sureEmpty: 'sure-empty-host',
  sureForget: 'sure-forget-host',
  startOne: 'start-one',
  upAgain: 'up-again',
  postThere: 'post-there',
  listPrevious: 'list-previous',
  listNext: 'list-next',
} as const;

const command = z.string().regex(/^\/[^\s<>&`]{1,32}$/);

const rigValue = z.object({ rig: z.string().min(1).max(64), name: z.string().min(1).max(64), command });
export type RigValue = z.infer<typeof rigValue>;

/** An entry of *Extend* or of the overflow menu: a list and not an object, since Slack takes 150 characters. */
const choiceValue = z
  .tuple([
    rigValue.shape.rig,
    rigValue.shape.name,
    command,
    z.enum(['1h', '4h', 'evening', 'logs', 'restart', 'share', 'history']),
  ])
  .transform(([rig, name, typed, what]) => ({ rig, name, command: typed, do: what }));
export type ChoiceValue = z.infer<typeof choiceValue>;

/** A restart that was asked about first. */
const restartValue = rigValue.extend({ tag: z.string().max(128).optional() });
export type RestartValue = z.infer<typeof restartValue>;

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

/** Something with a host that was asked about first. */
const hostValue = z.object({ host: z.string().min(1).max(200), command });
export type HostValue = z.infer<typeof hostValue>;

const commandValue = z.object({ command });
export type CommandValue = z.infer<typeof commandValue>;

/** Where a form for a new rig was opened: its card goes to that channel; without one the form asks. */
const startOrigin = commandValue.extend({ channel: z.string().min(1).max(64).optional() });
export type StartOrigin = z.infer<typeof startOrigin>;

/** Whatever it is for: a value of ours names the command. */
const anyValue = z.union([commandValue, choiceValue]);

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
export const writeChoiceValue = (
  rig: Pick<Rig, 'id' | 'name'>,
  typed: string,
  what: ChoiceValue['do'],
): string => JSON.stringify([rig.id, rig.name, typed, what] satisfies z.input<typeof choiceValue>);
export const writeRestartValue = (
  rig: Pick<Rig, 'id' | 'name'>,
  typed: string,
  tag: string | undefined,
): string =>
  JSON.stringify({
    rig: rig.id,
    name: rig.name,
    command: typed,
    ...(tag === undefined ? {} : { tag }),
  } satisfies RestartValue);
export const writeListValue = (filter: ListFilter, page: number, typed: string): string =>
  JSON.stringify({ filter, page, command: typed } satisfies ListValue);
export const writeHostValue = (host: HostName, typed: string): string =>
  JSON.stringify({ host, command: typed } satisfies HostValue);
export const writeCommandValue = (typed: string): string =>
  JSON.stringify({ command: typed } satisfies CommandValue);
export const writeStartOrigin = (origin: StartOrigin): string => JSON.stringify(origin satisfies StartOrigin);

/** They throw on what is not ours: such a value is a fault, and is answered as one. */
export const readRigValue = (value: unknown): RigValue => json.pipe(rigValue).parse(value);
export const readChoiceValue = (value: unknown): ChoiceValue => json.pipe(choiceValue).parse(value);
export const readRestartValue = (value: unknown): RestartValue => json.pipe(restartValue).parse(value);
export const readHostValue = (value: unknown): HostValue => json.pipe(hostValue).parse(value);
export const readListValue = (value: unknown): ListValue => json.pipe(listValue).parse(value);
export const readStartOrigin = (value: unknown): StartOrigin => json.pipe(startOrigin).parse(value);

/** Every value of ours holds the command as it was typed; only sentences need it. */
export const commandIn = (value: unknown): string => {
  const read = json.pipe(anyValue).safeParse(value);
  return read.success ? read.data.command : '/wcs';
};
