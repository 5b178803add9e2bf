// A rig's log for whoever asked for it: a snippet in their direct messages, since a channel is no place for it. Where Slack
// takes no file, its last lines as a message.

import type { WebClient } from '@slack/web-api';
import type { Log } from '../../ports/log.ts';
import type { Telling } from '../../ports/outbox.ts';
import type { News } from '../../rig/news.ts';
import type { Rig } from '../../rig/rig.ts';
import { type Message, section, sentence } from '../draw/message.ts';
import { isRateLimit } from '../slack-errors.ts';
import { codeBlock } from '../words/escape.ts';
import { lastLines, logComment, logTitle, noLog } from '../words/log.ts';
import type { Sender } from './send.ts';
import { nobodyThere, type SendLog, told } from './tell-parts.ts';

type LogPiece = { readonly rig: Rig; readonly id: string; readonly uncertain: boolean };
type LogNews = News & { kind: 'log' };

export type SendLogParts = {
  readonly client: WebClient;
  readonly sender: Pick<Sender, 'post' | 'openDirect'>;
  readonly log: Log;
};

/** As a message; Slack takes 3,000 characters in a block. */
const mostCharacters = 2900;

export const createSendLog =
  (parts: SendLogParts): SendLog =>
  async (piece, news) => {
    const { lines, to, host } = news;
    if (lines === undefined || lines.length === 0)
      return post(parts, piece, news, sentence(noLog(piece.rig, host, lines)));
    const direct = await parts.sender.openDirect(to.id);
    if (direct.kind === 'gone') return nobodyThere(to);
    if (await upload(parts, piece, direct.channel, lines, host)) return told;
    return post(parts, piece, news, inMessage(piece.rig, lines, host));
  };

/**
 * False if Slack does not take it: the file may be forbidden, too large, or its place behind a proxy that lets nothing
 * through; the log is wanted all the same. Files have no metadata by which one could be found again: a double is the lesser
 * evil.
 */
const upload = async (
  { client, log }: SendLogParts,
  { rig }: LogPiece,
  channel: string,
  lines: readonly string[],
  host: string,
): Promise<boolean> => {
  try {
    await client.filesUploadV2({
      channel_id: channel,
      filename: `${rig.name}.log`,
      title: logTitle(rig, lines.length),
      initial_comment: logComment(rig, host),
      content: `${lines.join('\n')}\n`,
      snippet_type: 'text',
    });
    return true;
  } catch (error) {
    if (isRateLimit(error)) throw error;
    log.warn({ rig: rig.id, err: error }, 'a log could not be sent as a file');
    return false;
  }
};

const inMessage = (rig: Rig, lines: readonly string[], host: string): Message => {
  const text = lastLines(rig, host);
  return { text, blocks: [section(text), section(codeBlock(lines, mostCharacters))] };
};

const post = async (
  { sender }: SendLogParts,
  { rig, id, uncertain }: LogPiece,
  { to }: LogNews,
  message: Message,
): Promise<Telling> => {
  const target = { kind: 'direct', user: to.id } as const;
  const common = { owner: to.id, rig: rig.id, since: rig.created };
  const sent = await sender.post({ ...common, target, message, id, uncertain });
  if (sent.kind === 'later') return sent;
  return sent.kind === 'gone' ? nobodyThere(to) : told;
};
