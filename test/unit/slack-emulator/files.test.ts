import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SlackEmulator, SlackEmulatorOptions } from '../../../src/demo/slack/surface.ts';
import { call, must, rules, silent, start } from './bolt.ts';

const LAB = 'C0LAB00001';

const begin = async (options: SlackEmulatorOptions = {}) => {
  const emulator = await start({
    scopes: ['chat:write', 'chat:write.public', 'files:write', 'im:write'],
    ...options,
  });
  const client = new WebClient(emulator.botToken, {
    slackApiUrl: emulator.apiUrl,
    logger: silent,
    timeout: 500,
    retryConfig: { retries: 0 },
  });
  return { emulator, client };
};

const log = 'one ü\ntwo\n';
const upload = { channel_id: LAB, filename: 'demo.log', content: log, title: 'Log of demo' };

describe('the real client', () => {
  it('uploads a snippet into a channel', async () => {
    const { emulator, client } = await begin();
    const told = await client.filesUploadV2({
      ...upload,
      initial_comment: 'the last lines of *demo*',
      snippet_type: 'text',
    });
    expect(told.ok).toBe(true);
    const message = must(emulator.messages('#lab')[0]);
    expect(message).toMatchObject({
      user: emulator.botUser,
      text: 'the last lines of *demo*',
      files: [{ name: 'demo.log', title: 'Log of demo', content: log, snippetType: 'text' }],
    });
    expect(rules(emulator)).toEqual([]);
    const kinds = emulator.journal().map(({ kind }) => kind);
    expect(kinds).toContain('upload');
    expect(kinds).toContain('upload-answer');
  });

  it('uploads several into one message of a thread, and into a direct message', async () => {
    const { emulator, client } = await begin({ limits: { postEveryMs: 0 } });
    const { ts } = await client.chat.postMessage({ channel: LAB, text: 'card' });
    const file_uploads = [
      { filename: 'a.txt', content: 'a' },
      { filename: 'b.txt', content: 'b' },
    ];
    await client.filesUploadV2({ channel_id: LAB, thread_ts: must(ts), file_uploads });
    expect(emulator.replies('#lab', must(ts))).toMatchObject([
      { text: '', files: [{ title: 'a.txt' }, { title: 'b.txt' }] },
    ]);
    const { channel } = await client.conversations.open({ users: 'U0ANNA0001' });
    await client.filesUploadV2({ ...upload, channel_id: must(channel?.id) });
    expect(emulator.messages(must(channel?.id))).toMatchObject([{ files: [{ title: 'Log of demo' }] }]);
    expect(rules(emulator)).toEqual([]);
  });

  it.each([
    ['a public channel that the bot is not in', 'C0RIGS0001', 'not_in_channel'],
    ['a private one', 'C0SECRET01', 'channel_not_found'],
    ['an archived one', 'C0OLD00001', 'is_archived'],
  ])('does not reach %s', async (_, channel_id, error) => {
    const { emulator, client } = await begin();
    await expect(client.filesUploadV2({ ...upload, channel_id })).rejects.toThrow(error);
    expect(emulator.messages(channel_id)).toEqual([]);
  });

  it('does not reach a person by their id', async () => {
    const { emulator, client } = await begin();
    await expect(client.filesUploadV2({ ...upload, channel_id: 'U0ANNA0001' })).rejects.toThrow(
      'invalid_arguments',
    );
    expect(rules(emulator)).toEqual(['bad-argument']);
  });

  it('fails where an upload is struck, and nothing is shared', async () => {
    const { emulator, client } = await begin();
    emulator.fault({ method: 'upload', kind: '500' });
    await expect(client.filesUploadV2(upload)).rejects.toThrow();
    expect(emulator.messages('#lab')).toEqual([]);
  });

  it('needs the scope', async () => {
    const { emulator, client } = await begin({ scopes: ['chat:write'] });
    await expect(client.filesUploadV2(upload)).rejects.toThrow('missing_scope');
    expect(rules(emulator)).toEqual(['missing-scope']);
  });
});

const announced = z.looseObject({ upload_url: z.string(), file_id: z.string() });

const announce = async (emulator: SlackEmulator, more: Record<string, unknown> = {}) => {
  const response = await fetch(`${emulator.apiUrl}files.getUploadURLExternal`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ filename: 'a.txt', length: 3, ...more }),
  });
  return announced.parse(await response.json());
};

describe('bare calls', () => {
  it('take raw bytes, once, of the length that was announced', async () => {
    const { emulator } = await begin();
    const { upload_url, file_id } = await announce(emulator);
    const share = () =>
      call(emulator, 'files.completeUploadExternal', { files: [{ id: file_id }], channel_id: LAB });
    expect(await share()).toMatchObject({ error: 'file_not_found' });
    expect((await fetch(upload_url, { method: 'POST', body: 'four' })).status).toBe(400);
    expect(await share()).toMatchObject({ error: 'file_not_found' });
    const sent = await fetch(upload_url, { method: 'POST', body: 'abc' });
    expect(await sent.text()).toBe('OK - 3');
    expect(await share()).toMatchObject({ ok: true });
    expect(await share()).toMatchObject({ error: 'file_not_found' });
    expect(emulator.messages('#lab')).toMatchObject([{ files: [{ title: 'a.txt', content: 'abc' }] }]);
    expect((await fetch(`${emulator.url}/upload/v1/none`, { method: 'POST', body: 'x' })).status).toBe(404);
    expect(rules(emulator)).toEqual(['bad-argument', 'bad-argument']);
  });

  it('keep a file without a channel to itself', async () => {
    const { emulator } = await begin();
    const { upload_url, file_id } = await announce(emulator);
    await fetch(upload_url, { method: 'POST', body: 'abc' });
    expect(await call(emulator, 'files.completeUploadExternal', { files: [{ id: file_id }] })).toMatchObject({
      ok: true,
    });
    expect(emulator.channels().flatMap(({ id }) => emulator.messages(id))).toEqual([]);
  });

  it.each([
    [{ length: 0 }, 'missing_argument'],
    [{ snippet_type: 'log' }, 'unknown_snippet_type'],
    [{ snippet_type: 'text', length: 1_000_001 }, 'snippet_too_large'],
  ])('refuse %j', async (more, error) => {
    const { emulator } = await begin();
    expect(
      await call(emulator, 'files.getUploadURLExternal', { filename: 'a', length: 3, ...more }),
    ).toMatchObject({ error });
  });

  it('notes alt_text, which is called alt_txt', async () => {
    const { emulator } = await begin();
    await announce(emulator, { alt_text: 'a picture' });
    expect(rules(emulator)).toEqual(['unknown-field']);
  });
});
