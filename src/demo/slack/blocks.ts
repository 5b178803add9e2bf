// Checks blocks as Slack does, says what is wrong in Slack's words, and gives those without ids one.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { assertNever } from '../../rig/assert-never.ts';
import { type ActionElement, type Block, block } from './block-schemas.ts';
import { statefulPlaces } from './view-state.ts';

const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;

export type CheckedBlocks =
  | { readonly kind: 'fine'; readonly blocks: readonly Block[] }
  /** `errors` as Slack words them: `no more than 25 items allowed [json-pointer:/blocks/1/elements]`. */
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

export type BlockSurface = 'message' | 'modal' | 'home';

/** Checks blocks and gives those without ids one, as Slack does. */
export const checkBlocks = (raw: unknown, surface: BlockSurface): CheckedBlocks => {
  const parsed = z
    .array(block)
    .max(surface === 'message' ? MESSAGE_BLOCKS : VIEW_BLOCKS)
    .safeParse(raw);
  if (!parsed.success) return { kind: 'invalid', errors: parsed.error.issues.map(slackError) };
  const errors = [
    ...parsed.data.flatMap(badUrls),
    ...repeatedIds(parsed.data),
    ...parsed.data.flatMap(foreignInitials),
    ...badMenus(parsed.data, surface),
  ];
  if (surface === 'message' && parsed.data.some((each) => each.type === 'input'))
    errors.push('unsupported type: input [json-pointer:/blocks]');
  return errors.length > 0
    ? { kind: 'invalid', errors }
    : { kind: 'fine', blocks: parsed.data.map(completed) };
};

const pointer = (path: readonly PropertyKey[]) => `[json-pointer:/${['blocks', ...path].join('/')}]`;

const slackError = (issue: z.core.$ZodIssue): string => {
  const at = pointer(issue.path);
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters ${at}`
        : `no more than ${issue.maximum} items allowed ${at}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters ${at}`
        : `must provide at least ${issue.minimum} items ${at}`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => `invalid additional property: ${key} ${at}`).join('; ');
    case 'invalid_union':
      return `unsupported or missing type ${pointer(issue.path.slice(0, -1))}`;
    case 'invalid_type':
      return issue.message.endsWith('undefined')
        ? `missing required field: ${String(issue.path.at(-1))} ${pointer(issue.path.slice(0, -1))}`
        : `must be a ${issue.expected} ${at}`;
    default:
      return `${issue.message} ${at}`;
  }
};

/** All that a person can touch in it, whether or not the app hears of each touch. */
const elementsOf = (each: Block): readonly ActionElement[] => {
  switch (each.type) {
    case 'actions':
      return each.elements;
    case 'section':
      return each.accessory === undefined || each.accessory.type === 'image' ? [] : [each.accessory];
    case 'context':
    case 'header':
    case 'divider':
    case 'image':
      return [];
    case 'input':
      return [each.element];
    default:
      return assertNever(each);
  }
};

/** All whose use is an action, in reading order, with the block it is in; of inputs those that dispatch one. */
export const actionElements = (
  blocks: readonly Block[],
): readonly { readonly block: Block; readonly element: ActionElement }[] =>
  blocks
    .filter((each) => each.type !== 'input' || each.dispatch_action === true)
    .flatMap((each) => elementsOf(each).map((element) => ({ block: each, element })));

const badUrls = (each: Block, index: number): string[] =>
  elementsOf(each).flatMap((element) =>
    element.type === 'button' && element.url !== undefined && !URL.canParse(element.url)
      ? [`invalid url: ${element.url} ${pointer([index])}`]
      : [],
  );

/** What is chosen at first must be one of the options, to the letter. */
const foreignInitials = (each: Block, index: number): string[] =>
  elementsOf(each).flatMap((element) => {
    if (!('options' in element)) return [];
    const known = element.options.map((option) => JSON.stringify(option));
    const one = 'initial_option' in element ? element.initial_option : undefined;
    const several = 'initial_options' in element ? (element.initial_options ?? []) : [];
    return [...(one === undefined ? [] : [one]), ...several].some(
      (option) => !known.includes(JSON.stringify(option)),
    )
      ? [`initial options must be among \`options\` ${pointer([index])}`]
      : [];
  });

const badMenus = (blocks: readonly Block[], surface: BlockSurface): string[] => {
  const places = statefulPlaces(blocks);
  const focused = places.filter(({ element }) => element.focus_on_load === true);
  const answering = places.filter(
    ({ block: { type }, element }) =>
      'response_url_enabled' in element &&
      element.response_url_enabled === true &&
      (surface !== 'modal' || type !== 'input'),
  );
  return [
    ...(focused.length > 1 ? [`only one element may have \`focus_on_load\` ${pointer([])}`] : []),
    ...answering.map(
      ({ element }) =>
        `\`response_url_enabled\` of ${element.action_id} is for inputs of modals ${pointer([])}`,
    ),
  ];
};

const repeated = (ids: readonly (string | undefined)[]): string[] => {
  const given = ids.filter((each) => each !== undefined);
  return given.filter((each, index) => given.indexOf(each) !== index);
};

const repeatedIds = (blocks: readonly Block[]): string[] => [
  ...repeated(blocks.map((each) => each.block_id)).map(
    (twice) => `\`block_id\` \`${twice}\` already exists ${pointer([])}`,
  ),
  ...blocks.flatMap((each, index) =>
    repeated(elementsOf(each).map((element) => element.action_id)).map(
      (twice) => `\`action_id\` \`${twice}\` already exists ${pointer([index, 'elements'])}`,
    ),
  ),
];

const newId = () => randomBytes(4).toString('base64url').slice(0, 5);
const withActionId = <E extends ActionElement>(element: E): E => ({
  ...element,
  action_id: element.action_id ?? newId(),
});

const completed = (each: Block): Block => {
  const named = { ...each, block_id: each.block_id ?? newId() };
  if (named.type === 'actions') return { ...named, elements: named.elements.map(withActionId) };
  if (named.type === 'section' && named.accessory !== undefined && named.accessory.type !== 'image')
    return { ...named, accessory: withActionId(named.accessory) };
  if (named.type === 'input') return { ...named, element: withActionId(named.element) };
  return named;
};
