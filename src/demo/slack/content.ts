// What a message may say: text and blocks, checked against Slack's limits, the same for every way of posting.

import type { Block } from './block-schemas.ts';
import { checkBlocks } from './blocks.ts';
import type { Rule } from './wire.ts';

export type CheckedContent =
  | { readonly kind: 'fine'; readonly text: string; readonly blocks: readonly Block[] | undefined }
  | {
      readonly kind: 'refused';
      readonly rule: Rule;
      readonly error: string;
      readonly errors: readonly string[];
    };

/** Slack truncates longer ones; the emulator refuses, so that nobody relies on it. */
export const POST_TEXT = 40_000;
/** `chat.update` refuses longer ones with `msg_too_long`. */
export const UPDATE_TEXT = 4_000;
/** Undocumented; Slack's people speak of 12,000 characters over all blocks of a message (slackapi/bolt-js#2509). */
const ALL_BLOCKS_TEXT = 12_000;

const refused = (rule: Rule, error: string, ...errors: readonly string[]): CheckedContent => ({
  kind: 'refused',
  rule,
  error,
  errors,
});

/** All `text` strings in a tree of blocks. */
const textLength = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum + (key === 'text' && typeof inner === 'string' ? inner.length : textLength(inner)),
    0,
  );
};

/** `blocks` are `undefined` where none were given, which `chat.update` tells apart from an empty list. */
export const checkContent = (
  given: { readonly text?: string | undefined; readonly blocks?: unknown },
  limits: { readonly text: number; readonly allBlocks: boolean },
): CheckedContent => {
  const text = given.text ?? '';
  if (text.length > limits.text)
    return refused(
      'text-limit',
      'msg_too_long',
      `text has ${text.length} characters, ${limits.text} are allowed`,
    );
  if (given.blocks === undefined)
    return text === '' ? refused('no-text', 'no_text') : { kind: 'fine', text, blocks: undefined };
  if (!Array.isArray(given.blocks)) return refused('invalid-blocks', 'invalid_blocks_format');
  const checked = checkBlocks(given.blocks, 'message');
  if (checked.kind === 'invalid') return refused('invalid-blocks', 'invalid_blocks', ...checked.errors);
  if (text === '' && checked.blocks.length === 0) return refused('no-text', 'no_text');
  const length = textLength(checked.blocks);
  if (limits.allBlocks && length > ALL_BLOCKS_TEXT)
    return refused(
      'text-limit',
      'msg_blocks_too_long',
      `${length} characters in blocks, ${ALL_BLOCKS_TEXT} are allowed`,
    );
  return { kind: 'fine', text, blocks: checked.blocks };
};
