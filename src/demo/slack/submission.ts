// A person submits or closes a modal: what Slack itself refuses, what it sends, and what the app's answer does to it.

import { z } from 'zod';
import { assertNever } from '../../rig/assert-never.ts';
import type { Interaction, PersonRef, Submission } from './interaction.ts';
import {
  acting,
  directoryOf,
  notInteractive,
  type PersonParts,
  payloadApp,
  payloadUser,
  refused,
  send,
} from './person.ts';
import { givenView, MOST_MODALS, type Showing, showView } from './show-view.ts';
import type { Person, View } from './state.ts';
import { submitProblems } from './submit-problems.ts';
import { filledIn, statefulPlaces } from './view-state.ts';
import { viewShape } from './web-api/message-shape.ts';

/** What the person reads above the modal, which stays, whenever the app's answer is none. */
const TROUBLE = 'We had some trouble connecting. Try again?';

const openModal = (ref: PersonRef, { workspace }: PersonParts): { user: Person; modal: View } => {
  const user = acting(ref, workspace);
  const modal = workspace.views.modal(user.id);
  if (modal === undefined) throw new Error(`@${user.name} has no modal open`);
  return { user, modal };
};

// ── what is sent ────────────────────────────────────────────────────────────────────────────────────────────────────

/** One for each menu of conversations that asked for it and where one is chosen. */
const responseUrls = (modal: View, parts: PersonParts) =>
  statefulPlaces(modal.blocks).flatMap(({ block, element }) => {
    if (!('response_url_enabled' in element) || element.response_url_enabled !== true) return [];
    const ids = { block_id: block.block_id ?? '', action_id: element.action_id ?? '' };
    const value = modal.state[ids.block_id]?.[ids.action_id];
    const channel =
      value?.type === 'conversations_select'
        ? value.selected_conversation
        : value?.type === 'channels_select'
          ? value.selected_channel
          : null;
    if (channel === null) return [];
    const path = parts.responseUrls.issue({
      kind: 'commands',
      user: modal.user,
      channel,
      original: undefined,
    });
    return [{ ...ids, channel_id: channel, response_url: `${parts.baseUrl}${path}` }];
  });

const sendView = (
  type: 'view_submission' | 'view_closed',
  { user, modal }: { readonly user: Person; readonly modal: View },
  parts: PersonParts,
  deliveries?: number,
): Promise<Interaction> => {
  const triggerId = parts.triggers.issue(user.id, modal.openedIn);
  const common = { type, user: payloadUser(user), ...payloadApp, view: viewShape(modal) };
  const body =
    type === 'view_submission'
      ? { ...common, trigger_id: triggerId, response_urls: responseUrls(modal, parts) }
      : { ...common, is_cleared: modal.clearOnClose };
  const parcel = { type: 'interactive', body } as const;
  const what = { parcel, triggerId, responseUrl: undefined, failure: () => TROUBLE };
  return send(parts, what, deliveries);
};

// ── what the answer does ────────────────────────────────────────────────────────────────────────────────────────────

const answer = z.discriminatedUnion('response_action', [
  z.strictObject({
    response_action: z.literal('errors'),
    errors: z
      .record(z.string(), z.string().min(1))
      .refine((errors) => Object.keys(errors).length > 0, { message: 'no errors' }),
  }),
  z.strictObject({ response_action: z.literal('update'), view: givenView }),
  z.strictObject({ response_action: z.literal('push'), view: givenView }),
  z.strictObject({ response_action: z.literal('clear') }),
]);

/** `undefined` says no more than "received". */
const isEmpty = (payload: unknown): boolean =>
  payload === undefined ||
  payload === null ||
  payload === '' ||
  (typeof payload === 'object' && Object.keys(payload).length === 0);

type Done = { readonly kind: 'done' } | { readonly kind: 'wrong'; readonly why: string };
const done: Done = { kind: 'done' };
const wrong = (why: string): Done => ({ kind: 'wrong', why });

const showErrors = (modal: View, errors: Readonly<Record<string, string>>, parts: PersonParts): Done => {
  const inputs = modal.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const strange = Object.keys(errors).filter((blockId) => !inputs.includes(blockId));
  if (strange.length > 0) return wrong(`no input block is called ${strange.join(', ')}`);
  parts.workspace.views.put({ ...modal, errors });
  return done;
};

const showAnother = (given: z.output<typeof givenView>, showing: Showing, parts: PersonParts): Done => {
  if (given.type !== 'modal') return wrong('a home tab is no modal');
  const shown = showView(given, showing, parts);
  return shown.kind === 'fine' ? done : wrong(shown.errors.join('; '));
};

const respond = (modal: View, payload: unknown, parts: PersonParts): Done => {
  const { views } = parts.workspace;
  if (isEmpty(payload)) {
    views.close(modal.id);
    return done;
  }
  const parsed = answer.safeParse(payload);
  if (!parsed.success) return wrong(parsed.error.message);
  const said = parsed.data;
  switch (said.response_action) {
    case 'errors':
      return showErrors(modal, said.errors, parts);
    case 'update':
      return showAnother(said.view, { kind: 'replace', before: modal }, parts);
    case 'push':
      return views.modals(modal.user).length >= MOST_MODALS
        ? wrong(`more than ${MOST_MODALS} modals on each other`)
        : showAnother(said.view, { kind: 'push', onto: modal }, parts);
    case 'clear':
      for (const { id } of views.modals(modal.user)) views.close(id);
      return done;
    default:
      return assertNever(said);
  }
};

// ── what the person does ────────────────────────────────────────────────────────────────────────────────────────────

export const createSubmit =
  (parts: PersonParts) =>
  async ({ user: ref, values, deliveries }: Submission): Promise<Interaction> => {
    const { views } = parts.workspace;
    const { user, modal: before } = openModal(ref, parts);
    if (before.submitLabel === undefined) throw new Error(`the modal ${before.title} has nothing to submit`);
    const state = filledIn(before.blocks, before.state, values, directoryOf(user, parts.workspace));
    const errors = submitProblems(before.blocks, state);
    const modal = { ...before, state, errors };
    views.put(modal);
    if (Object.keys(errors).length > 0) return refused(Object.values(errors).join(' '));
    if (!parts.settings.interactive) return notInteractive;

    const came = await sendView('view_submission', { user, modal }, parts, deliveries);
    // The app may have changed or even closed it meanwhile.
    const now = views.get(modal.id);
    if (came.kind !== 'acknowledged' || now === undefined) return came;
    const outcome = respond(now, came.payload, parts);
    if (outcome.kind === 'done') return came;
    parts.violate('bad-response-action', 'view_submission', outcome.why);
    const { triggerId, responseUrl } = came;
    return { kind: 'undeliverable', shown: TROUBLE, triggerId, responseUrl };
  };

export const createCloseModal =
  (parts: PersonParts) =>
  async (ref: PersonRef): Promise<void> => {
    const { views } = parts.workspace;
    const { user, modal } = openModal(ref, parts);
    const closed = modal.clearOnClose ? views.modals(user.id) : [modal];
    for (const { id } of closed) views.close(id);
    if (modal.notifyOnClose && parts.settings.interactive)
      await sendView('view_closed', { user, modal }, parts);
  };
