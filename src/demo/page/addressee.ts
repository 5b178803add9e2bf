// Whom something typed into the page is meant for: the bot, or the colleagues in that place.

import { verbs } from '../../slack/parse/command.ts';
import { nearestVerb, parseCommand } from '../../slack/parse/parse.ts';

export type Addressee =
  | { readonly kind: 'bot' }
  /** `meant`: a command for the bot that it may be a slip of. */
  | { readonly kind: 'colleagues'; readonly meant: string | undefined };

/** For the bot is what begins with `/`, or with a word of its commands; all else is for colleagues. */
export const addresseeOf = (text: string): Addressee => {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  if (first.startsWith('/') || verbs.some((verb) => verb === first.toLowerCase())) return { kind: 'bot' };
  return { kind: 'colleagues', meant: meantBy(first, rest) };
};

/** Only what would then be right: many a word of a greeting is near to one of a command. `help` takes any words. */
const meantBy = (first: string, rest: readonly string[]): string | undefined => {
  const near = nearestVerb(first);
  if (near === undefined || near.startsWith('help')) return undefined;
  const meant = [near, ...rest].join(' ');
  return parseCommand(meant).kind === 'command' ? meant : undefined;
};
