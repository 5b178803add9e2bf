// Finds the element that a person clicks, chooses from or types into, and the action that Slack makes of it.

import { assertNever } from '../../rig/assert-never.ts';
import type { ActionElement, Block, Button, StatefulElement } from './block-schemas.ts';
import { actionElements } from './blocks.ts';
import type { Click } from './interaction.ts';
import type { StateValue, ViewState } from './state.ts';
import { type Directory, stateWith } from './view-state.ts';

export type ClickedAction = {
  readonly confirm: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What stands in the menus and fields after it. */
  readonly state: ViewState;
};

type Place<E = ActionElement> = { readonly block: Block; readonly element: E };

const fits = ({ block, element }: Place, asked: Click): boolean => {
  if (element.action_id !== asked.actionId) return false;
  if (asked.blockId !== undefined && block.block_id !== asked.blockId) return false;
  if (asked.value === undefined) return true;
  if (element.type === 'button') return element.value === asked.value;
  return !('options' in element) || element.options.some((option) => option.value === asked.value);
};

const buttonPayload = ({ text, value, style, url }: Button) => ({
  text,
  ...(value === undefined ? {} : { value }),
  ...(style === undefined ? {} : { style }),
  ...(url === undefined ? {} : { url }),
});

const toggled = (now: readonly string[], value: string): readonly string[] =>
  now.includes(value) ? now.filter((each) => each !== value) : [...now, value];

/** A click on one of several choices turns that one over; of one choice it is the new one. */
const wanted = (before: StateValue | undefined, value: string, directory: Directory) => {
  if (before?.type === 'checkboxes')
    return toggled(
      before.selected_options.map((option) => option.value),
      value,
    );
  if (before?.type === 'multi_users_select')
    return toggled(before.selected_users, directory.person(value).id);
  return value;
};

const chosen = (
  { block, element }: Place<StatefulElement>,
  value: string | undefined,
  state: ViewState,
  directory: Directory,
) => {
  if (value === undefined) throw new Error(`say what of ${element.action_id} is chosen`);
  const blockId = block.block_id ?? '';
  const actionId = element.action_id ?? '';
  const given = wanted(state[blockId]?.[actionId], value, directory);
  const after = stateWith(state, { block, element }, given, directory);
  return { after, payload: after[blockId]?.[actionId] ?? {} };
};

const act = (
  { block, element }: Place,
  value: string | undefined,
  state: ViewState,
  directory: Directory,
): { readonly after: ViewState; readonly payload: Readonly<Record<string, unknown>> } => {
  switch (element.type) {
    case 'button':
      return { after: state, payload: buttonPayload(element) };
    case 'overflow': {
      const option = element.options.find((each) => each.value === value);
      if (option === undefined) throw new Error(`say which option of ${element.action_id} is chosen`);
      return { after: state, payload: { selected_option: option } };
    }
    case 'plain_text_input':
    case 'number_input':
    case 'static_select':
    case 'radio_buttons':
    case 'checkboxes':
    case 'users_select':
    case 'multi_users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'timepicker':
      return chosen({ block, element }, value, state, directory);
    default:
      return assertNever(element);
  }
};

const described = ({ block, element }: Place): string =>
  `${element.action_id} in block ${block.block_id}${element.type === 'button' ? ` (${element.text.text}, value ${element.value})` : ''}`;

/** Throws if nothing or more than one thing fits: a slip of the caller's, told with what there is to click. */
const clickedPlace = (blocks: readonly Block[], asked: Click): Place => {
  const places = actionElements(blocks);
  const fitting = places.filter((place) => fits(place, asked));
  const [place] = fitting;
  if (place === undefined || fitting.length > 1)
    throw new Error(
      `${fitting.length} elements fit ${JSON.stringify({ actionId: asked.actionId, blockId: asked.blockId, value: asked.value })}; there are: ${places.map(described).join(', ') || 'none'}`,
    );
  return place;
};

export const clickedAction = (
  on: { readonly blocks: readonly Block[]; readonly state: ViewState },
  asked: Click,
  directory: Directory,
  now: number,
): ClickedAction => {
  const place = clickedPlace(on.blocks, asked);
  const { element, block } = place;
  const confirm = 'confirm' in element ? element.confirm : undefined;
  const { after, payload } = act(place, asked.value, on.state, directory);
  return {
    confirm: confirm !== undefined,
    state: after,
    payload: {
      type: element.type,
      action_id: element.action_id,
      block_id: block.block_id,
      action_ts: (now / 1000).toFixed(6),
      ...(confirm === undefined ? {} : { confirm }),
      ...payload,
    },
  };
};
