// What Slack itself says under a modal's fields instead of sending them: required ones left empty, and bounds.

import type { Block, InputBlock, StatefulElement } from './block-schemas.ts';
import { INPUT_TEXT } from './element-schemas.ts';
import type { StateValue, ViewState } from './state.ts';

const isEmpty = (value: StateValue): boolean =>
  Object.entries(value).every(
    ([key, each]) => key === 'type' || each === null || (Array.isArray(each) && each.length === 0),
  );

const textProblem = (
  element: Extract<StatefulElement, { type: 'plain_text_input' }>,
  value: string,
): string | undefined => {
  const { min_length = 0, max_length = INPUT_TEXT } = element;
  if (value.length < min_length) return `Must be at least ${min_length} characters.`;
  return value.length > max_length ? `Must be at most ${max_length} characters.` : undefined;
};

const numberProblem = (
  element: Extract<StatefulElement, { type: 'number_input' }>,
  value: string,
): string | undefined => {
  const pattern = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Must be a number.';
  const { min_value, max_value } = element;
  if (min_value !== undefined && Number(value) < Number(min_value)) return `Must be at least ${min_value}.`;
  if (max_value !== undefined && Number(value) > Number(max_value)) return `Must be at most ${max_value}.`;
  return undefined;
};

const problem = ({ element, optional }: InputBlock, value: StateValue | undefined): string | undefined => {
  if (value === undefined || isEmpty(value))
    return optional === true ? undefined : 'Please complete this required field.';
  if (!('value' in value) || value.value === null) return undefined;
  if (element.type === 'plain_text_input') return textProblem(element, value.value);
  return element.type === 'number_input' ? numberProblem(element, value.value) : undefined;
};

/** By block id; empty if it may be sent. */
export const submitProblems = (
  blocks: readonly Block[],
  state: ViewState,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    blocks.flatMap((block) => {
      if (block.type !== 'input') return [];
      const blockId = block.block_id ?? '';
      const said = problem(block, state[blockId]?.[block.element.action_id ?? '']);
      return said === undefined ? [] : [[blockId, said] as const];
    }),
  );
