// The Home tab as people have it, with the real Bolt: fresh at each opening and after each action, private to each person.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { defaultPeople } from '../../src/demo/slack/workspace.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import { createMemoryRegistry } from '../support/memory-registry.ts';
import { type SlackBot, says, secrets, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };
const quick = { homeEvery: 50 };

const homeText = (bot: SlackBot, user: string): string =>
  says({ text: '', blocks: bot.emulator.home(user)?.blocks ?? [] });

const homeSays = (bot: SlackBot, user: string, wanted: string) =>
  bot.emulator.until(
    () => homeText(bot, user).includes(wanted) && bot.emulator.home(user),
    8000,
    `a Home tab of ${user} that says ${wanted}`,
  );

const modalSays = (bot: SlackBot, user: string, wanted: string) =>
  bot.emulator.until(
    () => {
      const modal = bot.emulator.modal(user);
      return modal && says({ text: '', blocks: modal.blocks }).includes(wanted) && modal;
    },
    8000,
    `a modal of ${user} that says ${wanted}`,
  );

const published = (bot: SlackBot, user: string): number =>
  bot.emulator
    .journal()
    .filter(
      ({ kind, name, body }) =>
        kind === 'api-call' && name === 'views.publish' && JSON.stringify(body).includes(user),
    ).length;

const ready = async (bot: SlackBot, name: string): Promise<void> => {
  await bot.saw(name, { kind: 'starting', image });
  await bot.saw(name, { kind: 'ready' });
  await bot.card('#rigs', `${name}* is ready`);
};

test.each([{ http: false }, { http: true }])(
  'a new person starts a rig at home and ends it there, %o',
  async ({ http }) => {
    const bot = await startSlackBot({ http, parts: quick });
    const { emulator } = bot;
    expect(await emulator.openHome('@anna')).toMatchObject({ kind: 'acknowledged' });
    const home = await homeSays(bot, '@anna', 'You have no rigs at the moment.');
    expect(homeText(bot, '@anna')).toContain('*h1* · ready · ░░░░░░░░ 0/1000 · 1000 free addresses');

    await emulator.click({ user: '@anna', on: home, actionId: 'start-one' });
    await emulator.until(() => emulator.modal('@anna'));
    await emulator.submit({ user: '@anna', values: { name: 'demo', where: '#rigs' } });
    expect(emulator.modal('@anna')).toBeUndefined();
    await bot.card('#rigs', 'demo* · waiting');
    await homeSays(bot, '@anna', '*demo*');
    await ready(bot, 'demo');
    await homeSays(bot, '@anna', '🟢 *demo*');
    expect(homeText(bot, '@anna')).toContain('1/1000');

    await emulator.click({
      user: '@anna',
      on: home,
      actionId: 'extend-choice',
      value: JSON.stringify(['rig1', 'demo', '/wcs', '4h']),
    });
    await modalSays(bot, '@anna', '`demo` ends');
    await homeSays(bot, '@anna', 'ready · 7 h 59 m left');
    await emulator.closeModal('@anna');
    await emulator.click({ user: '@anna', on: home, actionId: 'stop' });
    await modalSays(bot, '@anna', '`demo` is being stopped');
    await homeSays(bot, '@anna', 'stopping');
    await bot.saw('demo', { kind: 'gone' });
    await homeSays(bot, '@anna', 'You have no rigs at the moment.');
    expect(bot.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  },
);

test('without a channel the card goes to a direct message, without an excuse', async () => {
  const bot = await startSlackBot({ parts: quick });
  await bot.emulator.openHome('@anna');
  const home = await homeSays(bot, '@anna', 'Start a rig');
  await bot.emulator.click({ user: '@anna', on: home, actionId: 'start-one' });
  await bot.emulator.until(() => bot.emulator.modal('@anna'));
  await bot.emulator.submit({ user: '@anna', values: { name: 'demo' } });
  const direct = await bot.emulator.until(() => bot.emulator.directMessage('@anna'));
  const card = await bot.card(direct.id, 'demo* · waiting');
  expect(says(card)).not.toContain('The card is here');
});

test('a channel where no commands are taken is refused where it was chosen', async () => {
  const bot = await startSlackBot({
    parts: { ...quick, access: { users: undefined, admins: [], channels: ['C0LAB00001'] } },
  });
  await bot.emulator.openHome('@anna');
  const home = await homeSays(bot, '@anna', 'Start a rig');
  await bot.emulator.click({ user: '@anna', on: home, actionId: 'start-one' });
  await bot.emulator.until(() => bot.emulator.modal('@anna'));
  await bot.emulator.submit({ user: '@anna', values: { where: '#rigs' } });
  expect(bot.emulator.modal('@anna')?.errors).toEqual({
    where: expect.stringContaining('I take no commands for that channel, so nothing was started.'),
  });
  await bot.emulator.submit({ user: '@anna', values: { where: '#lab', name: 'demo' } });
  await bot.card('#lab', 'demo* · waiting');
});

test('the password is in one modal of one person, and nowhere else', async () => {
  const bot = await startSlackBot({ parts: quick });
  const { emulator } = bot;
  await bot.type('up demo');
  await ready(bot, 'demo');
  const password = secrets.password('rig1', 1);
  await emulator.openHome('@anna');
  const home = await homeSays(bot, '@anna', '🟢 *demo*');
  await emulator.click({ user: '@anna', on: home, actionId: 'password', deliveries: 3 });
  await modalSays(bot, '@anna', password);
  const holding = emulator.journal().filter(({ body }) => JSON.stringify(body).includes(password));
  expect(holding.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'api-call views.open',
    'api-answer views.open',
  ]);

  // Slack opens no modal now: what was to be said is not said elsewhere.
  await emulator.closeModal('@anna');
  emulator.fault({ method: 'views.open', kind: '500' });
  await emulator.click({ user: '@anna', on: home, actionId: 'password' });
  const direct = await emulator.until(() => emulator.directMessage('@anna'));
  await bot.card(direct.id, 'I could not show you the answer to your last click in time.');
  const posted = emulator.journal().filter(({ name }) => name === 'chat.postMessage');
  expect(JSON.stringify(posted)).not.toContain(password);
  expect(JSON.stringify(bot.lines)).not.toContain(password);
});

