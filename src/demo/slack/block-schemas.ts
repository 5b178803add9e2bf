// The blocks that the emulated Slack takes, with the limits of Slack's reference, as schemas.

import { z } from 'zod';
import {
  button,
  channelsSelect,
  checkboxes,
  conversationsSelect,
  id,
  imageElement,
  mrkdwn,
  multiUsersSelect,
  numberInput,
  overflow,
  plain,
  plainTextInput,
  radioButtons,
  staticSelect,
  text,
  timepicker,
  usersSelect,
} from './element-schemas.ts';

const block_id = id.optional();

/** Menus and the like that may stand in an `actions` block, beside a section and in an input alike. */
const choosers = [
  staticSelect,
  usersSelect,
  conversationsSelect,
  channelsSelect,
  checkboxes,
  radioButtons,
  timepicker,
] as const;

const accessory = z.discriminatedUnion('type', [
  button,
  overflow,
  imageElement,
  multiUsersSelect,
  ...choosers,
]);
const actionsElement = z.discriminatedUnion('type', [button, overflow, ...choosers]);
const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  multiUsersSelect,
  ...choosers,
]);

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    message: 'must define either `fields` or `text`',
  });

const context = z.strictObject({
  type: z.literal('context'),
  block_id,
  // 3000 characters an element: Slack's general limit of a text object; the block's reference names none.
  elements: z
    .array(z.discriminatedUnion('type', [plain(3000), mrkdwn(3000), imageElement]))
    .min(1)
    .max(10),
});

const actions = z.strictObject({
  type: z.literal('actions'),
  block_id,
  elements: z.array(actionsElement).min(1).max(25),
});

const header = z.strictObject({ type: z.literal('header'), block_id, text: plain(150) });
const divider = z.strictObject({ type: z.literal('divider'), block_id });
const image = z.strictObject({
  type: z.literal('image'),
  block_id,
  image_url: z.string().min(1).max(3000),
  alt_text: z.string().min(1).max(2000),
  title: plain(2000).optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plain(2000),
  element: inputElement,
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

export const block = z.discriminatedUnion('type', [section, context, actions, header, divider, image, input]);

export type Block = z.infer<typeof block>;
export type InputBlock = z.infer<typeof input>;
export type Button = z.infer<typeof button>;
export type Overflow = z.infer<typeof overflow>;
export type TextObject = z.infer<ReturnType<typeof text>>;
/** What keeps what was chosen or typed, and shows it in `state`. */
export type StatefulElement = z.infer<typeof inputElement>;
/** What a person can press, choose from or type into. */
export type ActionElement = Button | Overflow | StatefulElement;
