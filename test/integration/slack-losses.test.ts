// A card that is lost: deleted, in a channel that was archived, in one that the bot was thrown out of. It comes anew in a
// direct message, once, and what happens is told there.

import { describe, expect, test } from 'vitest';
import { minute } from '../../src/rig/duration.ts';
import { calls, startQuickBot } from '../support/quick-slack.ts';
import { says } from '../support/slack-bot.ts';

const anna = { id: 'U0ANNA0001', name: 'anna' };

describe('a card that somebody deleted', () => {
  test('is posted anew once, to its owner, and what happens is told there', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo');
    await bot.settled();
    const card = bot.cardIn(emulator.messages('#rigs'), 'demo');
    emulator.deleteMessage('#rigs', card.ts);
    await bot.ready('demo');
    const anew = bot.cardIn(bot.direct('@anna'), 'demo');
    expect(says(anew)).toContain('is ready');
    expect(says(anew)).toContain('somebody deleted the one before');
    expect(bot.replies(anew).map(says).join()).toContain('Your browser will warn twice');
    expect(emulator.messages('#rigs')).toEqual([]);

    await bot.order('down demo');
    await bot.saw('demo', { kind: 'gone' });
    await bot.settled();
    expect(bot.direct('@anna')).toHaveLength(1);
    expect(says(bot.cardIn(bot.direct('@anna'), 'demo'))).toContain('· ended');
    expect(bot.replies(anew).map(says).join()).toContain('its container is gone');
  });

  test('deleted there, too, stays deleted; replies still come, and nothing goes round in circles', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo');
    await bot.settled();
    const wipe = () => {
      for (const message of [...emulator.messages('#rigs'), ...bot.direct('@anna')]) {
        for (const { ts } of [...bot.replies(message), message]) emulator.deleteMessage(message.channel, ts);
      }
    };
    wipe();
    await bot.ready('demo');
    expect(bot.direct('@anna')).toHaveLength(1);
    wipe();
    const before = calls(bot, 'chat.postMessage');
    for (let round = 0; round < 3; round += 1) {
      await bot.order('restart demo');
      await bot.ready('demo');
      const [reply, ...others] = bot.direct('@anna');
      expect(reply && says(reply)).toContain('is ready again');
      expect(others).toEqual([]);
      wipe();
    }
    expect(calls(bot, 'chat.postMessage') - before).toBe(3);
    expect(emulator.messages('#rigs')).toEqual([]);
    await expect(bot.registry.notices.take(1)).resolves.toBeUndefined();
  });

  test('is noticed by a reply, which Slack puts into the channel: it is taken back and told where the card is', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo', { channel: '#lab' });
    await bot.ready('demo');
    const card = bot.cardIn(emulator.messages('#lab'), 'demo');
    for (const { ts } of [card, ...bot.replies(card)]) emulator.deleteMessage('#lab', ts);
    emulator.fault({ method: 'chat.delete', kind: '429', times: 1 });
    const rig = await bot.rig('demo');
    // Most news come after an edit of the card, which notices first; this one comes alone.
    const stored = await bot.registry.rigs.get(rig.id);
    if (!stored) throw new Error('no rig');
    const idleStop = rig.created + minute;
    await bot.registry.rigs.save({
      ...stored,
      rig: { ...stored.rig, lease: { ...stored.rig.lease, idleStop } },
      told: [{ id: 'alone', news: { kind: 'idle', unused: minute, stop: idleStop } }],
      release: false,
    });
    await bot.settled();
    expect(emulator.messages('#lab')).toEqual([]);
    const anew = bot.cardIn(bot.direct('@anna'), 'demo');
    expect(bot.replies(anew).map(says).join()).toContain('Nobody has used');
    expect(calls(bot, 'chat.delete')).toBe(2);
    await bot.saw('demo', { kind: 'failed', reason: { kind: 'removed' }, tail: [] });
    await bot.settled();
    expect(bot.replies(anew)).toHaveLength(2);
  });

  test('is not posted for a figure', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo');
    await bot.saw('demo', { kind: 'pulling', percent: 1 });
    await bot.settled();
    emulator.deleteMessage('#rigs', bot.cardIn(emulator.messages('#rigs'), 'demo').ts);
    await bot.saw('demo', { kind: 'pulling', percent: 2 });
    await bot.settled();
    expect(bot.direct('@anna')).toEqual([]);
    expect(emulator.messages('#rigs')).toEqual([]);
    await bot.ready('demo');
    expect(bot.direct('@anna')).toHaveLength(1);
  });
});

