// Hosts, as people meet them in Slack: looked at by everybody, drained, emptied and forgotten by those who run the bot.

import { expect, test } from 'vitest';
import type { Message } from '../../src/demo/slack/surface.ts';
import { type SlackBot, type SlackBotOptions, says, slackHost, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '0123456789ab', unchecked: false, licensed: true };
const access = { users: undefined, channels: undefined, admins: ['U0BEN00001'] };

/** h1 with a ready rig `demo` of @anna's, and h2. @ben runs the bot. */
const withRig = async (options: SlackBotOptions = {}) => {
  const bot = await startSlackBot({
    hosts: ['h1', 'h2'],
    room: 8,
    ...options,
    parts: { access, ...options.parts },
  });
  expect(bot.emulator.person('@ben').id).toBe(access.admins[0]);
  await bot.type('up demo on h1');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  const card = await bot.card('#rigs', 'is ready');
  return { bot, card };
};

const press = async (bot: SlackBot, on: Message, actionId: string, user = '@ben'): Promise<void> => {
  expect(await bot.emulator.click({ user, on, actionId })).toMatchObject({ kind: 'acknowledged' });
};

const inThread = (bot: SlackBot, card: Message, said: RegExp): Promise<Message> =>
  bot.emulator.until(
    () => bot.emulator.replies('#rigs', card.ts).find(({ text }) => said.test(text)),
    8000,
    `a reply that says ${said}`,
  );

const now = (bot: SlackBot, message: Message): string =>
  says(bot.emulator.message(message.channel, message.ts) ?? message);

