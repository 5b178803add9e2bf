// News and a Slack that is slow, silent or says no: nothing is lost, the order stays, the pace is kept.

import { expect, test, vi } from 'vitest';
import type { FaultKind } from '../../src/demo/slack/surface.ts';
import { type SlackBot, says, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };

const wholeLife = async (bot: SlackBot, name: string): Promise<void> => {
  await bot.saw(name, { kind: 'starting', image });
  await bot.saw(name, { kind: 'ready' });
};

const told = ({ tellings }: SlackBot, what: string): boolean =>
  tellings.some(({ news, telling }) => news === what && telling.kind === 'told');

const updates = ({ emulator }: SlackBot) =>
  emulator.journal().filter(({ kind, name }) => kind === 'api-call' && name === 'chat.update');

test.each<[FaultKind, string]>([
  ['429', 'chat.postMessage'],
  ['500', 'chat.postMessage'],
  ['drop', 'chat.postMessage'],
  ['lost-answer', 'chat.postMessage'],
  ['cut-answer', 'chat.postMessage'],
  ['hang', 'chat.postMessage'],
  ['429', 'chat.update'],
  ['500', 'chat.update'],
  ['cut-answer', 'chat.update'],
])('%s at %s: one card, one reply, in order', async (kind, method) => {
  const bot = await startSlackBot({ parts: { callTimeout: 1000 } });
  const { emulator } = bot;
  emulator.fault({ method, kind, times: 1 });
  await bot.type('up demo', { channel: '#lab' });
  await emulator.until(() => emulator.messages('#lab').length > 0, 20_000);
  if (method === 'chat.postMessage') emulator.fault({ method, kind, times: 1 });
  await wholeLife(bot, 'demo');
  const card = await emulator.until(
    () => emulator.messages('#lab').find((message) => says(message).includes('demo* is ready')),
    30_000,
  );
  await emulator.until(() => emulator.replies('#lab', card.ts).length > 0, 30_000);
  await vi.waitFor(() => expect(told(bot, 'ready')).toBe(true), 30_000);
  expect(emulator.messages('#lab')).toHaveLength(1);
  expect(emulator.replies('#lab', card.ts)).toHaveLength(1);
  expect(bot.tellings.filter(({ telling }) => telling.kind === 'impossible')).toEqual([]);
});

test('where we may not look, a message whose fate is unknown is sent again rather than lost', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  // A public channel that we are not in: posting is allowed, reading is not.
  emulator.fault({ method: 'chat.postMessage', kind: 'cut-answer', times: 1 });
  await bot.type('up demo', { channel: '#rigs' });
  await emulator.until(() => emulator.messages('#rigs').length === 2, 10_000);
  await vi.waitFor(() => expect(told(bot, 'card')).toBe(true), 10_000);
});

test('in a direct message it is looked for there', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  emulator.fault({ method: 'chat.postMessage', kind: 'cut-answer', times: 1 });
  await bot.type('up demo quietly', { channel: '#lab' });
  await vi.waitFor(() => expect(told(bot, 'card')).toBe(true), 10_000);
  const direct = emulator.directMessage('@anna');
  expect(direct && emulator.messages(direct.id)).toHaveLength(1);
});

test('an outage and a cut socket: what happened meanwhile is told afterwards', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up demo', { channel: '#lab' });
  const card = await bot.card('#lab', 'demo* · waiting');
  emulator.outage(true);
  await vi.waitFor(() => expect(bot.slack.isConnected()).toBe(false), 10_000);
  await wholeLife(bot, 'demo');
  await vi.waitFor(() => expect(bot.tellings.map(({ telling }) => telling.kind)).toContain('later'), 20_000);
  emulator.outage(false);
  await emulator.until(() => emulator.replies('#lab', card.ts).length === 1, 30_000);
  await bot.card('#lab', 'demo* is ready');
  await vi.waitFor(() => expect(bot.slack.isConnected()).toBe(true), 30_000);
  await bot.type('list', { channel: '#lab' });
  await bot.ephemeral('@anna', '#lab', '1 rig');
});

test('nobody looks for a message of which it is known that it never left', async () => {
  const bot = await startSlackBot({ parts: { pacing: { longestWait: 0 } } });
  const { emulator } = bot;
  await Promise.all(['a', 'b', 'c'].map((name) => bot.type(`up ${name}`, { channel: '#lab' })));
  emulator.fault({ method: 'chat.postMessage', kind: '429', times: 1 });
  await emulator.until(() => emulator.messages('#lab').length === 3, 15_000);
  expect(bot.tellings.filter(({ telling }) => telling.kind === 'later').length).toBeGreaterThan(2);
  expect(emulator.journal().filter(({ name }) => name === 'conversations.history')).toEqual([]);
});

test('ten rigs at once in one channel keep to a message a second, and progress to an edit now and then', async () => {
  const bot = await startSlackBot({ policy: { rigsPerUser: 20 } });
  const { emulator } = bot;
  const names = [...Array(10).keys()].map((n) => `rig-${n}`);
  await Promise.all(names.map((name) => bot.type(`up ${name}`, { channel: '#lab' })));
  for (let percent = 1; percent <= 50; percent += 1) {
    await Promise.all(names.map((name) => bot.saw(name, { kind: 'pulling', percent })));
  }
  await emulator.until(() => emulator.messages('#lab').length === 10, 30_000);
  // Each card's first figure is a change of state; within 10 s of a figure no other is shown.
  expect(updates(bot).length).toBeLessThanOrEqual(25);
  await Promise.all(names.map((name) => bot.saw(name, { kind: 'starting', image })));
  await emulator.until(
    () => emulator.messages('#lab').every((message) => says(message).includes('· starting')),
    30_000,
  );
});
