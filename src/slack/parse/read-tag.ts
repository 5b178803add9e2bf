// Reads what follows `tag`. Pure.

import type { Mistake } from './command.ts';
import type { TypedWord } from './typed-words.ts';

/** As Docker has it. */
const imageTag = /^\w[\w.-]{0,127}$/;

/** `before`: the tag that was read already. */
export const readTag = (
  value: TypedWord | undefined,
  before: string | undefined,
  verb: 'up' | 'restart',
): Mistake | { readonly kind: 'tag'; readonly tag: string } => {
  if (value === undefined) return { kind: 'nothing-after', word: 'tag', verb };
  if (value.kind === 'mention') return { kind: 'mention', of: value.of, typed: value.text, wanted: 'tag' };
  if (before !== undefined) return { kind: 'said-twice', what: 'tag' };
  if (!imageTag.test(value.text)) return { kind: 'bad-tag', typed: value.text };
  return { kind: 'tag', tag: value.text };
};
