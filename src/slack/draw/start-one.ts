// The answer to the bare command: what this is, and a button that starts a rig.

import type { Answer } from '../act/answering.ts';
import { greeting } from '../words/help.ts';
import { plainText, withButtons } from './message.ts';
import { actions, writeCommandValue } from './values.ts';

export const greetingAnswer = ({ command }: { readonly command: string }): Answer =>
  withButtons(greeting(command), [
    {
      type: 'button',
      action_id: actions.startOne,
      text: plainText('Start a rig …'),
      style: 'primary',
      value: writeCommandValue(command),
    },
  ]);
