// Sentences under a field: Slack shows them as they are, without markup. Pure.

import { bounded } from '../words/escape.ts';

/** Longer ones push the form's other fields off the screen. */
const most = 600;

/** Our markup taken out: what was code is quoted, what was a list is one line. */
export const plainOf = (text: string): string =>
  bounded(
    text
      .replaceAll(/<!date\^[^|<>]*\|([^<>]*)>/g, '$1')
      .replaceAll(/<[^|<>]*\|([^<>]*)>/g, '$1')
      .replaceAll(/`([^`\n]*)`/g, '“$1”')
      .replaceAll(/(^|\s)\*([^*\n]+)\*/g, '$1$2')
      .replaceAll(/:\n• /g, ': ')
      .replaceAll(/\n• /g, '; ')
      .replaceAll(/\.?\n/g, '. ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
    most,
  );
