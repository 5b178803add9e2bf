// Finds the method of a Web API call, checks token and fields, and answers as Slack does.

import type { Limits } from '../surface.ts';
import type { Rule } from '../wire.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { type Answer, type CallContext, type Method, refuse } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...chatMethods,
    ...conversationMethods,
    ...fileMethods,
    ...peopleMethods,
    ...viewMethods,
  }),
);

export type Tokens = { readonly bot: string; readonly app: string };

export type Call = {
  readonly method: string;
  /** Without `Bearer`. */
  readonly token: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
};

const tokenRefusal = (call: Call, method: Method, tokens: Tokens, context: CallContext) => {
  if (call.token === undefined) return refuse('not_authed');
  if (call.token === tokens[method.token]) return undefined;
  if (call.token !== tokens.bot && call.token !== tokens.app) return refuse('invalid_auth');
  context.violate('wrong-token', `${call.method} wants the ${method.token} token`);
  return refuse('not_allowed_token_type');
};

/** Bolt's own client sends it with every call. */
const EVERYWHERE = 'team_id';

/** Slack itself ignores fields that it does not know; here they are noted, since they are slips of the bot's. */
export const dispatch = (
  call: Call,
  tokens: Tokens,
  context: Omit<CallContext, 'violate'>,
  violate: (rule: Rule, where: string, detail: string) => void,
): Answer => {
  const withRules: CallContext = {
    ...context,
    violate: (rule, detail) => violate(rule, call.method, detail),
  };
  const method = methods.get(call.method);
  if (method === undefined) {
    violate('unknown-method', call.method, 'no such method, or none that the emulator knows');
    return refuse('unknown_method', { req_method: call.method });
  }
  const refused = tokenRefusal(call, method, tokens, withRules);
  if (refused !== undefined) return refused;
  const unknown = Object.keys(call.args).filter(
    (field) => !method.fields.includes(field) && field !== EVERYWHERE,
  );
  if (unknown.length > 0) violate('unknown-field', call.method, unknown.join(', '));
  return method.call(call.args, withRules);
};

/** See `Limits` in surface.ts. */
export const defaultLimits: Limits = {
  ackMs: 3000,
  triggerMs: 3000,
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
  postEveryMs: 1000,
  postToleranceMs: 50,
  updatesPerMinute: 50,
  pingMs: 10_000,
  refreshMs: 10_000,
};
