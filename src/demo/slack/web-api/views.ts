// views.open, views.update and views.publish: modals and the home tab, as far as showing and clicking them goes.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { assertNever } from '../../../rig/assert-never.ts';
import { checkBlocks } from '../blocks.ts';
import type { View } from '../state.ts';
import { viewShape } from './message-shape.ts';
import {
  type Answer,
  type CallContext,
  defineMethod,
  type Method,
  nested,
  type Refusal,
  refuse,
  refuseWith,
  text,
} from './method.ts';

const short = z.strictObject({
  type: z.literal('plain_text'),
  text: z.string().min(1).max(24),
  emoji: z.boolean().optional(),
});

const common = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).default(''),
  callback_id: z.string().max(255).default(''),
  external_id: z.string().max(255).optional(),
};

const view = nested(
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('modal'),
      title: short,
      submit: short.optional(),
      close: short.optional(),
      clear_on_close: z.boolean().optional(),
      notify_on_close: z.boolean().optional(),
      ...common,
    }),
    z.strictObject({ type: z.literal('home'), ...common }),
  ]),
);

/** Checks the blocks and keeps the view. */
const put = (
  given: z.output<typeof view>,
  identity: { readonly id: string; readonly user: string },
  context: CallContext,
): Answer => {
  const checked = checkBlocks(given.blocks, 'view');
  if (checked.kind === 'invalid') {
    context.violate('invalid-blocks', checked.errors.join('; '));
    return refuseWith('invalid_arguments', checked.errors);
  }
  const kept: View = {
    ...identity,
    type: given.type,
    hash: `${Math.floor(context.clock() / 1000)}.${randomBytes(4).toString('hex')}`,
    title: given.type === 'modal' ? given.title.text : '',
    callbackId: given.callback_id,
    privateMetadata: given.private_metadata,
    blocks: checked.blocks,
  };
  context.workspace.views.put(kept);
  return { ok: true, view: viewShape(kept) };
};

/** Uses the trigger up: whose it is, or Slack's refusal. */
const useTrigger = (trigger: string, context: CallContext): { readonly user: string } | Refusal => {
  const use = context.triggers.use(trigger);
  if (use.kind === 'fine') return use;
  const { kind } = use;
  switch (kind) {
    case 'unknown':
      context.violate('bad-argument', `no trigger ${trigger}`);
      return refuse('invalid_trigger_id');
    case 'used':
      context.violate('trigger-reused', trigger);
      return refuse('exchanged_trigger_id');
    case 'expired':
      context.violate('trigger-expired', trigger);
      return refuse('expired_trigger_id');
    default:
      return assertNever(kind);
  }
};

const open = defineMethod({
  fields: { view, trigger_id: text },
  run: (args, context) => {
    if (args.view.type !== 'modal') return refuse('invalid_arguments');
    const trigger = useTrigger(args.trigger_id, context);
    if ('error' in trigger) return trigger;
    return put(args.view, { id: context.workspace.views.newId(), user: trigger.user }, context);
  },
});

const update = defineMethod({
  fields: { view, view_id: text, hash: text.optional() },
  run: (args, context) => {
    const before = context.workspace.views.get(args.view_id);
    if (before === undefined) return refuse('not_found');
    if (args.hash !== undefined && args.hash !== before.hash) return refuse('hash_conflict');
    return put(args.view, { id: before.id, user: before.user }, context);
  },
});

const publish = defineMethod({
  fields: { view, user_id: text, hash: text.optional() },
  run: (args, context) => {
    if (!context.settings.homeTab) return refuse('not_enabled');
    if (args.view.type !== 'home') return refuse('invalid_arguments');
    if (context.workspace.people().every((each) => each.id !== args.user_id)) return refuse('user_not_found');
    const before = context.workspace.views.home(args.user_id);
    if (args.hash !== undefined && args.hash !== before?.hash) return refuse('hash_conflict');
    const id = before?.id ?? context.workspace.views.newId();
    return put(args.view, { id, user: args.user_id }, context);
  },
});

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.update': update,
  'views.publish': publish,
};
