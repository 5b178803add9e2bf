// A rig's log for whoever asked for it: a snippet in their direct messages, since a channel is no place for it.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Telling } from '../ports.ts';
import type { News } from '../rig/news.ts';
import type { Rig } from '../rig/rig.ts';
import { sentence } from './message.ts';
import type { Sender } from './send.ts';
import { logComment, logTitle, noLog } from './words-log.ts';

export type SendLog = (
  piece: { readonly rig: Rig; readonly id: string; readonly uncertain: boolean },
  news: News & { kind: 'log' },
) => Promise<Telling>;

const opened = z.object({ channel: z.object({ id: z.string() }) });

export const createSendLog =
  ({ client, sender }: { readonly client: WebClient; readonly sender: Sender }): SendLog =>
  async ({ rig, id, uncertain }, { to, lines, host }) => {
    if (lines === undefined || lines.length === 0) {
      const message = sentence(noLog(rig, host, lines));
      const target = { kind: 'direct', user: to.id } as const;
      const sent = await sender.post({
        target,
        owner: to.id,
        message,
        id,
        rig: rig.id,
        uncertain,
        since: rig.created,
      });
      return sent.kind === 'later' ? sent : { kind: 'told' };
    }
    const { channel } = opened.parse(await client.conversations.open({ users: to.id }));
    // Files have no metadata by which one could be found again: a double is the lesser evil.
    await client.filesUploadV2({
      channel_id: channel.id,
      filename: `${rig.name}.log`,
      title: logTitle(rig, lines.length),
      initial_comment: logComment(rig, host),
      content: `${lines.join('\n')}\n`,
      snippet_type: 'text',
    });
    return { kind: 'told' };
  };
