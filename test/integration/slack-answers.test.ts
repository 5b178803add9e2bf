// Answers that only one person sees: lists, stops, refusals, repeated deliveries, and what is said when things break.

import { expect, test, vi } from 'vitest';
import { QueueDown } from '../../src/ports/faults.ts';
import { createMemoryRegistry } from '../support/memory-registry.ts';
import { says, startSlackBot } from '../support/slack-bot.ts';

test('the list is turned by clicks, in place', async () => {
  const bot = await startSlackBot({ policy: { rigsPerUser: 100 } });
  const { emulator } = bot;
  for (let n = 0; n < 45; n += 1)
    await bot.type(`up rig-${n} quietly`, { channel: '#lab', user: n % 2 ? '@anna' : '@ben' });
  await bot.type('list');
  const first = await bot.ephemeral('@anna', '#rigs', '45 rigs · page 1 of 3');
  expect(says(first)).toMatch(
    /\*rig-1\* · you · <https:\/\/[\d.]+:8444\|[\d.]+> · h1 · waiting · 3 h 59 m left/,
  );
  expect(says(first)).not.toContain('ben');
  await emulator.click({ user: '@anna', on: first, actionId: 'list-next' });
  await bot.ephemeral('@anna', '#rigs', 'page 2 of 3');
  await emulator.click({ user: '@anna', on: first, actionId: 'list-next' });
  const last = await bot.ephemeral('@anna', '#rigs', 'page 3 of 3');
  expect(last.ts).toBe(first.ts);
  await emulator.click({ user: '@anna', on: first, actionId: 'list-previous' });
  await bot.ephemeral('@anna', '#rigs', 'page 2 of 3');
  await bot.type('list mine');
  await bot.ephemeral('@anna', '#rigs', '22 rigs of yours · page 1 of 2');
  await bot.type('list on H1', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', '45 rigs on H1 · page 1 of 3');
  await bot.type('list on h9', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'There is no host `h9`. Known: `h1`;');
});

test('down offers mine, asks before all, and has a line for each name', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('down');
  await bot.ephemeral('@anna', '#rigs', 'You have no rigs, so there is nothing to stop.');
  for (const name of ['a', 'b', 'c', 'd']) await bot.type(`up ${name} quietly`);
  await bot.type('up his quietly', { user: '@ben' });
  await bot.type('down');
  const offer = await bot.ephemeral('@anna', '#rigs', 'These are your 4 rigs. Which one shall I stop?');
  const value = JSON.stringify({ rig: 'rig2', name: 'b', command: '/wcs' });
  await emulator.click({ user: '@anna', on: offer, actionId: 'stop-listed', value });
  const left = await bot.ephemeral('@anna', '#rigs', '`b` is being stopped');
  expect(left.ts).toBe(offer.ts);
  expect(says(left)).toContain('These are your 4 rigs. Which one shall I stop?');
  expect(JSON.stringify(left.blocks).match(/"stop-listed"/g)).toHaveLength(3);

  await bot.type('down a his nothing b nosuch');
  const lines = await bot.ephemeral('@anna', '#rigs', '`a` is being stopped');
  expect(lines.text.split('\n')).toEqual([
    '`a` is being stopped; its card and its thread say when it is gone.',
    "`his` is ben's rig, and only its owner, and those it is shared with, can do that. Ask ben for `/wcs share his`, or get one of your own with `/wcs up`.",
    'No rigs are called `nothing`, `nosuch` (they may have ended). Yours: `a`, `b`, `c`, `d`.',
    '`b` is being stopped already, or has ended; there is nothing left to do. Its card says when it is gone.',
  ]);

  await bot.type('down all');
  const question = await bot.ephemeral('@anna', '#rigs', 'Stop all 2 of your rigs: `c`, `d`?');
  expect(bot.jobs.filter((job) => job.startsWith('stop'))).toEqual(['stop rig2', 'stop rig1']);
  await emulator.click({ user: '@anna', on: question, actionId: 'stop-all' });
  const done = await bot.ephemeral('@anna', '#rigs', '`c`, `d`: being stopped.');
  expect(done.ts).toBe(question.ts);
  expect(bot.jobs.filter((job) => job.startsWith('stop')).sort()).toEqual([
    'stop rig1',
    'stop rig2',
    'stop rig3',
    'stop rig4',
  ]);

  await bot.type('down');
  await bot.ephemeral('@anna', '#rigs', '`a`, `b`, `c`, `d`: being stopped already');
});

test('a host that was asked for and is full: only that one is said to be full', async () => {
  const bot = await startSlackBot({ room: 1 });
  await bot.type('up one quietly');
  await bot.type('up x on h1', { user: '@ben' });
  const refusal = await bot.ephemeral('@ben', '#rigs', 'That host cannot take it: h1 is full');
  expect(refusal.text).toContain('Leave `on` out (`/wcs up`)');
  await bot.type('up x', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'No host can take it: h1 is full');
});

