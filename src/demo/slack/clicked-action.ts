// Finds the element that a person clicks, and the action that Slack makes of it.

import { assertNever } from '../../rig/assert-never.ts';
import type { ActionElement, Block } from './block-schemas.ts';
import { actionElements } from './blocks.ts';
import type { Click } from './surface.ts';

export type ClickedAction = {
  readonly confirm: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
};

type Place = { readonly block: Block; readonly element: ActionElement };

const fits = ({ block, element }: Place, asked: Click): boolean => {
  if (element.action_id !== asked.actionId) return false;
  if (asked.blockId !== undefined && block.block_id !== asked.blockId) return false;
  if (asked.value === undefined) return true;
  return element.type === 'button'
    ? element.value === asked.value
    : element.options.some((option) => option.value === asked.value);
};

const payload = ({ block, element }: Place, value: string | undefined, now: number) => {
  const common = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: (now / 1000).toFixed(6),
    ...(element.confirm === undefined ? {} : { confirm: element.confirm }),
  };
  switch (element.type) {
    case 'button': {
      const { text, style, url } = element;
      return {
        ...common,
        text,
        ...(element.value === undefined ? {} : { value: element.value }),
        ...(style === undefined ? {} : { style }),
        ...(url === undefined ? {} : { url }),
      };
    }
    case 'static_select':
    case 'overflow': {
      const chosen = element.options.find((option) => option.value === value);
      if (chosen === undefined) throw new Error(`say which option of ${element.action_id} is chosen`);
      return { ...common, selected_option: chosen };
    }
    default:
      return assertNever(element);
  }
};

/** Throws if nothing or more than one thing fits: a slip of the caller's, told with what there is to click. */
export const clickedAction = (blocks: readonly Block[], asked: Click, now: number): ClickedAction => {
  const places = actionElements(blocks);
  const fitting = places.filter((place) => fits(place, asked));
  const [place] = fitting;
  if (place === undefined || fitting.length > 1) {
    const there = places.map(
      ({ block, element }) =>
        `${element.action_id} in block ${block.block_id}${element.type === 'button' ? ` (${element.text.text}, value ${element.value})` : ''}`,
    );
    throw new Error(
      `${fitting.length} elements fit ${JSON.stringify({ actionId: asked.actionId, blockId: asked.blockId, value: asked.value })}; there are: ${there.join(', ') || 'none'}`,
    );
  }
  return { confirm: place.element.confirm !== undefined, payload: payload(place, asked.value, now) };
};
