// views.open, views.push, views.update and views.publish: modals and the home tab.

import { assertNever } from '../../../rig/assert-never.ts';
import { type GivenView, givenView, MOST_MODALS, type Showing, showView } from '../show-view.ts';
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

const view = nested(givenView);

const show = (given: GivenView, showing: Showing, context: CallContext): Answer => {
  const shown = showView(given, showing, context);
  if (shown.kind === 'fine') return { ok: true, view: viewShape(shown.view) };
  context.violate('invalid-blocks', shown.errors.join('; '));
  return refuseWith('invalid_arguments', shown.errors);
};

type Trigger = { readonly user: string; readonly channel: string | undefined };

/** Uses the trigger up: whose it is and from where, or Slack's refusal. */
const useTrigger = (trigger: string, context: CallContext): Trigger | Refusal => {
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
    return show(args.view, { kind: 'open', user: trigger.user, openedIn: trigger.channel }, context);
  },
});

const push = defineMethod({
  fields: { view, trigger_id: text },
  run: (args, context) => {
    if (args.view.type !== 'modal') return refuse('invalid_arguments');
    const trigger = useTrigger(args.trigger_id, context);
    if ('error' in trigger) return trigger;
    const modals = context.workspace.views.modals(trigger.user);
    const onto = modals.at(-1);
    if (onto === undefined) return refuse('not_found');
    if (modals.length >= MOST_MODALS) return refuse('push_limit_reached');
    return show(args.view, { kind: 'push', onto }, context);
  },
});

const update = defineMethod({
  fields: { view, view_id: text, hash: text.optional() },
  run: (args, context) => {
    const before = context.workspace.views.get(args.view_id);
    if (before === undefined) return refuse('not_found');
    if (args.view.type !== before.type) return refuse('invalid_arguments');
    if (args.hash !== undefined && args.hash !== before.hash) return refuse('hash_conflict');
    return show(args.view, { kind: 'replace', before }, context);
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
    return show(args.view, { kind: 'publish', user: args.user_id }, context);
  },
});

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
