// Slack's mrkdwn as text for a terminal: links with their address, dates in the local zone, marks as colour or dropped.

import { assertNever } from '../../rig/assert-never.ts';
import { type Part, readMrkdwn } from './mrkdwn-tree.ts';
import { slackDate, type Zone } from './slack-date.ts';

export type TextStyle = Zone & {
  /** ANSI for bold, italic, struck and code; false drops the marks. */
  readonly colour: boolean;
  /** `shown`: text and address, unless the text is part of the address. */
  readonly links: 'shown' | 'hidden';
  /** Name of a person or channel by its id, without `@` or `#`. */
  readonly nameOf: (id: string) => string | undefined;
};

const ansi = (code: number, text: string, { colour }: TextStyle) =>
  colour ? `\u001b[${code}m${text}\u001b[0m` : text;

const link = (address: string, label: string | undefined, style: TextStyle): string => {
  if (label === undefined || address.includes(label)) return address;
  return style.links === 'shown' ? `${label} (${address})` : label;
};

const written = (part: Part, style: TextStyle): string => {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'bold':
      return ansi(1, all(part.parts, style), style);
    case 'italic':
      return ansi(3, all(part.parts, style), style);
    case 'struck':
      return ansi(9, all(part.parts, style), style);
    case 'code':
    case 'block':
      return ansi(36, all(part.parts, style), style);
    case 'quote':
      return all(part.parts, style).replaceAll(/^/gm, '> ');
    case 'link':
      return link(part.url, part.label, style);
    case 'person':
      return `@${style.nameOf(part.id) ?? part.label ?? part.id}`;
    case 'channel':
      return `#${style.nameOf(part.id) ?? part.label ?? part.id}`;
    case 'date':
      return slackDate(part.body, style);
    case 'group':
      return `@${part.name}`;
    default:
      return assertNever(part);
  }
};

const all = (parts: readonly Part[], style: TextStyle): string =>
  parts.map((part) => written(part, style)).join('');

/** Lines are kept. */
export const mrkdwnText = (text: string, style: TextStyle): string => all(readMrkdwn(text), style);
