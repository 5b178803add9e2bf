// News for others than those who see the card: a new owner, people it is shared with, and owners who are no more.

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { tellNotices } from '../../src/control/tell-notices.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message } from '../../src/demo/slack/state.ts';
import { day, hour, minute } from '../../src/rig/duration.ts';
import { scopes } from '../../src/slack/scopes.ts';
import { calls, type QuickBot, startQuickBot } from '../support/quick-slack.ts';
import { says } from '../support/slack-bot.ts';

const anna = { id: 'U0ANNA0001', name: 'anna' };
const ben = '@ben';
const cara = '@cara';

const mentions = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ text }) => [...text.matchAll(/<@(\w+)>/g)].map(([, who = '']) => who));

/** `share` and `give` send no job: they are done when they were answered. */
const say = async (bot: QuickBot, text: string, answer: string, channel = '#rigs'): Promise<void> => {
  await bot.type(text, { channel });
  await bot.ephemeral('@anna', channel, answer);
  await bot.settled();
};

describe('shared', () => {
  test('under a card in the channel: one reply that calls them', async () => {
    const bot = await startQuickBot();
    bot.emulator.invite('#rigs', cara);
    await bot.order('up demo');
    await bot.ready('demo');
    await say(bot, `share demo ${ben} ${cara}`, 'is shared with ben, cara');
    const card = bot.cardIn(bot.emulator.messages('#rigs'), 'demo');
    expect(mentions(bot.replies(card))).toEqual(['U0BEN00001', 'U0CARA0001']);
    expect([...bot.direct('@ben'), ...bot.direct('@cara')]).toEqual([]);
  });

  test('under a card that they cannot see: each is told in a direct message of their own', async () => {
    const bot = await startQuickBot();
    await bot.order('up demo quietly');
    await bot.ready('demo');
    await say(bot, `share demo ${ben} ${cara}`, 'is shared with ben, cara');
    for (const [who, id] of [
      ['@ben', 'U0BEN00001'],
      ['@cara', 'U0CARA0001'],
    ] as const) {
      expect(mentions(bot.direct(who))).toEqual([id]);
      expect(bot.direct(who).map(says).join()).toContain('anna shares *demo* with you');
    }
    expect(mentions(bot.replies(bot.cardIn(bot.direct('@anna'), 'demo')))).toEqual([]);
  });

  test('under a card in a channel where some of them are not: they are told in direct messages, the others there', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    emulator.invite('#secret');
    await bot.order('up demo', { channel: '#secret' });
    await bot.ready('demo');
    await say(bot, `share demo ${ben} ${cara}`, 'is shared with ben, cara', '#secret');
    const card = bot.cardIn(emulator.messages('#secret'), 'demo');
    expect(mentions(bot.replies(card))).toEqual(['U0BEN00001']);
    expect(bot.direct('@ben')).toEqual([]);
    expect(mentions(bot.direct('@cara'))).toEqual(['U0CARA0001']);
  });

  test('in a channel of thousands: whoever is on a later page is found, without an end to the looking', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    const crowd = (count: number, from: number) =>
      Array.from({ length: count }, (_, each) => `U0CROWD${from + each}`);
    const members = [anna.id, ...crowd(2500, 0), 'U0BEN00001', ...crowd(4000, 2500), 'U0CARA0001'];
    emulator.putChannel({ ...emulator.channel('#rigs'), members });
    await bot.order('up demo');
    await bot.ready('demo');
    await say(bot, `share demo ${ben}`, 'is shared with ben');
    expect(bot.direct('@ben')).toEqual([]);
    expect(calls(bot, 'conversations.members')).toBe(3);
    await say(bot, `share demo ${cara}`, 'is shared with cara');
    expect(mentions(bot.direct('@cara'))).toEqual(['U0CARA0001']);
    expect(calls(bot, 'conversations.members')).toBe(8);
  });

  test('with somebody who is gone by then keeps nobody else from being told', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    await bot.order('up demo quietly');
    await bot.ready('demo');
    emulator.fault({ method: 'conversations.open', kind: '500', times: 1 });
    await bot.type(`share demo ${ben} ${cara}`);
    await bot.ephemeral('@anna', '#rigs', 'is shared with ben, cara');
    emulator.putPerson({ ...emulator.person('@ben'), isDeleted: true });
    await bot.settled();
    expect(bot.direct('@ben')).toEqual([]);
    expect(mentions(bot.direct('@cara'))).toEqual(['U0CARA0001']);
    expect(await bot.registry.notices.take(1)).toMatchObject({
      kind: 'gone-person',
      person: { name: 'ben' },
    });
  });
});

