// What stands in the menus and fields of a view or message: at first, and after a person chose or typed.

import { assertNever } from '../../rig/assert-never.ts';
import type { Block, StatefulElement } from './block-schemas.ts';
import { type Option, timeOfDay } from './element-schemas.ts';
import { type ConversationMenu, offers } from './offers.ts';
import type { Channel, StateValue, ViewState } from './state.ts';
import { app } from './workspace.ts';

/** Text, an option's value, an id or a name; a list where several may be chosen; empty to take it back. */
export type InputValue = string | readonly string[];

/** Whom and what the person in front of a menu finds in it. */
export type Directory = {
  readonly user: string;
  /** By name or id; both throw where there is nobody. */
  readonly person: (ref: string) => { readonly id: string };
  readonly channel: (ref: string) => Channel;
};

type Place = { readonly block: Block; readonly element: StatefulElement };

const stateful = (each: Block): readonly StatefulElement[] => {
  switch (each.type) {
    case 'input':
      return [each.element];
    case 'actions':
      return each.elements.filter((element) => element.type !== 'button' && element.type !== 'overflow');
    case 'section': {
      const { accessory } = each;
      if (accessory === undefined || accessory.type === 'image') return [];
      return accessory.type === 'button' || accessory.type === 'overflow' ? [] : [accessory];
    }
    case 'context':
    case 'header':
    case 'divider':
    case 'image':
      return [];
    default:
      return assertNever(each);
  }
};

/** All that keeps a value, in reading order. */
export const statefulPlaces = (blocks: readonly Block[]): readonly Place[] =>
  blocks.flatMap((block) => stateful(block).map((element) => ({ block, element })));

// ── at first ────────────────────────────────────────────────────────────────────────────────────────────────────────

const isOffered = (menu: ConversationMenu, channel: Channel, user: string): boolean =>
  offers(menu, channel, { user, bot: app.botUser });

const initialConversation = (
  menu: Extract<ConversationMenu, { type: 'conversations_select' }>,
  current: Channel | undefined,
  user: string,
): string | null => {
  const isDefault = menu.default_to_current_conversation === true && current !== undefined;
  if (isDefault && isOffered(menu, current, user)) return current.id;
  return menu.initial_conversation ?? null;
};

const initialValue = (element: StatefulElement, current: Channel | undefined, user: string): StateValue => {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return { type: element.type, value: element.initial_value ?? null };
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type: element.type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case 'conversations_select':
      return { type: element.type, selected_conversation: initialConversation(element, current, user) };
    case 'channels_select':
      return { type: element.type, selected_channel: element.initial_channel ?? null };
    case 'timepicker':
      return { type: element.type, selected_time: element.initial_time ?? null };
    default:
      return assertNever(element);
  }
};

const withValue = (state: ViewState, { block, element }: Place, value: StateValue): ViewState => {
  const blockId = block.block_id ?? '';
  return { ...state, [blockId]: { ...state[blockId], [element.action_id ?? '']: value } };
};

/** The initial values; but an element that was there before, with the same ids, keeps what stands in it. */
export const firstState = (
  blocks: readonly Block[],
  before: ViewState,
  seen: { readonly current: Channel | undefined; readonly user: string },
): ViewState =>
  statefulPlaces(blocks).reduce<ViewState>((state, place) => {
    const kept = before[place.block.block_id ?? '']?.[place.element.action_id ?? ''];
    const value =
      kept?.type === place.element.type ? kept : initialValue(place.element, seen.current, seen.user);
    return withValue(state, place, value);
  }, {});

// ── a choice ────────────────────────────────────────────────────────────────────────────────────────────────────────

const single = (element: StatefulElement, given: InputValue): string => {
  if (typeof given === 'string') return given;
  throw new Error(`${element.action_id} takes one value, not a list`);
};

const optionOf = (
  element: { readonly action_id?: string | undefined; readonly options: readonly Option[] },
  value: string,
): Option => {
  const option = element.options.find((each) => each.value === value);
  if (option !== undefined) return option;
  const there = element.options.map((each) => each.value).join(', ');
  throw new Error(`${element.action_id} has no option ${value}; there are: ${there}`);
};

const conversationOf = (menu: ConversationMenu, given: string, directory: Directory): string | null => {
  if (given === '') return null;
  const channel = directory.channel(given);
  if (isOffered(menu, channel, directory.user)) return channel.id;
  throw new Error(`${menu.action_id} does not offer ${given} to ${directory.user}`);
};

const several = (given: InputValue): readonly string[] => {
  if (typeof given !== 'string') return given;
  return given === '' ? [] : [given];
};

const severalUsers = (
  element: Extract<StatefulElement, { type: 'multi_users_select' }>,
  given: InputValue,
  directory: Directory,
): readonly string[] => {
  const users = several(given).map((ref) => directory.person(ref).id);
  if (users.length > (element.max_selected_items ?? Number.POSITIVE_INFINITY))
    throw new Error(`${element.action_id} takes ${element.max_selected_items} people at most`);
  return users;
};

/** What the element shows after this choice. Throws where no person could choose that: a slip of the caller's. */
export const chosenValue = (
  element: StatefulElement,
  given: InputValue,
  directory: Directory,
): StateValue => {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return { type: element.type, value: single(element, given) || null };
    case 'static_select':
    case 'radio_buttons': {
      const value = single(element, given);
      return { type: element.type, selected_option: value === '' ? null : optionOf(element, value) };
    }
    case 'checkboxes':
      return {
        type: element.type,
        selected_options: several(given).map((value) => optionOf(element, value)),
      };
    case 'users_select': {
      const ref = single(element, given);
      return { type: element.type, selected_user: ref === '' ? null : directory.person(ref).id };
    }
    case 'multi_users_select':
      return { type: element.type, selected_users: severalUsers(element, given, directory) };
    case 'conversations_select':
      return {
        type: element.type,
        selected_conversation: conversationOf(element, single(element, given), directory),
      };
    case 'channels_select':
      return {
        type: element.type,
        selected_channel: conversationOf(element, single(element, given), directory),
      };
    case 'timepicker': {
      const time = single(element, given);
      return { type: element.type, selected_time: time === '' ? null : timeOfDay.parse(time) };
    }
    default:
      return assertNever(element);
  }
};

/** The state after this element was set. */
export const stateWith = (
  state: ViewState,
  place: Place,
  given: InputValue,
  directory: Directory,
): ViewState => withValue(state, place, chosenValue(place.element, given, directory));

/** The state after a person filled in `values`, by action id; what is not named keeps what was there. */
export const filledIn = (
  blocks: readonly Block[],
  state: ViewState,
  values: Readonly<Record<string, InputValue>>,
  directory: Directory,
): ViewState => {
  const places = statefulPlaces(blocks);
  return Object.entries(values).reduce((now, [actionId, given]) => {
    const [place, another] = places.filter(({ element }) => element.action_id === actionId);
    if (place === undefined || another !== undefined) {
      const there = places.map(({ element }) => element.action_id).join(', ');
      const count = place === undefined ? 'no field' : 'more than one field';
      throw new Error(`there is ${count} ${actionId} here; there are: ${there || 'none'}`);
    }
    return stateWith(now, place, given, directory);
  }, state);
};
