// Forms: a rig started and shared by clicks, with what is wrong said under its field, over Socket Mode and signed HTTP.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { defaultChannels, defaultPeople } from '../../src/demo/slack/workspace.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import { aHost } from '../support/a-place.ts';
import { createMemoryRegistry } from '../support/memory-registry.ts';
import { type SlackBot, type SlackBotOptions, says, secrets, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };

/** Bare `/wcs`, then its button. */
const openForm = async (bot: SlackBot, channel = '#rigs', user = '@anna') => {
  await bot.type('', { channel, user });
  const greeting = await bot.ephemeral(user, channel, 'I hand out rigs');
  await bot.emulator.click({ user, on: greeting, actionId: 'start-one' });
  return bot.emulator.until(() => bot.emulator.modal(user));
};

const open = async (options: SlackBotOptions = {}) => {
  const bot = await startSlackBot(options);
  await openForm(bot);
  const errors = () => bot.emulator.modal('@anna')?.errors;
  return { bot, emulator: bot.emulator, errors };
};

test.each([{ http: false }, { http: true }])('from the bare command to a rig, %o', async ({ http }) => {
  const { bot, emulator, errors } = await open({ http, policy: { tags: ['latest', '5.2'] } });
  await bot.type('up taken quietly', { user: '@ben' });
  await vi.waitFor(() => expect(bot.jobs).toHaveLength(1));

  await emulator.submit({ user: '@anna', values: { name: 'two words', lease: '0h' } });
  expect(errors()).toEqual({
    name: expect.stringContaining('One word only'),
    lease: expect.stringContaining('“0h” is no time at all'),
  });
  await emulator.submit({ user: '@anna', values: { name: 'taken', lease: '4h' } });
  expect(errors()).toEqual({
    name: "The name “taken” is taken: that rig is ben's. Choose another one, or leave this empty and I make one up.",
  });
  expect(bot.jobs).toHaveLength(1);

  const values = { name: 'Demo', lease: '4h', host: 'h1', tag: '5.2' };
  expect(await emulator.submit({ user: '@anna', values })).toMatchObject({ kind: 'acknowledged' });
  expect(emulator.modal('@anna')).toBeUndefined();
  await bot.card('#rigs', 'demo* · waiting');
  expect(await bot.rig('demo')).toMatchObject({
    tag: '5.2',
    host: 'h1',
    asked: { channel: 'C0RIGS0001', command: '/wcs', quietly: false, host: 'h1' },
  });
  const { lease, created } = await bot.rig('demo');
  expect((lease.end ?? 0) - created).toBe(4 * 3_600_000);
  expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('until a time of day of my own, quietly', async () => {
  const { bot, emulator } = await open({ now: () => Date.UTC(2026, 10, 23, 12) });
  await emulator.submit({
    user: '@anna',
    values: { name: 'demo', lease: 'until 18:00', quietly: ['quietly'] },
  });
  const direct = await emulator.until(() => emulator.directMessage('@anna'));
  await bot.card(direct.id, 'demo* · waiting');
  // 18:00 in Berlin.
  expect((await bot.rig('demo')).lease.end).toBe(Date.UTC(2026, 10, 23, 17));
});

test('while Slack does not answer, nothing is started, and the form says so', async () => {
  const access = { users: ['U0ANNA0001'], admins: [], channels: undefined };
  const { bot, emulator } = await open({ parts: { access } });
  emulator.fault({ method: 'users.info', kind: '500' });
  await emulator.submit({ user: '@anna', values: { name: 'demo', lease: 'until 18:00' } });
  expect(emulator.modal('@anna')?.errors).toEqual({
    name: 'Slack does not answer me at the moment, so nothing was done; try again in a minute.',
  });
  expect(bot.jobs).toEqual([]);
});

test.each([{ http: false }, { http: true }])(
  'three deliveries of one form start one rig, %o',
  async ({ http }) => {
    const { bot, emulator } = await open({ http });
    const came = await emulator.submit({ user: '@anna', values: { name: 'demo' }, deliveries: 3 });
    expect(came).toMatchObject({ kind: 'acknowledged' });
    await bot.card('#rigs', 'demo* · waiting');
    if (came.kind === 'acknowledged') await emulator.redeliver(came.triggerId);
    await delay(100);
    expect(bot.jobs).toEqual(['launch rig1']);
    expect(emulator.messages('#rigs')).toHaveLength(1);
  },
);

test('a form that is sent again, since Slack did not hear of the first time, starts no second rig', async () => {
  const registry = createMemoryRegistry();
  const bot = await startSlackBot({
    breaks: 'late-ack',
    parts: {
      hosts: {
        ...registry.hosts,
        current: async () => {
          await delay(100);
          return [aHost({ keyId: secrets.keyId })];
        },
      },
    },
  });
  const { emulator } = bot;
  await openForm(bot);
  const first = emulator.submit({ user: '@anna', values: {} });
  await delay(50);
  emulator.disconnectSockets();
  expect(await first).toMatchObject({ kind: 'timed-out' });
  expect(emulator.modal('@anna')).toBeDefined();
  await emulator.until(() => emulator.sockets() === 1, 10_000);
  await vi.waitFor(() => expect(bot.jobs).toHaveLength(1));
  expect(await emulator.submit({ user: '@anna', values: {} })).toMatchObject({ kind: 'acknowledged' });
  expect(emulator.modal('@anna')).toBeUndefined();
  expect(bot.jobs).toEqual(['launch rig1']);
});

test('three deliveries of a form with a mistake all say what is wrong', async () => {
  const { emulator, errors } = await open();
  await emulator.submit({ user: '@anna', values: { lease: '4' }, deliveries: 3 });
  expect(errors()).toEqual({ lease: '4 what? “for 4h” is hours, “for 4m” minutes.' });
});

test('what cannot be had is said where it is chosen', async () => {
  const { bot, emulator, errors } = await open({ room: 1 });
  await bot.type('up other quietly', { user: '@ben' });
  await vi.waitFor(() => expect(bot.jobs).toHaveLength(1));
  await emulator.submit({ user: '@anna', values: { host: 'h1' } });
  expect(errors()).toEqual({ host: expect.stringContaining('“h1” is full (1 of 1). Choose another host') });
  await emulator.submit({ user: '@anna', values: { host: '*' } });
  expect(errors()).toEqual({ host: expect.stringContaining('Stop a rig that you do not need') });
});

test('a quota, and a name of my own, are said under the first field', async () => {
  const { bot, emulator, errors } = await open({ policy: { rigsPerUser: 1 } });
  await bot.type('up own quietly');
  await vi.waitFor(() => expect(bot.jobs).toHaveLength(1));
  await emulator.submit({ user: '@anna', values: {} });
  expect(errors()).toEqual({
    name: 'You have 1 rig already, and 1 is the most for one person: “own”. Stop one that you do not need (“/wcs down NAME”), then press Start again.',
  });
  await emulator.submit({ user: '@anna', values: { name: 'own' } });
  expect(errors()).toEqual({ name: expect.stringContaining('“own” is yours already') });
});

test('whether they may is asked again when the form is sent', async () => {
  const allowed = { users: ['U0ANNA0001'] };
  const { bot, emulator, errors } = await open({
    parts: { access: { ...allowed, admins: [], channels: undefined } },
  });
  allowed.users.splice(0);
  await emulator.submit({ user: '@anna', values: { name: 'demo' } });
  expect(errors()).toEqual({ name: expect.stringContaining('You are not among those who may use me') });
  expect(bot.jobs).toEqual([]);
});

test('without Redis: no form but a sentence; and a sentence in a form that is open', async () => {
  const down = (): never => {
    throw new QueueDown('no Redis');
  };
  const { hosts } = createMemoryRegistry();
  let isDown = false;
  const bot = await startSlackBot({
    parts: { hosts: { ...hosts, current: async () => (isDown ? down() : []) } },
  });
  await openForm(bot);
  isDown = true;
  await bot.emulator.submit({ user: '@anna', values: { name: 'demo' } });
  expect(bot.emulator.modal('@anna')?.errors).toEqual({
    name: expect.stringContaining(
      'The queue is down (its Redis does not answer me), so nothing was started.',
    ),
  });
  await bot.emulator.closeModal('@anna');
  const greeting = await bot.ephemeral('@anna', '#rigs', 'I hand out rigs');
  await bot.emulator.click({ user: '@anna', on: greeting, actionId: 'start-one' });
  await bot.ephemeral('@anna', '#rigs', 'so nothing can be started');
  expect(bot.emulator.modal('@anna')).toBeUndefined();
});

test('what takes longer than Slack waits closes the form, and is told in a direct message', async () => {
  const { hosts } = createMemoryRegistry();
  let slow = 0;
  const bot = await startSlackBot({
    parts: { hosts: { ...hosts, current: () => delay(slow).then(() => []) } },
  });
  await openForm(bot);
  slow = 2600;
  const came = await bot.emulator.submit({ user: '@anna', values: { name: 'demo' } });
  expect(came).toMatchObject({ kind: 'acknowledged' });
  expect(bot.emulator.modal('@anna')).toBeUndefined();
  const direct = await bot.emulator.until(() => bot.emulator.directMessage('@anna'));
  await bot.card(direct.id, 'No Docker host has joined yet');
});

test('a form that Slack does not open any more is answered with a sentence', async () => {
  const bot = await startSlackBot();
  await bot.type('');
  const greeting = await bot.ephemeral('@anna', '#rigs', 'I hand out rigs');
  bot.emulator.fault({ method: 'views.open', kind: '500' });
  await bot.emulator.click({ user: '@anna', on: greeting, actionId: 'start-one' });
  await bot.ephemeral('@anna', '#rigs', 'Slack did not let me open the form in time.');
});

// ── sharing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const people = [
  ...defaultPeople,
  { id: 'U0CARL0001', name: 'carl', realName: 'Carl', isBot: false, tz: 'Europe/Berlin' },
  { id: 'U0GONE0001', name: 'gone', realName: 'Gone', isBot: false, tz: 'Europe/Berlin', isDeleted: true },
  { id: 'U0HELPBOT1', name: 'helper', realName: 'Helper', isBot: true, tz: 'Europe/Berlin' },
];

test('shared from the card, with what is wrong under the menu', async () => {
  const bot = await startSlackBot({ emulator: { people, channels: defaultChannels } });
  const { emulator } = bot;
  emulator.invite('#rigs', '@carl');
  await bot.type('up demo');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  const card = await bot.card('#rigs', 'demo* is ready');
  const value = JSON.stringify([(await bot.rig('demo')).id, 'demo', '/wcs', 'share']);
  const share = (user: string) => emulator.click({ user, on: card, actionId: 'more', value });

  await share('@ben');
  await bot.ephemeral('@ben', '#rigs', "`demo` is anna's rig");
  expect(emulator.modal('@ben')).toBeUndefined();

  await share('@anna');
  await emulator.until(() => emulator.modal('@anna'));
  const errors = async (...users: string[]) => {
    await emulator.submit({ user: '@anna', values: { people: users } });
    return emulator.modal('@anna')?.errors;
  };
  expect(await errors('@helper')).toEqual({
    people: expect.stringContaining('helper is a bot, or nobody any more'),
  });
  expect(await errors('@ben', '@gone')).toEqual({
    people: expect.stringContaining('gone is a bot, or nobody any more'),
  });
  expect(await errors('@anna')).toEqual({
    people: expect.stringContaining("“demo” is anna's own rig already"),
  });
  expect((await bot.rig('demo')).shared).toEqual([]);

  const came = await emulator.submit({
    user: '@anna',
    values: { people: ['@ben', '@carl'] },
    deliveries: 3,
  });
  if (came.kind !== 'acknowledged') throw new Error(came.shown);
  // Delivered once more, it is not "shared with them already".
  expect(await emulator.redeliver(came.triggerId)).toMatchObject({ payload: came.payload });
  expect(says({ text: '', blocks: emulator.modal('@anna')?.blocks ?? [] })).toContain(
    '`demo` is shared with ben, carl, who may stop, extend and restart it',
  );
  expect((await bot.rig('demo')).shared.map(({ name }) => name)).toEqual(['ben', 'carl']);
  await emulator.until(() =>
    emulator
      .replies('#rigs', card.ts)
      .some((one) => says(one).includes('<@U0BEN00001> <@U0CARL0001> anna shares')),
  );
  // Those it is shared with may act on it, and do not hand it on.
  await share('@ben');
  await vi.waitFor(() => expect(emulator.ephemerals('@ben', '#rigs')).toHaveLength(2));
  expect(emulator.modal('@ben')).toBeUndefined();
});