/** Anna's direct messages with the bot, open. */
const annasDirect = ({ emulator }: QuickBot): string => {
  const channel = { id: 'D0ANNABOT1', name: '', isArchived: false, isExtShared: false };
  emulator.putChannel({ ...channel, kind: 'direct', members: [anna.id, emulator.botUser] });
  return channel.id;
};

describe('given', () => {
  test('under a card in the channel: a reply that calls the new owner, once', async () => {
    const bot = await startQuickBot();
    await bot.order('up demo');
    await bot.ready('demo');
    await say(bot, `give demo ${ben}`, "`demo` is ben's now");
    const card = bot.cardIn(bot.emulator.messages('#rigs'), 'demo');
    expect(mentions(bot.replies(card))).toEqual(['U0BEN00001']);
    expect(bot.emulator.messages('#rigs')).toHaveLength(1);
  });

  test.each(['up demo quietly', 'up demo'])(
    '%s, under a card that the new owner cannot see: a card of their own, and no address left with the old one',
    async (command) => {
      const bot = await startQuickBot();
      // In a direct message with the bot, or quietly from a channel.
      const channel = command === 'up demo' ? annasDirect(bot) : '#rigs';
      await bot.order(command, { channel });
      await bot.ready('demo');
      const before = bot.cardIn(bot.direct('@anna'), 'demo');
      await say(bot, `give demo ${ben}`, "`demo` is ben's now", channel);
      const card = bot.cardIn(bot.direct('@ben'), 'demo');
      expect(says(card)).toContain(command === 'up demo' ? 'asked for in a direct message' : '`quietly`');
      expect(mentions(bot.replies(card))).toEqual(['U0BEN00001']);
      const old = bot.cardIn(bot.direct('@anna'), 'demo');
      expect(old.ts).toBe(before.ts);
      expect(says(old)).toContain("*demo* is ben's now");
      expect(says(old)).not.toMatch(/192\.168|action_id/);

      // What happens from here on is for the new owner's eyes.
      const known = bot.replies(before).length;
      await bot.order('down demo', { user: '@ben', channel: card.channel });
      await bot.saw('demo', { kind: 'gone' });
      await bot.settled();
      expect(bot.replies(card).map(says).join()).toContain('its container is gone');
      expect(bot.replies(before)).toHaveLength(known);
      expect(bot.direct('@ben')).toHaveLength(1);
    },
  );

  test('under a card in a private channel where the new owner is not: a card of their own, under which all is told', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    emulator.invite('#secret');
    await bot.order('up demo', { channel: '#secret' });
    await bot.ready('demo');
    await say(bot, `give demo ${cara}`, "`demo` is cara's now", '#secret');
    const card = bot.cardIn(bot.direct('@cara'), 'demo');
    expect(says(card)).toContain('since the rig was given to somebody who is not in there');
    expect(mentions(bot.replies(card))).toEqual(['U0CARA0001']);
    const [old, ...more] = emulator.messages('#secret');
    expect(old && says(old)).toContain("*demo* is cara's now");
    expect(more).toEqual([]);
    expect(old && bot.replies(old).flatMap(({ text }) => mentions([{ ...card, text }]))).not.toContain(
      'U0CARA0001',
    );
    await bot.saw('demo', { kind: 'failed', reason: { kind: 'removed' }, tail: [] });
    await bot.settled();
    expect(bot.replies(card).map(says).join()).toContain('Restart');
  });

  test.each(['a direct message', '#secret'])(
    'from %s, and up again: the new owner has its card, and the old one nothing of it',
    async (where) => {
      const offset = { by: 0 };
      const bot = await startQuickBot({ now: () => Date.now() + offset.by });
      bot.emulator.invite('#secret');
      const channel = where === '#secret' ? where : annasDirect(bot);
      await bot.order('up demo for 15m', { channel });
      await bot.ready('demo');
      await say(bot, `give demo ${cara}`, "`demo` is cara's now", channel);
      const before = bot.emulator.messages(channel).length;
      // No minute passes without a look.
      for (; offset.by < 16 * 60_000; offset.by += 30_000) {
        await bot.sweep();
        await bot.settled();
      }
      await bot.saw('demo', { kind: 'gone' });
      await bot.settled();
      const old = bot.cardIn(bot.direct(cara), 'demo');
      const ended = bot.replies(old).find((reply) => says(reply).includes('up-again'));
      if (ended === undefined) throw new Error('no button to start it again');
      await bot.emulator.click({ user: cara, on: ended, actionId: 'up-again' });
      await bot.settled();
      await bot.ready('demo');
      const card = bot.cardIn(bot.direct(cara), 'demo');
      expect(card.ts).not.toBe(old.ts);
      expect(says(card)).toContain('*demo* is ready');
      expect(await bot.rig('demo')).toMatchObject({
        owner: { name: 'cara' },
        asked: { channel: bot.emulator.directMessage(cara)?.id },
      });
      expect(bot.emulator.messages(channel)).toHaveLength(before);
    },
  );

  test('with a reminder open: no dead button stays with the old owner', async () => {
    const offset = { by: 0 };
    const bot = await startQuickBot({ now: () => Date.now() + offset.by });
    await bot.order('up demo for 4h quietly');
    await bot.ready('demo');
    await bot.sweep();
    offset.by = 3.6 * 3_600_000;
    await bot.sweep();
    await bot.settled();
    const before = bot.cardIn(bot.direct('@anna'), 'demo');
    expect(bot.replies(before).map(says).join()).toContain('extend-1h');
    await say(bot, `give demo ${ben}`, "`demo` is ben's now");
    expect(bot.replies(before).map(says).join()).not.toContain('action_id');
  });
});

