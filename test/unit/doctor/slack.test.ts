// What the doctor says of Slack: each fault there, and not there, with the emulated one.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { SlackPlace } from '../../../src/config.ts';
import { startSlackEmulator } from '../../../src/demo/slack/emulator.ts';
import type { SlackEmulator, SlackEmulatorOptions } from '../../../src/demo/slack/surface.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { checkSlack } from '../../../src/doctor/slack/checks.ts';
import { examineSlack } from '../../../src/doctor/slack/examine-slack.ts';
import type { SlackFacts } from '../../../src/doctor/slack/facts.ts';
import { trySocket } from '../../../src/doctor/slack/try-socket.ts';
import { scopes } from '../../../src/slack/scopes.ts';

const manifest = await readFile(new URL('../../../manifest.yml', import.meta.url), 'utf8');
const lab = 'C0LAB00001';

const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ check, verdict, says, mend }) =>
      `${verdict} ${check}: ${says}${mend === undefined ? '' : ` → ${mend}`}`,
  );

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const start = async (options: SlackEmulatorOptions = {}): Promise<SlackEmulator> => {
  const slack = await startSlackEmulator({ manifest, ...options });
  stops.push(slack.stop);
  return slack;
};

type Change = {
  readonly bot?: string;
  readonly app?: string;
  readonly channel?: string;
  readonly api?: string;
};

const placeOf = (slack: SlackEmulator, { bot, app, channel = lab, api }: Change = {}): SlackPlace => ({
  slack: {
    botToken: bot ?? slack.botToken,
    apiUrl: api ?? slack.apiUrl,
    connection: { kind: 'socket', appToken: app ?? slack.appToken },
  },
  adminChannel: channel,
});

const examine = async (slack: SlackEmulator, change: Change = {}): Promise<readonly string[]> => {
  const said = lines(await examineSlack(placeOf(slack, change), scopes));
  for (const token of [slack.botToken, slack.appToken, change.bot, change.app])
    if (token !== undefined) expect(said.join()).not.toContain(token);
  return said;
};

const portOf = (server: { readonly address: () => unknown }): number =>
  z.object({ port: z.number() }).parse(server.address()).port;

/** As a bot asks for one. */
const openSocket = async ({ apiUrl, appToken }: SlackEmulator): Promise<string> => {
  const headers = { authorization: `Bearer ${appToken}` };
  const answer = await fetch(`${apiUrl}apps.connections.open`, { method: 'POST', headers });
  return z.object({ url: z.string() }).parse(await answer.json()).url;
};

const troubles = (said: readonly string[]): readonly string[] =>
  said.filter((line) => !line.startsWith('well'));

test('a sound one', async () => {
  const slack = await start();
  const said = await examine(slack);
  expect(said.map((line) => line.replace(/in [\d.]+ m?s;/, 'in 3 ms;'))).toEqual([
    'well slack-bot-token: Slack takes SLACK_BOT_TOKEN: it is rigs in the workspace Acme',
    'well slack-scopes: the bot may do all 15 things that manifest.yml asks for',
    'well slack-app-token: Slack takes SLACK_APP_TOKEN',
    'well slack-socket: a socket to Slack opens in 3 ms; no bot has one at the moment',
    'well slack-same-app: both tokens are of the app A0WCSRIGS1',
    `well slack-admin-channel: the admins' channel ${lab} is there`,
  ]);
  expect(slack.violations).toEqual([]);
  // It wrote nothing, and leaves no socket behind.
  await slack.until(() => (slack.sockets() === 0 ? true : undefined), 2000, 'no socket');
  const asked = slack.journal().filter(({ kind }) => kind === 'api-call');
  expect(asked.map(({ name }) => name).sort()).toEqual([
    'apps.connections.open',
    'auth.test',
    'bots.info',
    'conversations.info',
  ]);
});

