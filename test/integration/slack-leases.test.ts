// The end of a lease as people meet it in Slack: reminded, extended at a click, ended, and up again.

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../src/rig/duration.ts';
import { says, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '0123456789ab', unchecked: false, licensed: true };

/** A bot whose clock the test moves, with a ready rig `demo` of @anna's. */
const withRig = async () => {
  const offset = { by: 0 };
  const bot = await startSlackBot({ now: () => Date.now() + offset.by });
  await bot.type('up demo for 4h on h1');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  await bot.sweep();
  const card = await bot.card('#rigs', 'is ready');
  const replies = () => bot.emulator.replies('#rigs', card.ts);
  await bot.emulator.until(() => replies().length === 1, 8000, 'the reply that it is ready');
  return {
    bot,
    card,
    replies,
    pass: async (length: number): Promise<void> => {
      // As a bot does it: no minute passes without a look.
      for (let passed = 0; passed < length; passed += 30_000) {
        // The lease on the outbox runs on this clock, too: whoever tells must not be overtaken by it.
        while ((await bot.registry.outbox.waiting()).length > 0) await delay(20);
        offset.by += Math.min(30_000, length - passed);
        await bot.sweep();
      }
    },
    reply: (what: RegExp, count = 1) =>
      bot.emulator.until(
        () => replies().filter((message) => what.test(says(message)))[count - 1],
        8000,
        `a reply ${what}`,
      ),
  };
};

const buttons = (message: { blocks: unknown }): string => JSON.stringify(message.blocks);

describe('the end of a lease', () => {
  test('is announced to its owner, and moved at a click; no dead button stays', async () => {
    const { bot, reply, replies, pass } = await withRig();
    await pass(3 * hour + 31 * minute);
    const reminder = await reply(/ends .*in 29 m|ends .*in 30 m/);
    expect(reminder.text).toMatch(/^<@U/);
    const click = { user: '@anna', on: reminder, actionId: 'extend-1h' };
    expect(await bot.emulator.click(click)).toMatchObject({ kind: 'acknowledged' });
    await bot.ephemeral('@anna', '#rigs', 'ends');
    const answered = await reply(/was extended by .*anna/);
    expect(answered.ts).toBe(reminder.ts);
    expect(buttons(answered)).not.toContain('extend-1h');
    expect(bot.jobs.filter((job) => job.startsWith('stop'))).toEqual([]);
    expect(replies()).toHaveLength(2);
  });

  test('two reminders, the end, and up again: one card and at most four replies, three of them mentions', async () => {
    const { bot, card, reply, replies, pass } = await withRig();
    await pass(3 * hour + 31 * minute);
    const first = await reply(/Do you need it for longer/);
    await pass(26 * minute);
    await reply(/Do you need it for longer/);
    await bot.emulator.until(() => replies().length === 3, 8000, 'the second reminder');
    await bot.emulator.until(
      () => !buttons(bot.emulator.message('#rigs', first.ts) ?? first).includes('extend'),
      8000,
    );
    await pass(4 * minute);
    expect(bot.jobs.filter((job) => job.startsWith('stop'))).toHaveLength(1);
    await bot.saw('demo', { kind: 'gone' });
    const ended = await reply(/time was up: its container is gone/);
    expect(buttons(ended)).toContain('up-again');
    expect(replies()).toHaveLength(4);
    expect(replies().filter(({ text }) => /<@U/.test(text)).length).toBeLessThanOrEqual(3);
    for (const one of replies()) if (one.ts !== ended.ts) expect(buttons(one)).not.toMatch(/extend-|stop/);

    await bot.emulator.click({ user: '@anna', on: ended, actionId: 'up-again' });
    await bot.emulator.until(() => bot.emulator.messages('#rigs').length === 2, 8000, 'a second card');
    expect(await bot.rig('demo')).toMatchObject({
      name: 'demo',
      tag: 'latest',
      host: 'h1',
      asked: { host: 'h1' },
    });
    expect(bot.emulator.message('#rigs', card.ts)?.text).toContain('ended');
  });

  test('is a command, too, and only its owner moves it', async () => {
    const { bot } = await withRig();
    await bot.type('extend demo by 2 hours');
    await bot.ephemeral('@anna', '#rigs', '`demo` ends');
    await bot.type('extend demo 100h');
    await bot.ephemeral('@anna', '#rigs', 'that is the most');
    await bot.type('extend demo 1h');
    await bot.ephemeral('@anna', '#rigs', 'cannot be extended');
    await bot.type('extend demo 1h', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', "anna's rig");
    await bot.type('extend demo');
    await bot.ephemeral('@anna', '#rigs', 'By how much?');
  });

  test('comes with a stop that takes the reminder’s buttons along', async () => {
    const { bot, reply, pass } = await withRig();
    await pass(3 * hour + 31 * minute);
    const reminder = await reply(/Do you need it for longer/);
    await bot.emulator.click({ user: '@anna', on: reminder, actionId: 'stop' });
    const answered = await reply(/is being stopped by/);
    expect(answered.ts).toBe(reminder.ts);
    expect(buttons(answered)).not.toContain('action_id');
  });
});
