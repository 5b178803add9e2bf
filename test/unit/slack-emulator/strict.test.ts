import { describe, expect, it } from 'vitest';
import { defaultChannels } from '../../../src/demo/slack/workspace.ts';
import { button, call, handClock, must, rules, section, start } from './bolt.ts';

const LAB = 'C0LAB00001';
const RIGS = 'C0RIGS0001';
const SECRET = 'C0SECRET01';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const plain = (text: string) => ({ type: 'plain_text', text });

describe('tokens and scopes', () => {
  it('wants the right token for each method', async () => {
    const emulator = await start();
    expect(await call(emulator, 'auth.test', {}, '')).toMatchObject({ ok: false, error: 'not_authed' });
    expect(await call(emulator, 'auth.test', {}, 'xoxb-no')).toMatchObject({ error: 'invalid_auth' });
    expect(rules(emulator)).toEqual([]);
    expect(await call(emulator, 'apps.connections.open', {}, emulator.botToken)).toMatchObject({
      error: 'not_allowed_token_type',
    });
    expect(await call(emulator, 'auth.test', {}, emulator.appToken)).toMatchObject({
      error: 'not_allowed_token_type',
    });
    expect(rules(emulator)).toEqual(['wrong-token', 'wrong-token']);
    expect(await call(emulator, 'auth.test')).toMatchObject({ ok: true, user_id: emulator.botUser });
    expect(await call(emulator, 'api.test')).toMatchObject({ ok: true });
  });

  it.each([
    ['chat.postMessage', { channel: LAB, text: 'x' }, 'chat:write'],
    ['users.info', { user: 'U0ANNA0001' }, 'users:read'],
    ['conversations.info', { channel: LAB }, 'channels:read'],
    ['conversations.history', { channel: LAB }, 'channels:history'],
    ['conversations.open', { users: 'U0ANNA0001' }, 'im:write'],
  ])('%s without its scope is missing_scope', async (method, args, scope) => {
    const without = await start({ scopes: ['commands'] });
    expect(await call(without, method, args)).toMatchObject({
      ok: false,
      error: 'missing_scope',
      needed: scope,
      provided: 'commands',
    });
    expect(rules(without)).toEqual(['missing-scope']);
    const withScope = await start({ scopes: [scope] });
    expect(await call(withScope, method, args)).toMatchObject({ ok: true });
    expect(rules(withScope)).toEqual([]);
  });
});

describe('methods and fields', () => {
  it('knows no other methods', async () => {
    const emulator = await start();
    expect(await call(emulator, 'chat.shout', {})).toMatchObject({ error: 'unknown_method' });
    expect(rules(emulator)).toEqual(['unknown-method']);
  });

  it('notes a field that Slack would ignore', async () => {
    const emulator = await start();
    expect(
      await call(emulator, 'chat.postMessage', { channel: LAB, text: 'x', colour: 'red' }),
    ).toMatchObject({
      ok: true,
    });
    expect(emulator.violations).toMatchObject([
      { rule: 'unknown-field', where: 'chat.postMessage', detail: 'colour' },
    ]);
  });

  it('refuses missing and misshapen arguments', async () => {
    const emulator = await start();
    expect(await call(emulator, 'chat.postMessage', { text: 'x' })).toMatchObject({
      error: 'invalid_arguments',
    });
    expect(await call(emulator, 'chat.update', { channel: LAB, ts: 'now', text: 'x' })).toMatchObject({
      error: 'invalid_arguments',
    });
    expect(rules(emulator)).toEqual(['bad-argument', 'bad-argument']);
  });

  it('takes forms with nested JSON as it takes JSON', async () => {
    const emulator = await start();
    const response = await fetch(`${emulator.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.botToken}` },
      body: new URLSearchParams({
        channel: LAB,
        text: 'x',
        unfurl_links: 'false',
        blocks: JSON.stringify([section('hello')]),
      }),
    });
    expect(await response.json()).toMatchObject({
      ok: true,
      message: { text: 'x', blocks: [section('hello')] },
    });
    expect(rules(emulator)).toEqual([]);
  });
});

