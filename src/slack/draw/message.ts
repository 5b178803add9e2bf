// What is sent to Slack: text for notifications, and blocks for the eye. The limits are Slack's.

import type { Button, KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/types';
import { bounded } from '../words/escape.ts';

export type Message = { readonly text: string; readonly blocks: KnownBlock[] };

/** `verbatim`: Slack makes neither links nor mentions of anything but our own markup. */
export const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** `most`: 75 for a button, 30 and 100 in a confirmation. */
export const plainText = (text: string, most = 75): PlainTextElement => ({
  type: 'plain_text',
  text: bounded(text, most),
  emoji: true,
});

/** A modal's title and its buttons: Slack takes 24 characters. */
export const formTitle = (text: string): PlainTextElement => plainText(text, 24);

export const section = (text: string): KnownBlock => ({ type: 'section', text: mrkdwn(text) });

/** Slack's limit of a section is 3000. */
const mostInASection = 2900;

/** Lines, as many in a section as fit. */
export const sections = (lines: readonly string[]): KnownBlock[] => {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= mostInASection)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: 'section', text: mrkdwn(text), expand: true }));
};

/** A sentence as a message of its own. */
export const sentence = (text: string): Message => ({ text, blocks: [section(text)] });

/** A sentence, and what can be done about it. */
export const withButtons = (text: string, elements: readonly Button[]): Message => ({
  text,
  blocks: [section(text), { type: 'actions', elements: [...elements] }],
});
