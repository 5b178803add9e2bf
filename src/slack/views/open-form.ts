// Opens a form at a click. The click's trigger lives for three seconds and opens one form.

import type { ModalView } from '@slack/types';
import type { Answer } from '../act/answering.ts';
import { sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import type { World } from '../world.ts';

/** `tooLate`: what is said where Slack does not open it any more. */
export const openForm = async (
  { client, log }: Pick<World, 'client' | 'log'>,
  trigger: string | undefined,
  view: ModalView,
  tooLate: string,
): Promise<Answer | undefined> => {
  try {
    await client.views.open({ trigger_id: trigger ?? '', view });
    return undefined;
  } catch (err) {
    if (readSlackFailure(err) === undefined) throw err;
    log.warn({ form: view.callback_id, err }, 'a form could not be opened');
    return sentence(tooLate);
  }
};