test('the bots that are connected are counted', async () => {
  const slack = await start();
  const { promise, resolve } = Promise.withResolvers<void>();
  const url = await openSocket(slack);
  const socket = new WebSocket(url);
  socket.addEventListener('message', () => resolve());
  await promise;
  expect((await examine(slack)).join('\n')).toMatch(/one other of the app's is open/);
  socket.close();
});

describe('one fault each', () => {
  test.each<[string, SlackEmulatorOptions, Change, readonly RegExp[]]>([
    [
      'a wrong bot token',
      {},
      { bot: 'xoxb-1-2-wrong' },
      [
        /^wrong slack-bot-token: Slack does not take SLACK_BOT_TOKEN \(it says invalid_auth\) → copy the token that begins with xoxb- .*OAuth/,
      ],
    ],
    [
      'the other token in its place',
      { botToken: 'xoxb-1-b', appToken: 'xapp-1-A0WCSRIGS1-a' },
      { bot: 'xapp-1-A0WCSRIGS1-a' },
      [/^wrong slack-bot-token: .*not_allowed_token_type/],
    ],
    [
      'a wrong app token',
      {},
      { app: 'xapp-1-A0WCSRIGS1-9-wrong' },
      [
        /^wrong slack-app-token: Slack does not take SLACK_APP_TOKEN \(it says invalid_auth\) → copy the token that begins with xapp- .*App-Level/,
      ],
    ],
    [
      'an app token without its scope',
      { appScopes: ['authorizations:read'] },
      {},
      [
        /^wrong slack-app-token: .*missing_scope\) → make an app-level token with the scope connections:write/,
      ],
    ],
    [
      'a scope that is missing',
      { scopes: scopes.filter((one) => one !== 'files:write') },
      {},
      [/^wrong slack-scopes: .*files:write is missing → paste manifest\.yml.*reinstall/],
    ],
    [
      'two that are missing',
      { scopes: scopes.filter((one) => !one.startsWith('im:')) },
      {},
      [/im:read, im:history and im:write are missing/],
    ],
    [
      'a scope too many',
      { scopes: [...scopes, 'users:read.email'] },
      {},
      [/^doubtful slack-scopes-extra: .*users:read\.email → /],
    ],
    [
      'a channel that is not there',
      {},
      { channel: 'C0NOWHERE1' },
      [
        /^wrong slack-admin-channel: .*C0NOWHERE1 cannot be seen \(Slack says channel_not_found\).*→ `\/invite @rigs` there/,
      ],
    ],
    [
      'a private channel without the bot',
      {},
      { channel: 'C0SECRET01' },
      [/^wrong slack-admin-channel: .*channel_not_found/],
    ],
    [
      'an archived channel',
      {},
      { channel: 'C0OLD00001' },
      [/^wrong slack-admin-channel: .*is archived: notices wait → unarchive it/],
    ],
  ])('%s', async (_, options, change, said) => {
    const found = troubles(await examine(await start(options), change));
    expect(found).toHaveLength(said.length);
    for (const [index, line] of found.entries()) expect(line).toMatch(said[index] ?? /never/);
  });

  test('no channel of the admins', async () => {
    const slack = await start();
    const place = { ...placeOf(slack), adminChannel: undefined };
    expect(troubles(lines(await examineSlack(place, scopes)))).toEqual([
      expect.stringMatching(
        /^doubtful slack-admin-channel: no WCS_ADMIN_CHANNEL is named.*→ `WCS_ADMIN_CHANNEL=C…`/,
      ),
    ]);
  });

  test('a socket that opens and stays silent', async () => {
    const slack = await start();
    slack.muteSockets(true);
    const url = await openSocket(slack);
    expect(await trySocket(url, 200)).toEqual({ kind: 'silent' });
  });

  test('a socket that is refused', async () => {
    const slack = await start();
    expect(await trySocket(`${slack.url.replace('http', 'ws')}/link/?ticket=none`, 2000)).toMatchObject({
      kind: 'closed',
    });
    expect(await trySocket('no address', 2000)).toMatchObject({ kind: 'closed' });
  });

  test.each(['500', '429', 'drop'] as const)('a Slack that answers with %s is one finding', async (kind) => {
    const slack = await start();
    slack.fault({ kind, times: 10 });
    expect(await examine(slack)).toEqual([
      expect.stringMatching(/^wrong slack-reachable: Slack does not answer at http.*→ .*SLACK_API_URL/),
    ]);
  });

  test('nobody there is one finding', async () => {
    const slack = await start();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = `http://127.0.0.1:${portOf(server)}/api/`;
    server.close();
    await once(server, 'close');
    expect(await examine(slack, { api })).toEqual([
      expect.stringMatching(/^wrong slack-reachable: .*ECONNREFUSED/),
    ]);
  });

  test('something else there is not Slack', async () => {
    const slack = await start();
    const other = createServer((_, response) => void response.end('<html>a proxy</html>'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const found = await examine(slack, { api: `http://127.0.0.1:${portOf(other)}/api/` });
    other.close();
    expect(found).toEqual([
      expect.stringMatching(/^wrong slack-reachable: .*what answers there is not Slack/),
    ]);
  });
});

test('whoever types a command in that moment is told to type it again', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const heard: unknown[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(JSON.parse(data.toString()));
      socket.send(JSON.stringify({ type: 'hello' }));
    });
    socket.send(JSON.stringify({ type: 'slash_commands', envelope_id: 'e1', payload: {} }));
  });
  const says = await trySocket(`ws://127.0.0.1:${portOf(server)}`, 2000);
  server.close();
  expect(says.kind).toBe('hello');
  expect(heard).toEqual([
    {
      envelope_id: 'e1',
      payload: { response_type: 'ephemeral', text: expect.stringContaining('type that again') },
    },
  ]);
});

