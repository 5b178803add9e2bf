// An answer as a modal of its own: clicks in the Home tab and in modals have no other place for what only one person sees.

import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../ports/log.ts';
import type { UserId } from '../../rig/rig.ts';
import type { Answer } from '../act/answering.ts';
import { formTitle, sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { answerTooLate } from '../words/modal.ts';

export const answerModal = ({ blocks }: Pick<Answer, 'blocks'>): ModalView => ({
  type: 'modal',
  title: formTitle('Rigs'),
  close: formTitle('Close'),
  blocks: [...blocks],
});

/** Where something was clicked. */
export type Place =
  | { readonly kind: 'message'; readonly channel: string | undefined }
  | { readonly kind: 'home' }
  | { readonly kind: 'modal'; readonly view: string };

export type InView = {
  readonly place: Exclude<Place, { kind: 'message' }>;
  readonly user: UserId;
  readonly trigger: string | undefined;
  readonly command: string;
};

/** What can no longer be shown is not sent elsewhere: a password must not stay in a conversation. */
export const answerInView = async (
  { client, log }: { readonly client: WebClient; readonly log: Log },
  { place, user, trigger, command }: InView,
  answer: Answer,
): Promise<void> => {
  const view = answerModal(answer);
  try {
    if (place.kind === 'modal') await client.views.update({ view_id: place.view, view });
    else await client.views.open({ trigger_id: trigger ?? '', view });
  } catch (err) {
    if (readSlackFailure(err) === undefined) throw err;
    log.warn({ user, err }, 'an answer could not be shown in a modal');
    await client.chat.postMessage({ channel: user, ...sentence(answerTooLate(command)) });
  }
};
