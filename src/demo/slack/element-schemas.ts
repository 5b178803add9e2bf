// Text objects and block elements that the emulated Slack takes, with the limits of Slack's reference, as schemas.

import { z } from 'zod';

export const id = z.string().min(1).max(255);

export const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
export const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
export const text = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

const style = z.enum(['primary', 'danger']);

const confirm = z.strictObject({
  title: plain(100).optional(),
  text: text(300),
  confirm: plain(30).optional(),
  deny: plain(30).optional(),
  style: style.optional(),
});

const confirmable = { action_id: id.optional(), confirm: confirm.optional() };
const focusable = { focus_on_load: z.boolean().optional() };
const placeholder = { placeholder: plain(150).optional() };
const menu = { ...confirmable, ...focusable, ...placeholder };

export const button = z.strictObject({
  type: z.literal('button'),
  ...confirmable,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: z.string().min(1).max(3000).optional(),
  style: style.optional(),
  accessibility_label: z.string().max(75).optional(),
});

// ── options ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of a menu; only checkboxes and radio buttons take mrkdwn. */
const option = z.strictObject({
  text: plain(75),
  value: z.string().max(150),
  description: plain(75).optional(),
});
const overflowOption = option.extend({ url: z.string().max(3000).optional() });
const choice = option.extend({ text: text(75), description: text(75).optional() });

export type Option = z.infer<typeof choice>;

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...confirmable,
  options: z.array(overflowOption).min(1).max(5),
});

export const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...menu,
  options: z.array(option).min(1).max(100),
  initial_option: option.optional(),
});

export const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...confirmable,
  ...focusable,
  options: z.array(choice).min(1).max(10),
  initial_option: choice.optional(),
});

export const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...confirmable,
  ...focusable,
  options: z.array(choice).min(1).max(10),
  initial_options: z.array(choice).min(1).max(10).optional(),
});

// ── people and conversations ────────────────────────────────────────────────────────────────────────────────────────

export const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...menu,
  initial_user: z.string().min(1).optional(),
});

export const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  ...menu,
  initial_users: z.array(z.string().min(1)).optional(),
  max_selected_items: z.number().int().min(1).optional(),
});

export const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...menu,
  initial_conversation: z.string().min(1).optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .refine((filter) => Object.keys(filter).length > 0, { message: 'must provide at least 1 properties' })
    .optional(),
});

/** Offers public channels only. */
export const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  ...menu,
  initial_channel: z.string().min(1).optional(),
  response_url_enabled: z.boolean().optional(),
});

// ── typed ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const dispatch_action_config = z
  .strictObject({
    trigger_actions_on: z
      .array(z.enum(['on_enter_pressed', 'on_character_entered']))
      .min(1)
      .optional(),
  })
  .optional();

const typed = { action_id: id.optional(), ...focusable, ...placeholder, dispatch_action_config };

/** What a text input may hold at most, asked for or not. */
export const INPUT_TEXT = 3000;

export const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...typed,
  initial_value: z.string().max(INPUT_TEXT).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(INPUT_TEXT).optional(),
  max_length: z.number().int().min(1).max(INPUT_TEXT).optional(),
});

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number');

export const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  initial_value: decimal.optional(),
  min_value: decimal.optional(),
  max_value: decimal.optional(),
});

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time as HH:mm');

export const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...menu,
  initial_time: timeOfDay.optional(),
  timezone: z.string().min(1).optional(),
});

export const imageElement = z.strictObject({
  type: z.literal('image'),
  image_url: z.string().min(1).max(3000),
  alt_text: z.string().min(1).max(2000),
});
