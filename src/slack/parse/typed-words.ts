// What people's keyboards and Slack's own escaping make of a command's text, turned back into plain words. Pure.

import type { UserId } from '../../rig/rig.ts';

export type TypedWord =
  | { readonly kind: 'word'; readonly text: string }
  /** `@anna`, `#rigs`, `@here`, `@team`: Slack turned it into an identifier. */
  | { readonly kind: 'mention'; readonly of: 'person'; readonly text: string; readonly id: UserId }
  | { readonly kind: 'mention'; readonly of: 'channel' | 'group'; readonly text: string };

const dashes = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
const quotes = /[\u2018-\u201f\u2032-\u2037\u00ab\u00bb\u2039\u203a"'`\u00b4]/g;
/** Zero-width characters, soft hyphens and direction marks: nobody typed them on purpose. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\p{Cc}\p{Cs}]/gu;

const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Names, hosts and tags have no quotes, so they are dropped wherever they stand; so is what ends a sentence. */
const plain = (text: string): string =>
  unescapeText(text)
    .replaceAll(invisible, '')
    .replaceAll(quotes, '')
    .replaceAll(dashes, '-')
    .replace(/[.:!?]+$/, '');

/** `<…>` is one token, blanks and all; a comma between digits (`1,5h`) and a `&lt;` separate nothing. */
const tokens = /<[^<>]*>|(?:(?<=\d),(?=\d)|&(?:lt|gt|amp);|[^\s,;<])+|</gu;

const userId = /^[UW][A-Z0-9]{1,30}$/;

const readEscape = (inside: string): TypedWord => {
  const [target = '', label = ''] = inside.split('|', 2);
  const sign = target.slice(0, 1);
  const id = target.slice(1);
  const text = plain(label !== '' ? label : id).replace(/^[@#]/, '');
  if (sign === '@' && userId.test(id)) return { kind: 'mention', of: 'person', text, id };
  if (sign === '#') return { kind: 'mention', of: 'channel', text };
  if (sign === '!') return { kind: 'mention', of: 'group', text };
  // Slack makes a link of `h1.example.com`; what was typed is the label.
  // It is one word, also where Slack's form of it holds a blank.
  const word = plain(label !== '' ? label : target).trim();
  return { kind: 'word', text: word.replaceAll(/\s+/g, '-') };
};

/** At most 50 words: more are never meant, and nobody reads an answer about them. */
export const readWords = (text: string): readonly TypedWord[] => {
  const spaced = text.slice(0, 4000).replaceAll(/[\p{Zs}\p{Zl}\p{Zp}\s]+/gu, ' ');
  const words: TypedWord[] = [];
  for (const [token] of spaced.matchAll(tokens)) {
    if (words.length === 50) break;
    const word: TypedWord =
      token.startsWith('<') && token.endsWith('>')
        ? readEscape(token.slice(1, -1))
        : { kind: 'word', text: plain(token) };
    // A dash alone (`demo – for 4h`) is punctuation, as is what ends a sentence.
    if (word.kind === 'mention' || !/^[-.:!?]*$/.test(word.text)) words.push(word);
  }
  return words;
};
