// Tells operators in their channel what they should know.

import type { Log } from '../../ports/log.ts';
import { type Duration, hour, type Instant } from '../../rig/duration.ts';
import { causeOf, type Notice } from '../../rig/notice.ts';
import { mendChannel } from '../admin-channel.ts';
import { sentence } from '../draw/message.ts';
import { readSlackFailure } from '../slack-errors.ts';
import { noticeText } from '../words/notice.ts';
import type { Sender } from './send.ts';

export type NoticeParts = {
  readonly sender: Pick<Sender, 'post'>;
  /** `undefined`: there is none, and only the log has it. */
  readonly channel: string | undefined;
  /** The name that people invite. */
  readonly bot: () => string;
  readonly now: () => Instant;
  readonly log: Log;
};

/** What Slack refused waits until somebody lets the bot in: no reason to ask each minute. */
const afterRefusal: Duration = hour;

/** True when it was told; false: later. A double is rare and allowed. */
export const createTellNotice = ({ sender, channel, bot, now, log }: NoticeParts) => {
  /** By cause; a new start tries at once. */
  const refused = new Map<string, Instant>();

  return async (notice: Notice): Promise<boolean> => {
    const cause = causeOf(notice);
    if (now() < (refused.get(cause) ?? 0)) return false;
    refused.delete(cause);
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
      if (failure.kind === 'later') {
        log.warn({ cause, channel, failure }, 'a notice waits for Slack');
        return false;
      }
      refused.set(cause, now() + afterRefusal);
      log.warn(
        { cause, channel, failure },
        `a notice could not be told (Slack says ${failure.code}) and is tried again in an hour: ${mendChannel(channel, bot(), failure.code)}`,
      );
      return false;
    }
  };
};
