// A message as lines for a terminal, its buttons numbered so that a prompt can click them.

import { assertNever } from '../../rig/assert-never.ts';
import type { ActionElement, Block, InputBlock, TextObject } from './block-schemas.ts';
import { mrkdwnText, type TextStyle } from './mrkdwn.ts';
import type { Message, SharedFile, View } from './state.ts';

export type RenderOptions = {
  /** Columns to wrap at; 100. */
  readonly width?: number;
  /** Milliseconds; decides what `today` is. */
  readonly now: number;
  /** IANA name, `Europe/Berlin`. */
  readonly timeZone: string;
  readonly colour?: boolean;
  /** Whether a link's address stands behind its text; `shown`. */
  readonly links?: 'shown' | 'hidden';
  readonly nameOf?: (id: string) => string | undefined;
  /** Which number this button gets; each the next one from 1 on. */
  readonly numberOf?: (choice: Unnumbered) => number;
};

/** What a number at the prompt stands for; its fields go to `SlackEmulator.click` as they are. */
export type Choice = {
  readonly number: number;
  readonly label: string;
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string;
  /** What the browser would open. */
  readonly url?: string;
  /** What is asked before, as one line. */
  readonly confirm?: string;
};

export type Unnumbered = Omit<Choice, 'number'>;

export type Rendered = { readonly lines: readonly string[]; readonly choices: readonly Choice[] };

type Canvas = { readonly style: TextStyle; readonly take: (element: ActionElement, block: Block) => string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ANSI colours are made of
const visible = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '').length;

/** Breaks at spaces only, so that an address stays whole. */
const wrap = (line: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length === 0 || visible(longer) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
};

const textOf = (text: TextObject, style: TextStyle): string =>
  text.type === 'mrkdwn' ? mrkdwnText(text.text, style) : text.text;

/** What stands in a menu or field that a terminal cannot offer: whom or what it asks for. */
const hintOf = (element: Exclude<ActionElement, { type: 'button' | 'overflow' }>): string => {
  if ('placeholder' in element && element.placeholder !== undefined) return element.placeholder.text;
  switch (element.type) {
    case 'users_select':
      return 'a person';
    case 'multi_users_select':
      return 'people';
    case 'conversations_select':
      return 'a conversation';
    case 'channels_select':
      return 'a channel';
    case 'timepicker':
      return 'a time';
    case 'plain_text_input':
    case 'number_input':
    case 'static_select':
    case 'radio_buttons':
    case 'checkboxes':
      return '…';
    default:
      return assertNever(element);
  }
};

/** Numbers elements as they come and remembers what each number stands for. */
const createNumbering = (numberOf: RenderOptions['numberOf'], style: TextStyle) => {
  const choices: Choice[] = [];
  const add = (choice: Unnumbered): string => {
    const number = numberOf?.(choice) ?? choices.length + 1;
    choices.push({ number, ...choice });
    const address = choice.url === undefined ? '' : style.links === 'shown' ? ` → ${choice.url}` : ' ↗';
    return `[${number}] ${choice.label}${address}`;
  };
  const take = (element: ActionElement, block: Block): string => {
    const confirm = 'confirm' in element ? element.confirm : undefined;
    const asked =
      confirm === undefined
        ? {}
        : { confirm: [confirm.title?.text, textOf(confirm.text, style)].filter(Boolean).join(' ') };
    const common = { actionId: element.action_id ?? '', blockId: block.block_id ?? '', ...asked };
    if (element.type === 'button') {
      const { value, url } = element;
      const more = { ...(value === undefined ? {} : { value }), ...(url === undefined ? {} : { url }) };
      return add({ label: element.text.text, ...common, ...more });
    }
    if (!('options' in element)) return `‹${hintOf(element)}›`;
    return element.options
      .map((option) => add({ label: textOf(option.text, style), ...common, value: option.value }))
      .join('  ');
  };
  return { choices, take };
};

const dim = (text: string, { colour }: TextStyle) => (colour ? `\u001b[2m${text}\u001b[0m` : text);
const bold = (text: string, { colour }: TextStyle) => (colour ? `\u001b[1m${text}\u001b[0m` : text);

const section = (block: Extract<Block, { type: 'section' }>, { style, take }: Canvas): string => {
  const texts = [block.text, ...(block.fields ?? [])].filter((text) => text !== undefined);
  const said = texts.map((text) => textOf(text, style)).join('\n');
  if (block.accessory === undefined) return said;
  return block.accessory.type === 'image'
    ? `${said}  ${block.accessory.alt_text}`
    : `${said}  ${take(block.accessory, block)}`;
};

/** A field is shown, not offered: a terminal has no modals. */
const input = ({ label, element }: InputBlock, style: TextStyle): string => {
  if (!('options' in element)) return `${label.text}: ${hintOf(element)}`;
  return `${label.text}: ${element.options.map((option) => textOf(option.text, style)).join(' / ')}`;
};

const SNIPPET_LINES = 8;

/** Its title and first lines. */
const fileText = (file: SharedFile, style: TextStyle): string => {
  const lines = file.content.trimEnd().split('\n');
  const shown = lines.slice(0, SNIPPET_LINES).map((line) => `  ${line}`);
  const more = lines.length - shown.length;
  return [
    bold(`📄 ${file.title}`, style),
    ...shown,
    ...(more > 0 ? [dim(`  … ${more} more lines`, style)] : []),
  ].join('\n');
};

const blockText = (block: Block, canvas: Canvas): string => {
  const { style, take } = canvas;
  switch (block.type) {
    case 'section':
      return section(block, canvas);
    case 'context': {
      const parts = block.elements.map((each) =>
        each.type === 'image' ? each.alt_text : textOf(each, style),
      );
      return dim(parts.join(' '), style);
    }
    case 'actions':
      return block.elements.map((element) => take(element, block)).join('  ');
    case 'header':
      return bold(block.text.text, style);
    case 'divider':
      return dim('─'.repeat(20), style);
    case 'image':
      return `(${block.alt_text})`;
    case 'input':
      return input(block, style);
    default:
      return assertNever(block);
  }
};

/** A message's blocks, or its text where it has none; then its files. */
export const renderMessage = (
  shown: Pick<Message, 'text' | 'blocks' | 'files'> | Pick<View, 'blocks'>,
  options: RenderOptions,
): Rendered => {
  const { width = 100, now, timeZone, colour = false, links = 'shown', nameOf = () => undefined } = options;
  const style: TextStyle = { now, timeZone, colour, links, nameOf };
  const { choices, take } = createNumbering(options.numberOf, style);
  const texts =
    shown.blocks.length > 0 || !('text' in shown)
      ? shown.blocks.map((block) => blockText(block, { style, take }))
      : [mrkdwnText(shown.text, style)].filter((text) => text !== '');
  const files = 'files' in shown ? (shown.files ?? []) : [];
  const all = [...texts, ...files.map((file) => fileText(file, style))];
  return { lines: all.flatMap((text) => text.split('\n')).flatMap((line) => wrap(line, width)), choices };
};