test('a question in a modal is answered in it', async () => {
  const bot = await startSlackBot({ parts: quick });
  const { emulator } = bot;
  await bot.type('up demo');
  await ready(bot, 'demo');
  await emulator.openHome('@anna');
  const home = await homeSays(bot, '@anna', '🟢 *demo*');
  const value = JSON.stringify(['rig1', 'demo', '/wcs', 'restart']);
  await emulator.click({ user: '@anna', on: home, actionId: 'more', value });
  const question = await modalSays(bot, '@anna', 'Restart `demo`?');
  await emulator.click({ user: '@anna', on: question, actionId: 'sure-restart' });
  const answer = await modalSays(bot, '@anna', '`demo` is being restarted');
  expect(answer.id).toBe(question.id);
  await homeSays(bot, '@anna', '*demo* · <https');
  await homeSays(bot, '@anna', 'waiting');
});

test('shared from home: it is at home with the other one, who may act and not share', async () => {
  const bot = await startSlackBot({ parts: quick });
  const { emulator } = bot;
  await bot.type('up demo');
  await ready(bot, 'demo');
  await emulator.openHome('@ben');
  await homeSays(bot, '@ben', 'You have no rigs at the moment.');
  expect(homeText(bot, '@ben')).not.toContain('Shared with me');
  await emulator.openHome('@anna');
  const home = await homeSays(bot, '@anna', '🟢 *demo*');
  const value = JSON.stringify(['rig1', 'demo', '/wcs', 'share']);
  await emulator.click({ user: '@anna', on: home, actionId: 'more', value });
  await emulator.until(() => emulator.modal('@anna'));
  await emulator.submit({ user: '@anna', values: { people: ['@ben'] } });
  await modalSays(bot, '@anna', '`demo` is shared with ben');
  const his = await homeSays(bot, '@ben', 'Shared with me (1)');
  expect(JSON.stringify(his.blocks)).not.toContain('Share"');
  await emulator.click({ user: '@ben', on: his, actionId: 'stop' });
  await modalSays(bot, '@ben', '`demo` is being stopped');
  // Its owner did nothing, and sees it all the same.
  await homeSays(bot, '@anna', 'stopping');
});