describe('a place that is lost', () => {
  test.each(['archived', 'removed'] as const)(
    '%s: to a direct message, once, and back by a button',
    async (how) => {
      const bot = await startQuickBot();
      const { emulator } = bot;
      emulator.invite('#secret');
      await bot.order('up demo', { channel: '#secret' });
      await bot.settled();
      const before = bot.cardIn(emulator.messages('#secret'), 'demo');
      const group = emulator.channel('#secret');
      if (how === 'archived') emulator.putChannel({ ...group, isArchived: true });
      else emulator.kick(group.id);
      await bot.ready('demo');
      const card = bot.cardIn(bot.direct('@anna'), 'demo');
      expect(says(card)).toContain('I can no longer post in <#C0SECRET01>');
      expect(bot.replies(card).map(says).join()).toContain('warn twice');
      const tries = calls(bot, 'chat.postMessage');
      await bot.order('restart demo', { channel: card.channel });
      await bot.ready('demo');
      expect(bot.direct('@anna')).toHaveLength(1);
      expect(bot.replies(card)).toHaveLength(2);
      expect(calls(bot, 'chat.postMessage') - tries).toBe(1);

      await emulator.click({ user: '@anna', on: card, actionId: 'post-there' });
      await bot.ephemeral('@anna', card.channel, 'I still cannot post there');
      emulator.putChannel(group);
      await emulator.click({ user: '@anna', on: card, actionId: 'post-there' });
      await bot.ephemeral('@anna', card.channel, 'Done: the card of `demo`');
      // The one that was there all the time, with its thread: no second one beside it.
      expect(emulator.messages('#secret').map(({ ts }) => ts)).toEqual([before.ts]);
      expect(says(bot.cardIn(emulator.messages('#secret'), 'demo'))).toContain('is ready');
      await bot.order('down demo', { channel: '#secret' });
      await bot.saw('demo', { kind: 'gone' });
      await bot.settled();
      expect(bot.replies(before).map(says).join()).toContain('its container is gone');
      expect(bot.replies(card)).toHaveLength(2);
    },
  );

  test('with a reminder that is still open: the next one comes where the card is', async () => {
    const offset = { by: 0 };
    const bot = await startQuickBot({ now: () => Date.now() + offset.by });
    const { emulator } = bot;
    await bot.order('up demo for 4h', { channel: '#lab' });
    await bot.ready('demo');
    const lab = emulator.channel('#lab');
    emulator.putChannel({ ...lab, isArchived: true });
    await bot.sweep();
    offset.by = 3.6 * 3_600_000;
    await bot.sweep();
    await bot.settled();
    const card = bot.cardIn(bot.direct('@anna'), 'demo');
    const [reminder] = bot.replies(card);
    expect(reminder?.text).toMatch(/^<@U0ANNA0001>/);
    if (!reminder) throw new Error('no reminder');
    await emulator.click({ user: '@anna', on: reminder, actionId: 'extend-1h' });
    await bot.settled();
    expect(bot.replies(card).map(says).join()).toContain('was extended by');
  });
});

describe('a log', () => {
  const lines = Array.from({ length: 300 }, (_, n) => `line ${n} of what it had to say`);

  test('that Slack takes no file for comes as a message, with its last lines', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo');
    await bot.ready('demo');
    emulator.fault({ method: 'upload', kind: '500', times: 1 });
    await bot.saw('demo', { kind: 'log', to: anna, lines });
    await bot.settled();
    const [message] = bot.direct('@anna');
    expect(message && says(message)).toContain('line 299 of what it had to say');
    expect(message && says(message)).not.toContain('line 100 of');
    expect(message?.files).toBeUndefined();
  });

  test.each(['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal', 'conversations.open'])(
    'waits for as long as Slack wants to be left alone at %s',
    async (method) => {
      const bot = await startQuickBot();
      await bot.order('up demo');
      await bot.ready('demo');
      bot.emulator.fault({ method, kind: '429', times: 1, retryAfter: 1 });
      const begun = Date.now();
      await bot.saw('demo', { kind: 'log', to: anna, lines });
      await bot.settled();
      expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
      expect(bot.tellings.at(-2)?.telling).toEqual({ kind: 'later', after: 1000 });
      expect(bot.direct('@anna').map(({ files }) => files?.length)).toEqual([1]);
    },
  );
});

test('a card waits for as long as Slack wants to be left alone at users.info', async () => {
  // An admin's command needs no look at who they are, so that the card's is the first.
  const access = { users: undefined, admins: [anna.id], channels: undefined };
  const bot = await startQuickBot({ parts: { access } });
  await bot.order('up demo for 4h');
  await bot.settled();
  bot.emulator.fault({ method: 'users.info', kind: '429', times: 1 });
  await bot.ready('demo');
  expect(bot.tellings.map(({ telling }) => telling)).toContainEqual({ kind: 'later', after: 1000 });
  expect(calls(bot, 'users.info')).toBe(2);
  expect(says(bot.cardIn(bot.emulator.messages('#rigs'), 'demo'))).toContain('is ready');
});