test('refusals have a way out: the quota brings a Stop button for each of mine', async () => {
  const bot = await startSlackBot({ policy: { rigsPerUser: 2, tags: ['latest', '5.2'] } });
  const { emulator } = bot;
  await bot.type('up one quietly');
  await bot.type('up two quietly');
  await bot.type('up three');
  const quota = await bot.ephemeral(
    '@anna',
    '#rigs',
    'You have 2 rigs already, and 2 is the most for one person',
  );
  await emulator.click({
    user: '@anna',
    on: quota,
    actionId: 'stop',
    value: JSON.stringify({ rig: 'rig1', name: 'one', command: '/wcs' }),
  });
  await bot.ephemeral('@anna', '#rigs', '`one` is being stopped');
  await bot.saw('one', { kind: 'gone' });
  await bot.type('up three quietly');
  await vi.waitFor(() => expect(bot.jobs).toContain('launch rig4'));

  await bot.type('up two', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', "The name `two` is taken: that rig is anna's.");
  await bot.type('up x on h9', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', 'There is no host `h9`, so nothing was started. Known: `h1`');
  await bot.type('up x tag nope', { user: '@ben' });
  await bot.ephemeral(
    '@ben',
    '#rigs',
    'There is no tag `nope` to choose here, so nothing was started. Tags to choose from: `latest`, `5.2`.',
  );
  await bot.type('up @anna', { user: '@ben' });
  await bot.ephemeral('@ben', '#rigs', '`@anna` is a person');
});

test('my own living name answers with a link to its card', async () => {
  const bot = await startSlackBot();
  await bot.type('up demo');
  const card = await bot.card('#rigs', 'demo* · waiting');
  await bot.type('up demo', { channel: '#lab' });
  const answer = await bot.ephemeral('@anna', '#lab', '`demo` is yours already and is waiting');
  expect(says(answer)).toContain(`/archives/C0RIGS0001/p${card.ts.replace('.', '')}|here is its card>`);
});

test('three deliveries of one command or click are one', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up demo', { deliveries: 3 });
  const card = await bot.card('#rigs', 'demo* · waiting');
  await bot.type('list', { deliveries: 3 });
  await bot.ephemeral('@anna', '#rigs', '1 rig');
  await bot.saw('demo', { kind: 'starting', image: { digest: 'd', unchecked: false, licensed: true } });
  await bot.saw('demo', { kind: 'ready' });
  await bot.card('#rigs', 'demo* is ready');
  await emulator.click({ user: '@anna', on: card, actionId: 'stop', deliveries: 3 });
  await bot.card('#rigs', 'demo* · stopping');
  expect(bot.jobs).toEqual(['launch rig1', 'stop rig1']);
  expect(emulator.messages('#rigs')).toHaveLength(1);
  expect(emulator.ephemerals('@anna', '#rigs').map(({ text }) => text)).toEqual([
    '1 rig',
    '`demo` is being stopped; its card and its thread say when it is gone.',
  ]);
});

test('without Redis a sentence comes at once, and says what did not happen', async () => {
  const down = (): never => {
    throw new QueueDown('no Redis');
  };
  const { hosts, rigs } = createMemoryRegistry();
  const bot = await startSlackBot({
    parts: {
      hosts: { ...hosts, current: async () => down() },
      rigs: { ...rigs, named: async () => down(), page: async () => down() },
    },
  });
  await bot.type('up demo');
  await bot.ephemeral(
    '@anna',
    '#rigs',
    'The queue is down (its Redis does not answer me), so nothing was started. Try again in a minute',
  );
  await bot.type('down demo');
  await bot.ephemeral('@anna', '#rigs', 'so nothing was stopped');
  await bot.type('list');
  await bot.ephemeral('@anna', '#rigs', 'so I cannot look it up');
});

test.each(['up demo until 18:00', 'extend demo until 18:00', 'share demo @ben', 'give demo @ben'])(
  'while Slack does not answer, %s does nothing, and says so',
  async (text) => {
    const access = { users: ['U0ANNA0001', 'U0BEN00001'], admins: [], channels: undefined };
    const bot = await startSlackBot({ parts: { access } });
    bot.emulator.fault({ method: 'users.info', kind: '500' });
    await bot.type(text);
    const answer = await bot.ephemeral('@anna', '#rigs', 'Slack does not answer me');
    expect(answer.text).toBe(
      'Slack does not answer me at the moment, so nothing was done; try again in a minute.',
    );
    expect(bot.jobs).toEqual([]);
    expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);

test('a fault is a sentence with a reference that is in the log, never a stack', async () => {
  const { rigs } = createMemoryRegistry();
  const broken = async (): Promise<never> => {
    throw new TypeError('undefined is not <!channel>');
  };
  const bot = await startSlackBot({ parts: { rigs: { ...rigs, page: broken } } });
  await bot.type('list');
  const answer = await bot.ephemeral('@anna', '#rigs', 'Something went wrong on my side');
  const reference = /reference `([0-9a-f]{8})`/.exec(answer.text)?.[1];
  expect(bot.lines.find(({ level }) => level === 'error')?.facts).toMatchObject({
    reference,
    what: 'command list',
  });
  expect(says(answer)).not.toMatch(/TypeError|undefined|channel/);
});

test('an answer that Slack does not take is sent once more, then logged', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  emulator.fault({ method: 'response_url', kind: '500' });
  await bot.type('help');
  await bot.ephemeral('@anna', '#rigs', '`/wcs up demo for 4h`');
  emulator.fault({ method: 'response_url', kind: '500', times: 2 });
  await bot.type('help');
  await vi.waitFor(
    () => expect(bot.lines.map(({ message }) => message)).toContain('no answer was given'),
    8000,
  );
  expect(emulator.ephemerals('@anna', '#rigs')).toHaveLength(1);
});
