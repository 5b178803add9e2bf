// Slack's mrkdwn as text for a terminal: links with their address, dates in the local zone, marks as colour or dropped.

import { slackDate, type Zone } from './slack-date.ts';

export type TextStyle = Zone & {
  /** ANSI for bold, italic, struck and code; false drops the marks. */
  readonly colour: boolean;
  /** `shown`: text and address, unless the text is part of the address. */
  readonly links: 'shown' | 'hidden';
  /** Name of a person or channel by its id, without `@` or `#`. */
  readonly nameOf: (id: string) => string | undefined;
};

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const ansi = (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m`;

const link = (address: string, label: string | undefined, style: TextStyle): string => {
  if (label === undefined || address.includes(label)) return address;
  return style.links === 'shown' ? `${label} (${address})` : label;
};

/** What stands between `<` and `>`. */
const reference = (body: string, style: TextStyle): string => {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? undefined : body.slice(bar + 1);
  if (body.startsWith('!date^')) return slackDate(body.slice('!date^'.length), style);
  if (target.startsWith('@')) return `@${style.nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('#')) return `#${style.nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith('!')) return `@${label ?? target.slice(1)}`;
  return link(target, label, style);
};

const marks: readonly { readonly pattern: RegExp; readonly code: number }[] = [
  { pattern: /(?<=^|[\s(>·"'])\*(?=\S)([^*\n]*?\S)\*(?=$|[\s).,:;!?·"'<])/gu, code: 1 },
  { pattern: /(?<=^|[\s(>·"'])_(?=\S)([^_\n]*?\S)_(?=$|[\s).,:;!?·"'<])/gu, code: 3 },
  { pattern: /(?<=^|[\s(>·"'])~(?=\S)([^~\n]*?\S)~(?=$|[\s).,:;!?·"'<])/gu, code: 9 },
];

const marked = (text: string, style: TextStyle): string =>
  marks.reduce(
    (now, { pattern, code }) =>
      now.replaceAll(pattern, (_, inner: string) => (style.colour ? ansi(code, inner) : inner)),
    text,
  );

const prose = (text: string, style: TextStyle): string =>
  unescaped(marked(text, style).replaceAll(/<([^<>\n]+)>/g, (_, body: string) => reference(body, style)));

/** Code keeps its text as it is; everything else is prose. Lines are kept. */
export const mrkdwnText = (text: string, style: TextStyle): string =>
  text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((part) => {
      const code = /^(`{3}|`)([\s\S]+)\1$/.exec(part)?.[2];
      if (code === undefined) return prose(part, style);
      const inner = unescaped(code.replaceAll(/<([^<>\n]+)>/g, (_, body: string) => reference(body, style)));
      return style.colour ? ansi(36, inner) : inner;
    })
    .join('');
