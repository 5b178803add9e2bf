// What stands in a menu or field: what the emulator keeps of it, else what it began with.

import { assertNever } from '../../../rig/assert-never.ts';
import type { StatefulElement } from '../../slack/block-schemas.ts';
import type { StateValue } from '../../slack/state.ts';

/** Text, an option's value or an id; a list where several may be chosen. Empty if nothing is. */
export type Value = string | readonly string[];

export const valueShown = (element: StatefulElement, kept: StateValue | undefined): Value =>
  kept === undefined ? initialValue(element) : keptValue(kept);

const keptValue = (kept: StateValue): Value => {
  switch (kept.type) {
    case 'plain_text_input':
    case 'number_input':
      return kept.value ?? '';
    case 'static_select':
    case 'radio_buttons':
      return kept.selected_option?.value ?? '';
    case 'checkboxes':
      return kept.selected_options.map(({ value }) => value);
    case 'users_select':
      return kept.selected_user ?? '';
    case 'multi_users_select':
      return kept.selected_users;
    case 'conversations_select':
      return kept.selected_conversation ?? '';
    case 'channels_select':
      return kept.selected_channel ?? '';
    case 'timepicker':
      return kept.selected_time ?? '';
    default:
      return assertNever(kept);
  }
};

const initialValue = (element: StatefulElement): Value => {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return element.initial_value ?? '';
    case 'static_select':
    case 'radio_buttons':
      return element.initial_option?.value ?? '';
    case 'checkboxes':
      return (element.initial_options ?? []).map(({ value }) => value);
    case 'users_select':
      return element.initial_user ?? '';
    case 'multi_users_select':
      return element.initial_users ?? [];
    case 'conversations_select':
      return element.initial_conversation ?? '';
    case 'channels_select':
      return element.initial_channel ?? '';
    case 'timepicker':
      return element.initial_time ?? '';
    default:
      return assertNever(element);
  }
};

/** What is in one of them only. */
export const turnedOver = (before: readonly string[], after: readonly string[]): readonly string[] => [
  ...before.filter((each) => !after.includes(each)),
  ...after.filter((each) => !before.includes(each)),
];