describe('an owner whose account was closed', () => {
  const leave = ({ emulator }: QuickBot) =>
    emulator.putPerson({ ...emulator.person('@anna'), isDeleted: true });

  test('is told nothing more: it is closed in the audit, and the admins are told once', async () => {
    const bot = await startQuickBot({ parts: { adminChannel: 'C0LAB00001' } });
    const { emulator, registry } = bot;
    await bot.order('up demo quietly');
    const card = bot.cardIn(bot.direct('@anna'), 'demo');
    const posts = calls(bot, 'chat.postMessage');
    leave(bot);
    await bot.ready('demo');
    await bot.saw('demo', { kind: 'failed', reason: { kind: 'removed' }, tail: [] });
    await bot.settled();
    expect(bot.replies(card)).toEqual([]);
    expect(calls(bot, 'chat.postMessage')).toBe(posts);
    const acts = (await registry.audit.ofRig('demo', 20)).filter(({ what }) => what === 'tell');
    expect(acts).toMatchObject([
      { outcome: 'failed', why: 'ready: the account of anna is closed' },
      { outcome: 'failed', why: 'crashed: the account of anna is closed' },
    ]);
    await tellNotices(registry.notices, bot.slack.tellNotice);
    expect(emulator.messages('#lab').map(says).join()).toContain('The account of anna is closed');
    await bot.saw('demo', { kind: 'log', to: anna, lines: ['a line'] });
    await bot.settled();
    await tellNotices(registry.notices, bot.slack.tellNotice);
    expect(emulator.messages('#lab')).toHaveLength(1);
  });

  test('changes nothing in a channel, where others read on', async () => {
    const bot = await startQuickBot();
    await bot.order('up demo');
    leave(bot);
    await bot.ready('demo');
    const card = bot.cardIn(bot.emulator.messages('#rigs'), 'demo');
    expect(bot.replies(card)).toHaveLength(1);
    expect(await bot.registry.notices.take(1)).toBeUndefined();
  });

  test('and whose card was deleted, or its place lost, gets none anew', async () => {
    const bot = await startQuickBot();
    const { emulator } = bot;
    emulator.invite('#secret');
    await bot.order('up demo', { channel: '#secret' });
    await bot.order('up other');
    emulator.kick('#secret');
    emulator.deleteMessage('#rigs', bot.cardIn(emulator.messages('#rigs'), 'other').ts);
    leave(bot);
    await bot.ready('demo');
    await bot.ready('other');
    expect(bot.emulator.directMessage('@anna')).toBeUndefined();
    expect(emulator.messages('#rigs')).toEqual([]);
    expect(await bot.registry.notices.take(1)).toMatchObject({ kind: 'gone-person' });
  });
});

