// Tells operators in their channel what they should know.

import type { Log } from '../../ports/log.ts';
import { causeOf, type Notice } from '../../rig/notice.ts';
import { sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { noticeText } from '../words/notice.ts';
import type { Sender } from './send.ts';

export type NoticeParts = {
  readonly sender: Pick<Sender, 'post'>;
  /** `undefined`: there is none, and only the log has it. */
  readonly channel: string | undefined;
  readonly log: Log;
};

/** True when it was told, or can never be; false: later. A double is rare and allowed. */
export const createTellNotice =
  ({ sender, channel, log }: NoticeParts) =>
  async (notice: Notice): Promise<boolean> => {
    const cause = causeOf(notice);
    log.warn({ notice }, 'a notice to the operators');
    if (channel === undefined) return true;
    try {
      const sent = await sender.post({
        target: { kind: 'channel', channel },
        owner: channel,
        message: sentence(noticeText(notice)),
        id: `notice.${cause}`,
        rig: '',
        uncertain: false,
        since: 0,
      });
      return sent.kind !== 'later';
    } catch (error) {
      const failure = readSlackFailure(error);
      if (failure === undefined) throw error;
      log.warn({ cause, channel, failure }, 'a notice could not be told');
      return failure.kind === 'refused';
    }
  };