test('what others do is seen without opening it again; those who never opened it get none', async () => {
  const bot = await startSlackBot({ parts: quick });
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', 'You have no rigs at the moment.');
  await bot.type('up demo');
  await homeSays(bot, '@anna', '*demo*');
  await bot.type('up other', { user: '@ben' });
  await ready(bot, 'other');
  await delay(200);
  expect(bot.emulator.home('@ben')).toBeUndefined();
  expect(published(bot, 'U0BEN00001')).toBe(0);
});

test('however much happens, it is published once in a while, and the last state comes', async () => {
  const bot = await startSlackBot({ parts: { homeEvery: 600 }, policy: { rigsPerUser: 50 } });
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', 'You have no rigs at the moment.');
  for (let n = 0; n < 12; n += 1) await bot.type(`up rig-${n} quietly`);
  await homeSays(bot, '@anna', 'My rigs (12)');
  expect(published(bot, 'U0ANNA0001')).toBeLessThanOrEqual(3);
});

test('a home of the day before yesterday is left alone', async () => {
  let now = Date.UTC(2026, 10, 23, 12);
  const bot = await startSlackBot({ parts: quick, now: () => now });
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', 'You have no rigs at the moment.');
  now += 25 * 3_600_000;
  await bot.type('up demo');
  await bot.card('#rigs', 'demo* · waiting');
  await delay(200);
  expect(published(bot, 'U0ANNA0001')).toBe(1);
});

test('who may not use the bot reads why', async () => {
  const guest = {
    id: 'U0GUEST001',
    name: 'gus',
    realName: 'Gus',
    isBot: false,
    tz: 'Europe/Berlin',
    isGuest: true,
  };
  const bot = await startSlackBot({ emulator: { people: [...defaultPeople, guest] }, parts: quick });
  await bot.type('up demo');
  await bot.emulator.openHome('@gus');
  await homeSays(bot, '@gus', 'Guests and people of other organisations may not use me');
  expect(bot.emulator.home('@gus')?.blocks).toHaveLength(1);
});

test('without Redis it says so, and is whole again at the next opening', async () => {
  const registry = createMemoryRegistry();
  let isDown = true;
  const current = async () => {
    if (isDown) throw new QueueDown('no Redis');
    return registry.hosts.list();
  };
  const bot = await startSlackBot({ parts: { ...quick, hosts: { ...registry.hosts, current } } });
  await bot.emulator.openHome('@anna');
  await homeSays(
    bot,
    '@anna',
    'The queue is down (its Redis does not answer me), so I cannot look up your rigs.',
  );
  isDown = false;
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', 'You have no rigs at the moment.');
});

test('what Slack does not take is logged, tried again at an opening, and holds nothing up', async () => {
  const bot = await startSlackBot({ parts: quick });
  bot.emulator.fault({ method: 'views.publish', kind: '500' });
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', 'You have no rigs at the moment.');
  bot.emulator.fault({ method: 'views.publish', kind: '500' });
  await bot.type('up demo');
  await bot.card('#rigs', 'demo* · waiting');
  await vi.waitFor(() =>
    expect(bot.lines.map(({ message }) => message)).toContain('a Home tab could not be kept fresh'),
  );
  await ready(bot, 'demo');
  await homeSays(bot, '@anna', '🟢 *demo*');
});

test('a second bot speaks of its own command', async () => {
  const commands = [{ command: '/wcs-dev', shouldEscape: true }];
  const bot = await startSlackBot({ emulator: { commands }, parts: quick });
  await bot.type('up demo', { command: '/wcs-dev' });
  await bot.card('#rigs', 'demo* · waiting');
  await bot.emulator.openHome('@anna');
  await homeSays(bot, '@anna', '`/wcs-dev help` has all commands');
});