describe('what the emulator does not do', () => {
  const sound: SlackFacts = {
    apiUrl: 'https://slack.com/api/',
    wanted: scopes,
    bot: { kind: 'yes', answer: { user: 'rigs', team: 'Acme', appId: 'A1' }, scopes, skew: 0 },
    door: {
      kind: 'socket',
      token: { kind: 'yes', answer: {} },
      appId: 'A1',
      socket: { kind: 'hello', took: 200, appId: 'A1', others: 1 },
    },
    channel: { id: lab, says: { kind: 'yes', answer: { isArchived: false } } },
  };
  const hello = (change: object): SlackFacts['door'] => ({
    ...{ kind: 'socket', token: { kind: 'yes', answer: {} }, appId: 'A1' },
    socket: { kind: 'hello', took: 200, appId: 'A1', others: 1, ...change },
  });
  const http = (skew: number | undefined): Partial<SlackFacts> => ({
    door: { kind: 'http' },
    bot: { ...sound.bot, skew },
  });

  test.each<[string, Partial<SlackFacts>, readonly RegExp[]]>([
    ['nothing wrong', {}, []],
    [
      'two apps, by the socket',
      { door: hello({ appId: 'A2' }) },
      [/^wrong slack-same-app: SLACK_BOT_TOKEN is of the app A1, and SLACK_APP_TOKEN of A2/],
    ],
    [
      'two apps, by the token',
      { door: { kind: 'socket', token: { kind: 'no', error: 'x' }, appId: 'A2', socket: undefined } },
      [/^wrong slack-app-token/, /^wrong slack-same-app/],
    ],
    [
      'an app that Slack does not name',
      {
        door: hello({ appId: undefined, others: undefined }),
        bot: { kind: 'yes', answer: { user: 'rigs', team: 'Acme', appId: undefined }, scopes },
      },
      [],
    ],
    [
      'too many sockets',
      { door: hello({ others: 9 }) },
      [/^doubtful slack-socket: .*the app has 9 others: ten is the most/],
    ],
    [
      'a silent socket',
      {
        door: { kind: 'socket', token: { kind: 'yes', answer: {} }, appId: 'A1', socket: { kind: 'silent' } },
      },
      [/^wrong slack-socket: a socket to Slack stays silent → let WebSockets through/],
    ],
    [
      'a socket that closes',
      {
        door: {
          kind: 'socket',
          token: { kind: 'yes', answer: {} },
          appId: 'A1',
          socket: { kind: 'closed', detail: 'it was closed before a word (1006)' },
        },
      },
      [/^wrong slack-socket: .*closed before a word \(1006\)/],
    ],
    [
      'no address of a socket',
      {
        door: {
          kind: 'socket',
          token: { kind: 'silent', detail: 'status 500' },
          appId: 'A1',
          socket: undefined,
        },
      },
      [/^wrong slack-socket: Slack gives no address of a socket: status 500/],
    ],
    [
      'an app that was removed',
      { bot: { kind: 'no', error: 'account_inactive' } },
      [/^wrong slack-bot-token: .*account_inactive\) → install the app again/],
    ],
    [
      'scopes that Slack does not say',
      { bot: { ...sound.bot, scopes: undefined } },
      [/^doubtful slack-scopes: Slack does not say/],
    ],
    ['HTTP', http(0), [/^doubtful slack-signing: .*→ press \*Retry\*/]],
    [
      'HTTP with a clock that is behind',
      http(-120_000),
      [/^doubtful slack-signing/, /^doubtful slack-clock: this machine's clock is 2 m behind Slack's/],
    ],
    [
      'HTTP with a clock that is far ahead',
      http(400_000),
      [/^doubtful slack-signing/, /^wrong slack-clock: .*ahead of Slack's: all that Slack sends is refused/],
    ],
    ['HTTP where Slack has no clock', http(undefined), [/^doubtful slack-signing/]],
    [
      'a channel that Slack is silent about',
      { channel: { id: lab, says: { kind: 'silent', detail: 'status 500' } } },
      [/^wrong slack-admin-channel: Slack does not say.*status 500/],
    ],
    [
      'a channel that wants a scope',
      { channel: { id: lab, says: { kind: 'no', error: 'missing_scope' } } },
      [],
    ],
  ])('%s', (_, change, said) => {
    const found = troubles(lines(checkSlack({ ...sound, ...change })));
    expect(found).toHaveLength(said.length);
    for (const [index, line] of found.entries()) expect(line).toMatch(said[index] ?? /never/);
  });
});
