// Checks a view as Slack does and shows it: opened, pushed on another, put in another's place, or published.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type BlockSurface, checkBlocks } from './blocks.ts';
import type { View } from './state.ts';
import { firstState } from './view-state.ts';
import type { Workspace } from './workspace.ts';

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

/** A view as the bot gives it, its blocks unchecked. */
export const givenView = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    title: short,
    submit: short.optional(),
    close: short.optional(),
    clear_on_close: z.boolean().default(false),
    notify_on_close: z.boolean().default(false),
    ...common,
  }),
  z.strictObject({ type: z.literal('home'), ...common }),
]);

export type GivenView = z.output<typeof givenView>;

/** Where it is shown. */
export type Showing =
  | { readonly kind: 'open'; readonly user: string; readonly openedIn: string | undefined }
  | { readonly kind: 'push'; readonly onto: View }
  | { readonly kind: 'replace'; readonly before: View }
  | { readonly kind: 'publish'; readonly user: string };

export type Shown =
  | { readonly kind: 'fine'; readonly view: View }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/** Slack wants a way to send what was filled in. */
const withoutSubmit = (given: GivenView): string[] =>
  given.type === 'home' || given.submit !== undefined
    ? []
    : given.blocks.flatMap((each, index) =>
        z.looseObject({ type: z.literal('input') }).safeParse(each).success
          ? [`must define \`submit\` to use \`input\` block [json-pointer:/view/blocks/${index}/input]`]
          : [],
      );

const newHash = (now: number) => `${Math.floor(now / 1000)}.${randomBytes(4).toString('hex')}`;

type Place = Pick<View, 'id' | 'user' | 'previousId' | 'rootId' | 'openedIn' | 'state'>;

const placeOf = (showing: Showing, { views }: Workspace): Place => {
  switch (showing.kind) {
    case 'open': {
      const id = views.newId();
      const { user, openedIn } = showing;
      return { id, user, previousId: undefined, rootId: id, openedIn, state: {} };
    }
    case 'push': {
      const { id: previousId, user, rootId, openedIn } = showing.onto;
      return { id: views.newId(), user, previousId, rootId, openedIn, state: {} };
    }
    case 'replace':
      return showing.before;
    case 'publish': {
      const before = views.home(showing.user);
      const id = before?.id ?? views.newId();
      const { user } = showing;
      return { id, user, previousId: undefined, rootId: id, openedIn: undefined, state: before?.state ?? {} };
    }
  }
};

/** How a modal's buttons and its closing are; a home tab has neither. */
const frame = (given: GivenView) => {
  if (given.type === 'home') return { title: '', notifyOnClose: false, clearOnClose: false };
  return {
    title: given.title.text,
    notifyOnClose: given.notify_on_close,
    clearOnClose: given.clear_on_close,
    ...(given.submit === undefined ? {} : { submitLabel: given.submit.text }),
    ...(given.close === undefined ? {} : { closeLabel: given.close.text }),
  };
};

const current = (place: Place, workspace: Workspace) =>
  workspace.channels().find((channel) => channel.id === place.openedIn);

/** Shows the view, or says what is wrong with it and shows nothing. */
export const showView = (
  given: GivenView,
  showing: Showing,
  parts: { readonly workspace: Workspace; readonly clock: () => number },
): Shown => {
  const { workspace, clock } = parts;
  const surface: BlockSurface = given.type;
  const checked = checkBlocks(given.blocks, surface);
  const errors = [...(checked.kind === 'invalid' ? checked.errors : []), ...withoutSubmit(given)];
  if (checked.kind === 'invalid' || errors.length > 0) return { kind: 'invalid', errors };
  const place = placeOf(showing, workspace);
  const { id, user, previousId, rootId, openedIn } = place;
  const view: View = {
    id,
    user,
    previousId,
    rootId,
    openedIn,
    type: given.type,
    hash: newHash(clock()),
    ...frame(given),
    callbackId: given.callback_id,
    privateMetadata: given.private_metadata,
    blocks: checked.blocks,
    state: firstState(checked.blocks, place.state, { current: current(place, workspace), user }),
    errors: {},
  };
  if (showing.kind === 'open')
    for (const { id: old } of workspace.views.modals(user)) workspace.views.close(old);
  workspace.views.put(view);
  return { kind: 'fine', view };
};

/** Three modals may lie on each other. */
export const MOST_MODALS = 3;