const confirm = (more: Record<string, unknown>) => ({
  title: plain('Sure?'),
  text: plain('It goes.'),
  confirm: plain('Stop'),
  deny: plain('Keep'),
  ...more,
});
const actions = (...elements: unknown[]) => ({ type: 'actions', elements });

describe('blocks', () => {
  const broken: readonly [string, unknown[], string][] = [
    [
      '51 blocks',
      many(51, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    [
      'a section of 3001',
      [section('x'.repeat(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty section', [section('')], 'must be more than 0 characters'],
    ['a section of nothing', [{ type: 'section' }], 'must define either `fields` or `text`'],
    ['11 fields', [{ type: 'section', fields: many(11, () => plain('x')) }], 'no more than 10 items'],
    ['a field of 2001', [{ type: 'section', fields: [plain('x'.repeat(2001))] }], 'less than 2001'],
    [
      '11 context elements',
      [{ type: 'context', elements: many(11, () => plain('x')) }],
      'no more than 10 items',
    ],
    [
      '26 buttons',
      [actions(...many(26, (i) => button('x', `a${i}`)))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    ['a button text of 76', [actions(button('x'.repeat(76), 'a'))], 'less than 76'],
    ['a button value of 2001', [actions(button('x', 'a', { value: 'x'.repeat(2001) }))], 'less than 2001'],
    [
      'a button url of 3001',
      [actions(button('x', 'a', { url: `https://h/${'x'.repeat(2991)}` }))],
      'less than 3001',
    ],
    ['a button url that is none', [actions(button('x', 'a', { url: 'not a url' }))], 'invalid url'],
    ['a button style', [actions(button('x', 'a', { style: 'loud' }))], '/blocks/0/elements/0/style'],
    [
      'a button with mrkdwn',
      [actions({ ...button('x', 'a'), text: { type: 'mrkdwn', text: 'x' } })],
      '/elements/0/text/type',
    ],
    ['an action id of 256', [actions(button('x', 'a'.repeat(256)))], 'less than 256'],
    ['one action id twice', [actions(button('x', 'a'), button('y', 'a'))], '`action_id` `a` already exists'],
    ['a block id of 256', [{ type: 'divider', block_id: 'b'.repeat(256) }], 'less than 256'],
    [
      'one block id twice',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      '`block_id` `b` already exists',
    ],
    [
      'a confirm title of 101',
      [actions(button('x', 'a', { confirm: confirm({ title: plain('x'.repeat(101)) }) }))],
      'less than 101',
    ],
    [
      'a confirm text of 301',
      [actions(button('x', 'a', { confirm: confirm({ text: plain('x'.repeat(301)) }) }))],
      'less than 301',
    ],
    [
      'a confirm button of 31',
      [actions(button('x', 'a', { confirm: confirm({ confirm: plain('x'.repeat(31)) }) }))],
      'less than 31',
    ],
    ['a header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }], 'less than 151'],
    [
      '101 options',
      [
        actions({
          type: 'static_select',
          action_id: 'a',
          options: many(101, (i) => ({ text: plain('x'), value: `${i}` })),
        }),
      ],
      'no more than 100 items',
    ],
    [
      'six in an overflow',
      [
        actions({
          type: 'overflow',
          action_id: 'a',
          options: many(6, (i) => ({ text: plain('x'), value: `${i}` })),
        }),
      ],
      'no more than 5 items',
    ],
    ['an unknown block', [{ type: 'card' }], 'unsupported or missing type [json-pointer:/blocks/0]'],
    ['an unknown property', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour'],
    ['a missing property', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'an input in a message',
      [{ type: 'input', label: plain('x'), element: { type: 'plain_text_input' } }],
      'unsupported type: input',
    ],
  ];
  it.each(broken)('%s are refused', async (_, blocks, said) => {
    const emulator = await start();
    const answer = await call(emulator, 'chat.postMessage', { channel: LAB, text: 'x', blocks });
    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(must(answer.errors).join()).toContain(said);
    expect(rules(emulator)).toEqual(['invalid-blocks']);
    expect(emulator.messages(LAB)).toEqual([]);
  });

  it('takes all of it up to the limits, and gives ids where there were none', async () => {
    const emulator = await start();
    const blocks = [
      section('x'.repeat(3000), {
        accessory: { type: 'button', text: plain('Open'), url: 'https://10.0.0.1' },
      }),
      { type: 'section', fields: many(10, () => plain('x')) },
      { type: 'context', elements: many(10, () => plain('x')) },
      actions(
        ...many(25, (i) =>
          button('x'.repeat(75), `a${i}`, { value: 'x'.repeat(2000), confirm: confirm({}) }),
        ),
      ),
      { type: 'header', text: plain('x'.repeat(150)) },
      { type: 'image', image_url: 'https://10.0.0.1/x.png', alt_text: 'x' },
      ...many(44, () => ({ type: 'divider' })),
    ];
    expect(await call(emulator, 'chat.postMessage', { channel: LAB, text: 'x', blocks })).toMatchObject({
      ok: true,
    });
    const [message] = emulator.messages(LAB);
    const ids = must(message).blocks.map((block) => block.block_id);
    expect(new Set(ids).size).toBe(50);
    const [first] = must(message).blocks;
    expect(first).toMatchObject({ accessory: { action_id: expect.any(String) } });
  });

  it('limits texts', async () => {
    const emulator = await start();
    const post = (more: object) => call(emulator, 'chat.postMessage', { channel: LAB, ...more });
    expect(await post({})).toMatchObject({ error: 'no_text' });
    expect(await post({ text: 'x'.repeat(40_001) })).toMatchObject({ error: 'msg_too_long' });
    expect(await post({ text: 'x', blocks: 'hello' })).toMatchObject({ error: 'invalid_blocks_format' });
    const long = many(5, () => section('x'.repeat(2500)));
    expect(await post({ text: 'x', blocks: long })).toMatchObject({ error: 'msg_blocks_too_long' });
    const { ts } = await post({ text: 'x' });
    expect(await call(emulator, 'chat.update', { channel: LAB, ts, text: 'x'.repeat(4001) })).toMatchObject({
      error: 'msg_too_long',
    });
    expect(rules(emulator)).toEqual(['no-text', 'text-limit', 'invalid-blocks', 'text-limit', 'text-limit']);
  });
});

describe('where the bot may post', () => {
  it('cannot see private channels and other people’s direct messages', async () => {
    const emulator = await start({
      scopes: ['chat:write', 'chat:write.public', 'channels:read', 'groups:read', 'im:read'],
    });
    for (const channel of [SECRET, 'D0ANNABEN1', 'C0NOWHERE1']) {
      expect(await call(emulator, 'chat.postMessage', { channel, text: 'x' })).toMatchObject({
        error: 'channel_not_found',
      });
      expect(await call(emulator, 'conversations.info', { channel })).toMatchObject({
        error: 'channel_not_found',
      });
    }
    emulator.invite('#secret');
    expect(await call(emulator, 'chat.postMessage', { channel: SECRET, text: 'x' })).toMatchObject({
      ok: true,
    });
    expect(await call(emulator, 'conversations.info', { channel: SECRET })).toMatchObject({
      ok: true,
      channel: { is_private: true, is_member: true },
    });
    emulator.kick('#secret');
    expect(await call(emulator, 'chat.postMessage', { channel: SECRET, text: 'x' })).toMatchObject({
      error: 'channel_not_found',
    });
    expect(rules(emulator)).toEqual([]);
  });

  it('posts to public channels it is not in only with chat:write.public', async () => {
    const without = await start();
    expect(await call(without, 'chat.postMessage', { channel: RIGS, text: 'x' })).toMatchObject({
      error: 'not_in_channel',
    });
    const allowed = await start({ scopes: ['chat:write', 'chat:write.public'] });
    expect(await call(allowed, 'chat.postMessage', { channel: RIGS, text: 'x' })).toMatchObject({ ok: true });
    expect(
      await call(allowed, 'chat.postEphemeral', { channel: RIGS, user: 'U0ANNA0001', text: 'x' }),
    ).toMatchObject({ error: 'not_in_channel' });
  });

  it('posts to nobody in an archived channel', async () => {
    const emulator = await start();
    expect(await call(emulator, 'chat.postMessage', { channel: 'C0OLD00001', text: 'x' })).toMatchObject({
      error: 'is_archived',
    });
    expect(await emulator.command({ user: 'anna', channel: '#old', text: 'up' })).toMatchObject({
      kind: 'refused',
    });
  });

  it('opens a direct message by a person’s id, and updates it by the channel’s', async () => {
    const emulator = await start();
    const posted = await call(emulator, 'chat.postMessage', { channel: 'U0ANNA0001', text: 'x' });
    expect(posted).toMatchObject({ ok: true, channel: expect.stringMatching(/^D/) });
    const channel = must(emulator.directMessage('anna'));
    expect(posted.channel).toBe(channel.id);
    expect(
      await call(emulator, 'chat.update', { channel: 'U0ANNA0001', ts: posted.ts, text: 'y' }),
    ).toMatchObject({ error: 'channel_not_found' });
    expect(
      await call(emulator, 'chat.update', { channel: channel.id, ts: posted.ts, text: 'y' }),
    ).toMatchObject({
      ok: true,
    });
    expect(emulator.messages(channel.id)).toMatchObject([{ text: 'y', history: [{ text: 'x' }] }]);
  });

  it('writes no direct messages where the app has switched its messages tab off', async () => {
    const manifest = `
features: { app_home: { messages_tab_enabled: false, home_tab_enabled: false } }
oauth_config: { scopes: { bot: [chat:write] } }
settings: {}
`;
    const emulator = await start({ manifest });
    expect(await call(emulator, 'chat.postMessage', { channel: 'U0ANNA0001', text: 'x' })).toMatchObject({
      error: 'messages_tab_disabled',
    });
    const view = { type: 'home', blocks: [] };
    expect(await call(emulator, 'views.publish', { user_id: 'U0ANNA0001', view })).toMatchObject({
      error: 'not_enabled',
    });
  });

  it('says that a channel is shared with others', async () => {
    const emulator = await start({ scopes: ['channels:read'] });
    expect(await call(emulator, 'conversations.info', { channel: 'C0PARTNER1' })).toMatchObject({
      channel: { is_ext_shared: true, is_shared: true },
    });
  });
});

describe('a message whose channel changed', () => {
  const scopes = ['chat:write', 'chat:write.public', 'channels:read', 'groups:read'];
  const begin = async (channel: string) => {
    const emulator = await start({ scopes, limits: { postEveryMs: 0 } });
    if (channel === SECRET) emulator.invite(SECRET);
    const { ts } = await call(emulator, 'chat.postMessage', { channel, text: 'card' });
    const update = () => call(emulator, 'chat.update', { channel, ts, text: 'edited' });
    const reply = () => call(emulator, 'chat.postMessage', { channel, text: 'reply', thread_ts: ts });
    return { emulator, update, reply };
  };

  it('archived: neither updates nor replies', async () => {
    const { emulator, update, reply } = await begin(LAB);
    emulator.putChannel({ ...emulator.channel(LAB), isArchived: true });
    expect(await update()).toMatchObject({ error: 'is_inactive' });
    expect(await reply()).toMatchObject({ error: 'is_archived' });
    expect(await call(emulator, 'conversations.info', { channel: LAB })).toMatchObject({
      channel: { is_archived: true },
    });
  });

  it('private, and the bot was removed: as if there were no such channel', async () => {
    const { emulator, update, reply } = await begin(SECRET);
    emulator.kick(SECRET);
    for (const answer of [await update(), await reply()])
      expect(answer).toMatchObject({ error: 'channel_not_found' });
  });

  it('public, and the bot was removed: chat:write.public still reaches it', async () => {
    const { emulator, update, reply } = await begin(LAB);
    emulator.kick(LAB);
    for (const answer of [await update(), await reply()]) expect(answer).toMatchObject({ ok: true });
    expect(emulator.messages(LAB)).toMatchObject([{ text: 'edited' }]);
  });

  it('a thread whose first message is gone goes on where it has replies', async () => {
    const { emulator, update, reply } = await begin(LAB);
    await reply();
    const card = must(emulator.messages(LAB)[0]);
    emulator.deleteMessage(LAB, card.ts);
    expect(await update()).toMatchObject({ error: 'message_not_found' });
    expect(await reply()).toMatchObject({ ok: true, message: { thread_ts: card.ts } });
    expect(emulator.messages(LAB)).toEqual([]);
  });
});

describe('pacing', () => {
  it('takes one message a second and channel', async () => {
    const { clock, pass } = handClock();
    const emulator = await start({ clock });
    const post = (channel: string, more = {}) =>
      call(emulator, 'chat.postMessage', { channel, text: 'x', ...more });
    const first = await post(LAB);
    expect(first.ok).toBe(true);
    expect(await post('C0PARTNER1')).toMatchObject({ ok: true });
    pass(900);
    expect(await post(LAB, { thread_ts: first.ts })).toMatchObject({
      ok: false,
      status: 429,
      retryAfter: '1',
      error: 'ratelimited',
    });
    expect(emulator.violations).toMatchObject([{ rule: 'too-fast', where: 'chat.postMessage' }]);
    pass(60);
    expect(await post(LAB)).toMatchObject({ ok: true });
    expect(emulator.messages(LAB)).toHaveLength(2);
  });

  it('takes fifty updates a minute in all', async () => {
    const { clock, pass } = handClock();
    const emulator = await start({ clock });
    const { ts } = await call(emulator, 'chat.postMessage', { channel: LAB, text: 'x' });
    const update = () => call(emulator, 'chat.update', { channel: LAB, ts, text: 'y' });
    for (const _ of many(50, (i) => i)) {
      expect((await update()).ok).toBe(true);
      pass(100);
    }
    expect(await update()).toMatchObject({ status: 429, retryAfter: '55' });
    expect(rules(emulator)).toEqual(['too-fast']);
    pass(55_000);
    expect(await update()).toMatchObject({ ok: true });
  });
});

describe('messages', () => {
  it('updates and deletes only the bot’s own', async () => {
    const emulator = await start();
    const { ts } = emulator.say({ user: 'anna', channel: '#lab', text: 'hello' });
    expect(await call(emulator, 'chat.update', { channel: LAB, ts, text: 'y' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call(emulator, 'chat.delete', { channel: LAB, ts })).toMatchObject({
      error: 'cant_delete_message',
    });
    const gone = '1700000000.000100';
    expect(await call(emulator, 'chat.update', { channel: LAB, ts: gone, text: 'y' })).toMatchObject({
      error: 'message_not_found',
    });
    expect(await call(emulator, 'chat.getPermalink', { channel: LAB, message_ts: gone })).toMatchObject({
      error: 'message_not_found',
    });
    expect(await call(emulator, 'chat.getPermalink', { channel: LAB, message_ts: ts })).toMatchObject({
      permalink: `https://acme.slack.com/archives/${LAB}/p${ts.replace('.', '')}`,
    });
    expect(rules(emulator)).toEqual([]);
  });

  it('notes an ephemeral message that chat.update is asked to change', async () => {
    const emulator = await start();
    const posted = await call(emulator, 'chat.postEphemeral', {
      channel: LAB,
      user: 'U0ANNA0001',
      text: 'x',
    });
    expect(posted).toMatchObject({ ok: true, message_ts: expect.any(String) });
    const [shown] = emulator.ephemerals('anna', '#lab');
    expect(
      await call(emulator, 'chat.update', { channel: LAB, ts: must(shown).ts, text: 'y' }),
    ).toMatchObject({
      error: 'message_not_found',
    });
    expect(rules(emulator)).toEqual(['ephemeral-updated']);
    expect(emulator.messages('#lab')).toEqual([]);
  });

  it('keeps blocks and metadata that an update leaves out', async () => {
    const emulator = await start();
    const metadata = { event_type: 'rig', event_payload: { id: 'r1' } };
    const posted = { channel: LAB, text: 'x', blocks: [section('hello')], metadata };
    const { ts } = await call(emulator, 'chat.postMessage', posted);
    await call(emulator, 'chat.update', { channel: LAB, ts, text: 'y' });
    expect(emulator.message(LAB, must(ts))).toMatchObject({
      text: 'y',
      blocks: [section('hello')],
      metadata,
    });
    await call(emulator, 'chat.update', { channel: LAB, ts, text: 'z', blocks: [], metadata: {} });
    expect(emulator.message(LAB, must(ts))).toMatchObject({ text: 'z', blocks: [], metadata: undefined });
  });

  it('threads replies, and lists history and threads with metadata where asked', async () => {
    const emulator = await start({ scopes: ['chat:write', 'channels:history'], limits: { postEveryMs: 0 } });
    const metadata = { event_type: 'rig', event_payload: { id: 'r1' } };
    const { ts } = await call(emulator, 'chat.postMessage', { channel: LAB, text: 'card', metadata });
    await call(emulator, 'chat.postMessage', { channel: LAB, text: 'reply', thread_ts: ts });
    emulator.say({ user: 'anna', channel: LAB, text: 'later' });
    expect(emulator.messages(LAB).map(({ text }) => text)).toEqual(['card', 'later']);
    expect(emulator.replies(LAB, must(ts)).map(({ text }) => text)).toEqual(['reply']);
    expect(await call(emulator, 'conversations.history', { channel: LAB, limit: 1 })).toMatchObject({
      messages: [{ text: 'later' }],
      has_more: true,
    });
    const history = await call(emulator, 'conversations.history', {
      channel: LAB,
      include_all_metadata: true,
    });
    expect(history).toMatchObject({
      messages: [{ text: 'later' }, { text: 'card', reply_count: 1, metadata }],
    });
    const thread = await call(emulator, 'conversations.replies', { channel: LAB, ts });
    expect(thread).toMatchObject({ messages: [{ text: 'card' }, { text: 'reply', thread_ts: ts }] });
    expect(JSON.stringify(thread)).not.toContain('event_payload');
    expect(
      await call(emulator, 'conversations.replies', { channel: LAB, ts: '1700000000.000100' }),
    ).toMatchObject({
      error: 'thread_not_found',
    });
    emulator.kick('#lab');
    expect(await call(emulator, 'conversations.history', { channel: LAB })).toMatchObject({
      error: 'not_in_channel',
    });
  });

  it('puts a reply to a message that is gone into the channel, as Slack does', async () => {
    const emulator = await start({ limits: { postEveryMs: 0 } });
    const { ts } = await call(emulator, 'chat.postMessage', { channel: LAB, text: 'card' });
    emulator.deleteMessage('#lab', must(ts));
    const reply = await call(emulator, 'chat.postMessage', { channel: LAB, text: 'reply', thread_ts: ts });
    expect(reply).toMatchObject({ ok: true });
    expect(reply.message).not.toHaveProperty('thread_ts');
    expect(emulator.messages('#lab').map(({ text }) => text)).toEqual(['reply']);
  });
});

it('takes people and channels of one’s own', async () => {
  const emulator = await start({
    people: [{ id: 'U0CARA0001', name: 'cara', realName: 'Cara', isBot: false, tz: 'Asia/Tokyo' }],
    channels: [
      ...defaultChannels,
      { ...must(defaultChannels[0]), id: 'C0NEW00001', name: 'new', members: [] },
    ],
    scopes: ['users:read', 'channels:read'],
  });
  expect(await call(emulator, 'users.info', { user: 'U0CARA0001' })).toMatchObject({
    user: { name: 'cara' },
  });
  expect(await call(emulator, 'users.info', { user: 'U0ANNA0001' })).toMatchObject({
    error: 'user_not_found',
  });
  expect(await call(emulator, 'bots.info', { bot: 'B0WCSRIGS1' })).toMatchObject({
    bot: { user_id: emulator.botUser },
  });
  expect(await call(emulator, 'conversations.members', { channel: LAB })).toMatchObject({
    members: expect.arrayContaining([emulator.botUser]),
  });
});