describe('a channel of the operators that', () => {
  const secret = 'C0SECRET01';
  const warnings = ({ lines }: QuickBot) =>
    lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  test('the bot is not in: a warning at the start, and the notice is told once it was invited', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    onTestFinished(() => void vi.useRealTimers());
    const bot = await startQuickBot({ parts: { adminChannel: secret } });
    const { emulator, registry } = bot;
    const tell = () => tellNotices(registry.notices, bot.slack.tellNotice);
    expect(warnings(bot)).toEqual([
      'Notices to the operators cannot be told in their channel (Slack says channel_not_found) and wait: invite the bot there with /invite @rigs, or write the id of another channel into WCS_ADMIN_CHANNEL (C0SECRET01)',
    ]);
    await registry.notices.put({ kind: 'gone-person', person: anna, rig: 'demo' }, day);
    const tryFor = async (length: number): Promise<number> => {
      const before = calls(bot, 'chat.postMessage');
      for (let passed = 0; passed < length; passed += 2 * minute) {
        await tell();
        vi.setSystemTime(Date.now() + 2 * minute);
      }
      return calls(bot, 'chat.postMessage') - before;
    };
    expect(await tryFor(3 * hour)).toBe(3);
    expect(warnings(bot).at(-1)).toMatch(/tried again in an hour: invite the bot there with \/invite @rigs/);
    emulator.invite('#secret');
    expect(await tryFor(2 * hour)).toBe(1);
    expect(emulator.messages('#secret').map(says).join()).toContain('The account of anna is closed');
  });

  test('is archived: a warning at the start', async () => {
    const bot = await startQuickBot({ parts: { adminChannel: 'C0OLD00001' } });
    expect(warnings(bot)).toEqual([
      expect.stringContaining('(Slack says is_archived) and wait: unarchive it'),
    ]);
  });

  test.each(['C0LAB00001', 'C0RIGS0001'])('is public (%s) needs no invitation', async (adminChannel) => {
    const bot = await startQuickBot({ parts: { adminChannel } });
    expect(warnings(bot)).toEqual([]);
  });

  test('Slack does not show at the moment hinders no start', async () => {
    const slack = await startSlackEmulator({ scopes });
    onTestFinished(slack.stop);
    slack.fault({ method: 'conversations.info', kind: '500' });
    const { botToken, apiUrl, appToken } = slack;
    const bot = await startQuickBot({
      slack: { botToken, apiUrl, connection: { kind: 'socket', appToken } },
      parts: { adminChannel: secret },
    });
    expect(bot.slack.isConnected()).toBe(true);
    expect(calls({ ...bot, emulator: slack }, 'conversations.info')).toBe(1);
  });
});
