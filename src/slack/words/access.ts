// What is said to somebody who may not use the bot, or not here.

import { assertNever } from '../../rig/assert-never.ts';
import type { Admission } from '../access.ts';
import { escapeText } from './escape.ts';

export const notWelcome = (admission: Exclude<Admission, { kind: 'welcome' }>): string => {
  switch (admission.kind) {
    case 'not-here':
      return admission.channels.length === 0
        ? 'I take commands in direct messages only. Open my messages tab and type it there.'
        : `I take commands in ${admission.channels.map((id) => `<#${escapeText(id)}>`).join(', ')} only, and in direct messages with me. Type it there.`;
    case 'not-listed':
      return 'You are not among those who may use me, so nothing was done. Whoever runs this bot can change that (`WCS_USERS`).';
    case 'outsider':
      return 'Guests and people of other organisations may not use me, since rigs are on our own network. Whoever runs this bot can let you in by name (`WCS_USERS`).';
    case 'unknown':
      return 'Slack does not tell me who you are at the moment, so nothing was done. Try again in a minute.';
    default:
      return assertNever(admission);
  }
};