test('everybody sees how the hosts are; one that is drained takes nothing, and placement says so', async () => {
  const { bot } = await withRig();
  await bot.type('hosts');
  const all = await bot.ephemeral('@anna', '#rigs', '*2 hosts* · 2 ready');
  expect(says(all)).toContain('🟢 *h1* · ready · ▓░░░░░░░ 1 of 8 rigs');
  expect(says(all)).toContain('image `latest` · worker 0.1.0 · Docker engine-1');
  await bot.type('drain h1');
  await bot.ephemeral('@anna', '#rigs', '`drain` is for those who run this bot (`WCS_ADMINS`)');
  await bot.type('drain H1', { user: '@ben' });
  const drained = await bot.ephemeral('@ben', '#rigs', 'Host `h1` takes no new rigs from now on');
  expect(says(drained)).toContain('1 rig is on it and may live to its end, until <!date');
  await bot.type('drain h2', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'Host `h2` takes no new rigs');
  await bot.type('up other');
  await bot.ephemeral('@anna', '#rigs', 'No host can take it: h1 is draining; h2 is draining.');
  await bot.type('up other on h1');
  await bot.ephemeral('@anna', '#rigs', 'That host cannot take it: h1 is draining.');
  await bot.type('hosts h1');
  const one = await bot.ephemeral('@anna', '#rigs', '🟠 *h1* · draining');
  expect(says(one)).toMatch(/takes no new rigs: ben decided that <!date/);
  expect(says(one)).not.toContain('*h2*');
  await bot.type('undrain h1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'Host `h1` takes rigs again');
  await bot.type('undrain h1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'is not draining, so nothing was changed');
  await bot.type('up other');
  expect(await bot.rig('other')).toMatchObject({ host: 'h1' });
  await bot.type('history on h1', { user: '@ben' });
  const history = says(await bot.ephemeral('@ben', '#rigs', 'What was done to host'));
  expect(history).toMatch(/ben · drain\n.*ben · undrain/);
  expect((await bot.registry.audit.page(undefined, 100)).entries).toContainEqual(
    expect.objectContaining({ what: 'drain', outcome: 'refused', why: 'only-admins' }),
  );
});

test('drain now asks, stops, and tells the owner in the thread whose doing it was', async () => {
  const { bot, card } = await withRig();
  const { id, generation } = await bot.rig('demo');
  const use = { kind: 'streams', count: 2 } as const;
  await bot.registry.uses.record([{ rig: id, generation, at: bot.registry.clock.now(), use }]);
  await bot.type('drain h1 now', { user: '@ben' });
  const asked = await bot.ephemeral('@ben', '#rigs', 'Stop the rig on host `h1`');
  expect(says(asked)).toContain('`demo` (anna, in use: 2 streams)');
  expect(await bot.rig('demo')).toMatchObject({ state: { kind: 'running' } });
  expect(await bot.registry.hosts.list()).toMatchObject([{ state: 'ready' }, {}]);
  await press(bot, asked, 'sure-empty-host');
  await bot.emulator.until(() => now(bot, asked).includes('1 rig on it is being stopped: `demo` (anna)'));
  expect(await bot.rig('demo')).toMatchObject({ state: { kind: 'stopping', reason: { kind: 'drained' } } });
  await bot.card('#rigs', 'since ben empties its host');
  await bot.saw('demo', { kind: 'gone' });
  const ended = await inThread(bot, card, /has ended before its time, since ben emptied host/);
  expect(ended.text).toContain(`<@${bot.emulator.person('@anna').id}>`);
  expect(says(ended)).toContain('"action_id":"up-again"');
  await bot.type('drain h1 now', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'There was nothing left to stop on it');
});

test('forget is for hosts that are gone: asked first, their rigs fail, and the owner reads why', async () => {
  const { bot, card } = await withRig();
  await bot.type('forget h1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'Host `h1` answers, so it was not forgotten');
  await bot.registry.presence.giveBack('h1', 'session');
  await bot.type('hosts');
  expect(says(await bot.ephemeral('@anna', '#rigs', '🔴 *h1* · unreachable'))).toMatch(/last seen <!date/);
  await bot.type('forget h1', { user: '@ben' });
  const asked = await bot.ephemeral('@ben', '#rigs', 'Forget host `h1`, last seen');
  expect(await bot.rig('demo')).toMatchObject({ state: { kind: 'running' } });
  await press(bot, asked, 'sure-forget-host');
  await bot.emulator.until(() =>
    now(bot, asked).includes('Host `h1` is forgotten. 1 rig on it counts as failed'),
  );
  const told = await inThread(bot, card, /ben has given it up/);
  expect(told.text).toContain(`<@${bot.emulator.person('@anna').id}>`);
  await bot.card('#rigs', 'failed: its host does not answer any more');
  await bot.type('hosts');
  const left = await bot.emulator.until(
    () =>
      bot.emulator
        .ephemerals('@anna', '#rigs')
        .find((one) => says(one).includes('*h2*') && !says(one).includes('*h1*')),
    8000,
  );
  expect(says(left)).toContain('🟢 *h2* · ready');
  await bot.type('drain h1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'There is no host `h1`. Known: `h2`.');
  await bot.type('history demo');
  await bot.ephemeral('@anna', '#rigs', 'its host did not answer any more, and was given up');
});

test('allow is the yes to what waits; in a direct message, too', async () => {
  const { bot } = await withRig();
  await bot.type('allow h1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'Nothing waits for a yes on host `h1`');
  await bot.registry.breaker.put({ host: 'h1', at: bot.registry.clock.now(), would: 5, of: 8 });
  await bot.type('hosts', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'waits for a yes: would remove 5 of 8 rigs: `/wcs allow h1`');
  await bot.type('allow h1');
  await bot.ephemeral('@anna', '#rigs', '`allow` is for those who run this bot');
  await bot.type('allow h1', { user: '@ben' });
  await bot.ephemeral(
    '@ben',
    '#rigs',
    'the next look removes what it finds to be removed; last time that was 5 of 8',
  );
  expect(await bot.registry.breaker.list()).toMatchObject([{ allowed: { by: { name: 'ben' } } }]);
  await bot.type('up bens quietly', { user: '@ben' });
  const direct = await bot.emulator.until(() => bot.emulator.directMessage('@ben'), 8000);
  await bot.type('drain h2', { user: '@ben', channel: direct.id });
  await bot.ephemeral('@ben', direct.id, 'Host `h2` takes no new rigs');
});

test('a button of a question is worth no more than its presser, and than the host is at that moment', async () => {
  const { bot } = await withRig();
  await bot.registry.presence.giveBack('h1', 'session');
  await bot.type('forget h1', { user: '@ben' });
  const asked = await bot.ephemeral('@ben', '#rigs', 'Forget host `h1`');
  await bot.registry.presence.take(slackHost('h1', 8), 'session-2');
  await press(bot, asked, 'sure-forget-host');
  await bot.emulator.until(() => now(bot, asked).includes('answers, so it was not forgotten'));
  expect(await bot.rig('demo')).toMatchObject({ state: { kind: 'running' } });
});
