// A Web API method of the emulated Slack: which token and scopes it wants, which fields it knows, what it does.

import { z } from 'zod';
import type { Files } from '../files.ts';
import type { AppSettings } from '../manifest.ts';
import type { Pacing } from '../pacing.ts';
import type { Channel } from '../state.ts';
import type { Triggers } from '../triggers.ts';
import type { Rule } from '../wire.ts';
import { app, type Workspace } from '../workspace.ts';

export type Answer =
  | { readonly ok: true; readonly [field: string]: unknown }
  | { readonly ok: false; readonly error: string; readonly [field: string]: unknown };

export type Refusal = Extract<Answer, { ok: false }>;

/** What the methods work on. */
export type CallContext = {
  readonly workspace: Workspace;
  readonly settings: AppSettings;
  /** What the app-level token may do. */
  readonly appScopes: readonly string[];
  readonly pacing: Pacing;
  readonly triggers: Triggers;
  readonly files: Files;
  readonly clock: () => number;
  /** A `ws://` address for one more socket, or nothing when there are ten. */
  readonly openSocket: () => string;
  /** The whole address of a path to upload to. */
  readonly uploadUrl: (path: string) => string;
  readonly violate: (rule: Rule, detail: string) => void;
};

export type Method = {
  readonly token: 'bot' | 'app';
  readonly fields: readonly string[];
  readonly call: (args: Readonly<Record<string, unknown>>, context: CallContext) => Answer;
};

export const refuse = (error: string, more: Readonly<Record<string, unknown>> = {}): Refusal => ({
  ...more,
  ok: false,
  error,
});

/** With Slack's details, one line each. */
export const refuseWith = (error: string, errors: readonly string[]): Refusal =>
  refuse(error, {
    ...(errors.length > 0 ? { errors } : {}),
    response_metadata: { messages: errors.map((each) => `[ERROR] ${each}`) },
  });

export const missingScope = (needed: string, context: CallContext): Refusal => {
  context.violate('missing-scope', `needs ${needed}`);
  return refuse('missing_scope', { needed, provided: context.settings.scopes.join(',') });
};

export const tooFast = (retryAfter: number, detail: string, context: CallContext): Refusal => {
  context.violate('too-fast', detail);
  return refuse('ratelimited', { retry_after: retryAfter });
};

export const defineMethod = <Shape extends z.ZodRawShape>(definition: {
  readonly token?: 'bot' | 'app';
  readonly scopes?: readonly string[];
  readonly fields: Shape;
  readonly run: (args: z.output<z.ZodObject<Shape>>, context: CallContext) => Answer;
}): Method => {
  const schema = z.object(definition.fields);
  return {
    token: definition.token ?? 'bot',
    fields: Object.keys(definition.fields),
    call: (raw, context) => {
      const needed = definition.scopes?.find((scope) => !context.settings.scopes.includes(scope));
      if (needed !== undefined) return missingScope(needed, context);
      const args = schema.safeParse(raw);
      if (args.success) return definition.run(args.data, context);
      const errors = args.error.issues.map(
        (issue) => `${issue.message} [json-pointer:/${issue.path.join('/')}]`,
      );
      context.violate('bad-argument', errors.join('; '));
      return refuseWith('invalid_arguments', errors);
    },
  };
};

// ── field kinds: in a form everything is a string, in a JSON body it is not ───────────────────────────────────────────

export const text = z.string().min(1);
export const flag = z
  .literal([true, 1, 'true', '1', false, 0, 'false', '0'])
  .transform((value) => value === true || value === 1 || value === 'true' || value === '1');
export const count = (max: number) => z.coerce.number().int().min(1).max(max);
export const timestamp = z.string().regex(/^\d{9,11}\.\d{6}$/, 'is not a valid timestamp');

const parseJson = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/** A nested field: JSON as a string in a form. What is no JSON stays a string and breaks the schema. */
export const nested = <S extends z.ZodType>(schema: S) => z.preprocess(parseJson, schema);

// ── whom and where ──────────────────────────────────────────────────────────────────────────────────────────────────

export const isMember = (channel: Channel): boolean => channel.members.includes(app.botUser);

/** A channel by id, if the bot may know that it exists: its own, and the public ones. */
export const visibleChannel = (id: string, { workspace }: CallContext): Channel | undefined => {
  const channel = workspace.channels().find((each) => each.id === id);
  return channel !== undefined && (channel.kind === 'public' || isMember(channel)) ? channel : undefined;
};

export const scopeFamily = (channel: Channel): 'channels' | 'groups' | 'im' =>
  (({ public: 'channels', private: 'groups', direct: 'im' }) as const)[channel.kind];

/** The thread that a reply goes to; Slack puts a reply to a message that is gone into the channel itself, and says so
 *  only by leaving `thread_ts` out of its answer (slack-go/slack#1571). */
export const livingThread = (channel: Channel, threadTs: string | undefined, { workspace }: CallContext) => {
  if (threadTs === undefined) return undefined;
  const parent = workspace.message(channel.id, threadTs);
  return parent === undefined || parent.ephemeralTo !== undefined
    ? workspace.all(channel.id).find((each) => each.threadTs === threadTs)?.threadTs
    : (parent.threadTs ?? parent.ts);
};
