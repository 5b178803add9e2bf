// Coming and going: tokens that Slack does not take, reconnects, and an end that leaves nothing behind.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { startSlackBot } from '../support/slack-bot.ts';

test('a token that Slack does not take is a sentence at the start', async () => {
  const emulator = await startSlackEmulator();
  const { apiUrl } = emulator;
  const wrong = {
    botToken: 'xoxb-wrong',
    apiUrl,
    connection: { kind: 'socket', appToken: emulator.appToken },
  } as const;
  await expect(startSlackBot({ slack: wrong })).rejects.toThrow(
    /^Slack does not take SLACK_BOT_TOKEN \(it says \w+\): copy the token that begins with xoxb-/,
  );
  await emulator.stop();
});

test('an app token that Slack does not take is one, too', async () => {
  const emulator = await startSlackEmulator({ scopes });
  const { apiUrl, botToken } = emulator;
  const wrong = { botToken, apiUrl, connection: { kind: 'socket', appToken: 'xapp-wrong' } } as const;
  await expect(startSlackBot({ slack: wrong })).rejects.toThrow(
    /^Slack does not take SLACK_APP_TOKEN \(it says \w+\)/,
  );
  await emulator.stop();
});

const without = (...missing: readonly string[]) => ({
  emulator: { scopes: scopes.filter((scope) => !missing.includes(scope)) },
});

test('an app that was not reinstalled after an update is a sentence at the start', async () => {
  await expect(startSlackBot(without('users:read', 'usergroups:read', 'files:write'))).rejects.toThrow(
    /^Slack does not give .* cannot do without \(users:read, usergroups:read, files:write\): paste manifest\.yml anew .* reinstall the app .*docs\/slack\.md/,
  );
});

test('what only a part of the bot needs is a warning at the start', async () => {
  const bot = await startSlackBot(without('files:write', 'usergroups:read'));
  expect(bot.slack.isConnected()).toBe(true);
  expect(bot.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Slack does not give .* \(usergroups:read, files:write\), so parts fail: paste/),
  ]);
});

test.each([
  { admins: ['S0ADMINS01'], users: undefined },
  { admins: [], users: ['U0ANNA0001', 'S0TESTERS1'] },
])('user groups cannot be done without where one is named: %j', async (named) => {
  const access = { ...named, channels: undefined };
  await expect(startSlackBot({ ...without('usergroups:read'), parts: { access } })).rejects.toThrow(
    /cannot do without \(usergroups:read\)/,
  );
});

test('with all that it needs, and more, nothing is said', async () => {
  const bot = await startSlackBot({ emulator: { scopes: [...scopes, 'reactions:write'] } });
  expect(bot.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('a socket that is cut or politely asked to go comes back, and commands arrive', async () => {
  const bot = await startSlackBot({ emulator: { limits: { refreshMs: 500 } } });
  const { emulator } = bot;
  expect(bot.slack.isConnected()).toBe(true);
  emulator.disconnectSockets();
  await emulator.until(() => emulator.sockets() === 1, 10_000);
  await bot.type('help');
  await bot.ephemeral('@anna', '#rigs', '`/wcs up demo for 4h`');
  emulator.refreshSockets();
  await emulator.until(() => emulator.sockets() === 1, 10_000);
  await bot.type('help');
  await vi.waitFor(() => expect(emulator.ephemerals('@anna', '#rigs')).toHaveLength(2));
});

test('stop closes the socket and the port', async () => {
  const socket = await startSlackBot();
  await socket.slack.stop();
  expect(socket.emulator.sockets()).toBe(0);
  expect(socket.slack.isConnected()).toBe(false);

  const http = await startSlackBot({ http: true });
  await http.slack.stop();
  expect(await http.emulator.command({ user: '@anna', channel: '#rigs', text: 'help' })).toMatchObject({
    kind: 'undeliverable',
  });
});

test('stop lets an answer that is under way arrive', async () => {
  const bot = await startSlackBot({ http: true });
  const { emulator } = bot;
  emulator.fault({ method: 'response_url', kind: '500' });
  await bot.type('help');
  await bot.slack.stop();
  expect(emulator.ephemerals('@anna', '#rigs')).toHaveLength(1);
});

/** Between the bot and Slack, which leaves out what the token may do; from `revoke` on Slack opens no more sockets for the app token. */
const startRevoker = async (apiUrl: string) => {
  const state = { revoked: false };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'application/json');
    if (state.revoked && request.url?.endsWith('apps.connections.open') === true) {
      response.end(JSON.stringify({ ok: false, error: 'account_inactive' }));
      return;
    }
    const { authorization = '', 'content-type': type = '' } = request.headers;
    const headers = { 'content-type': type, ...(authorization === '' ? {} : { authorization }) };
    const passed = await fetch(new URL(request.url?.replace('/api/', '') ?? '', apiUrl), {
      method: 'POST',
      headers,
      body: await text(request),
    });
    response.end(await passed.text());
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { apiUrl: `http://127.0.0.1:${port}/api/`, revoke: () => Object.assign(state, { revoked: true }) };
};

test('an app that is switched off in Slack is told to whoever runs the bot', async () => {
  const emulator = await startSlackEmulator();
  onTestFinished(emulator.stop);
  const revoker = await startRevoker(emulator.apiUrl);
  const { botToken, appToken } = emulator;
  const bot = await startSlackBot({
    slack: { botToken, apiUrl: revoker.apiUrl, connection: { kind: 'socket', appToken } },
  });
  expect(bot.slack.isConnected()).toBe(true);
  expect(bot.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  revoker.revoke();
  emulator.disconnectSockets();
  expect((await bot.slack.failed).message).toMatch(/SLACK_APP_TOKEN \(it says account_inactive\)/);
  expect(bot.slack.isConnected()).toBe(false);
});
