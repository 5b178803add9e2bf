// How much a rig may say. One that nobody touches: a message in the channel, at most four replies, at most three mentions, all
// of its owner. Others are called once, when it is shared with them or given to them.

import { expect, test } from 'vitest';
import type { Message } from '../../src/demo/slack/state.ts';
import { hour, minute } from '../../src/rig/duration.ts';
import type { Use } from '../../src/rig/use.ts';
import { image, startQuickBot } from '../support/quick-slack.ts';
import { type SlackBotOptions, says } from '../support/slack-bot.ts';

type Story = {
  readonly up: string;
  /** From asked to ready. */
  readonly boots?: number;
  readonly use: (passed: number) => Use;
  /** How long it is looked at. */
  readonly watched: number;
  readonly most?: number;
};

const idle = (): Use => ({ kind: 'idle' });
const unknown = (): Use => ({ kind: 'unknown' });
const inUse = (): Use => ({ kind: 'streams', count: 2 });

/** What it said at first. */
const asPosted = (message: Message): string => says(message.history[0] ?? message);

/** Who was called: edits call nobody. */
const called = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap((message) => [...new Set(asPosted(message).match(/<@\w+>/g) ?? [])]);

/** A rig that lives its life, with a look at its lease every half a minute, as a bot does it. */
const live = async ({ up, boots = 4000, use, watched, most = 24 * hour }: Story) => {
  const offset = { by: 0 };
  const options: SlackBotOptions = {
    now: () => Date.now() + offset.by,
    leases: { keepUnknown: hour },
    policy: { lease: { usual: 4 * hour, most } },
  };
  const bot = await startQuickBot(options);
  await bot.order(up);
  const rig = await bot.rig('demo');
  await bot.saw('demo', { kind: 'pulling', percent: 7 });
  await bot.saw('demo', { kind: 'starting', image });
  offset.by += boots;
  await bot.saw('demo', { kind: 'ready' });
  await bot.settled();
  const step = minute / 2;
  for (let passed = 0; passed < watched; passed += step) {
    const at = bot.registry.clock.now();
    await bot.registry.uses.record([{ rig: rig.id, generation: 1, at, use: use(passed) }]);
    await bot.sweep();
    await bot.settled();
    if (bot.jobs.some((job) => job.startsWith('stop'))) break;
    offset.by += step;
  }
  if (bot.jobs.some((job) => job.startsWith('stop'))) await bot.saw('demo', { kind: 'gone' });
  await bot.settled();
  const messages = bot.emulator.messages('#rigs');
  const replies = messages.flatMap((message) => bot.replies(message));
  return { bot, messages, replies, called: called([...messages, ...replies]) };
};

test.each<[string, Story, { readonly replies: number; readonly mentions: number }]>([
  ['one that nobody uses', { up: 'up demo', use: idle, watched: 5 * hour }, { replies: 4, mentions: 2 }],
  [
    'one whose use is unknown at its end',
    { up: 'up demo', use: unknown, watched: 6 * hour },
    { replies: 4, mentions: 2 },
  ],
  [
    'one that was slow to start, so that its owner is called back',
    { up: 'up demo', boots: 50_000, use: idle, watched: 5 * hour },
    { replies: 4, mentions: 3 },
  ],
  [
    'a slow one whose use is unknown at its end',
    { up: 'up demo', boots: 50_000, use: unknown, watched: 6 * hour },
    { replies: 4, mentions: 3 },
  ],
  [
    'a slow one whose use is unknown at its end, which is shortly before its longest',
    { up: 'up demo for 200m', boots: 50_000, use: unknown, watched: 6 * hour, most: 4 * hour },
    { replies: 4, mentions: 3 },
  ],
  [
    'one with a short lease',
    { up: 'up demo for 20m', boots: 50_000, use: idle, watched: hour },
    { replies: 3, mentions: 2 },
  ],
])('%s', async (_what, story, most) => {
  const { messages, replies, called, bot } = await live(story);
  expect(messages).toHaveLength(1);
  expect(replies.map(says).at(-1)).toContain('its container is gone');
  expect(replies).toHaveLength(most.replies);
  expect(called).toEqual(Array(most.mentions).fill('<@U0ANNA0001>'));
  expect(bot.emulator.directMessage('@anna')).toBeUndefined();
});

test('one that is in use is kept with one message that is edited, and calls nobody for it', async () => {
  const kept = (messages: readonly Message[]) =>
    messages.filter((message) => says(message).includes('in use'));
  const { messages, replies, called } = await live({ up: 'up demo for 1h', use: inUse, watched: 5 * hour });
  expect(messages).toHaveLength(1);
  // Ready, and the first reminder; its place says since its end that it is kept.
  expect(replies).toHaveLength(2);
  expect(kept(replies)).toHaveLength(1);
  expect(kept(replies)[0]?.history.length).toBeGreaterThan(10);
  expect(called).toEqual(['<@U0ANNA0001>']);
});

test.each([
  ['in use', 4000, 2],
  ['slow to start, and in use', 50_000, 3],
])('%s to the last: a reminder returns before its longest time is over', async (_, boots, mentions) => {
  const story = { up: 'up demo for 1h', boots, use: inUse, watched: 5 * hour, most: 4 * hour };
  const { replies, called } = await live(story);
  expect(replies.map(asPosted).join()).toContain('It has had its longest time');
  expect(replies).toHaveLength(4);
  expect(called).toHaveLength(mentions);
});

test('others are called once, when it is shared with them or given to them', async () => {
  const { bot } = await live({ up: 'up demo', use: idle, watched: minute });
  await bot.type('share demo @ben');
  await bot.ephemeral('@anna', '#rigs', 'is shared with ben');
  await bot.type('share demo @ben');
  await bot.ephemeral('@anna', '#rigs', 'already');
  await bot.type('give demo @cara');
  await bot.ephemeral('@anna', '#rigs', "`demo` is cara's now");
  await bot.settled();
  const [card] = bot.emulator.messages('#rigs');
  expect(card && called(bot.replies(card))).toEqual(['<@U0BEN00001>', '<@U0CARA0001>']);
});
