// What can be done with a rig that is there, as people meet it in Slack: looked at, shared, given, restarted, kept, its log.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/demo/slack/surface.ts';
import { hour, minute } from '../../src/rig/duration.ts';
import type { Use } from '../../src/rig/use.ts';
import { type SlackBot, type SlackBotOptions, says, secrets, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '0123456789ab', unchecked: false, licensed: true };

/** A bot with a ready rig `demo` of @anna's. */
const withRig = async (options: SlackBotOptions = {}) => {
  const bot = await startSlackBot(options);
  await bot.type('up demo for 4h');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  const card = await bot.card('#rigs', 'is ready');
  return { bot, card, press: pressOn(bot, card) };
};

/** Presses on a message as it is now, and waits for the acknowledgement. */
const pressOn =
  (bot: SlackBot, on: Message) =>
  async (actionId: string, user = '@anna', value?: string): Promise<void> => {
    const now = bot.emulator.message(on.channel, on.ts) ?? on;
    const click = { user, on: now, actionId, ...(value === undefined ? {} : { value }) };
    expect(await bot.emulator.click(click)).toMatchObject({ kind: 'acknowledged' });
  };

const optionOf = (message: Message, label: string): string => {
  const options = JSON.stringify(message.blocks).matchAll(
    /"text":\{"type":"plain_text","text":"([^"]*)"[^}]*\},"value":"((?:[^"\\]|\\.)*)"/g,
  );
  for (const [, text, value] of options) if (text === label) return JSON.parse(`"${value}"`);
  throw new Error(`there is no option ${label}`);
};

const inUse = async (bot: SlackBot, use: Use): Promise<void> => {
  const { id, generation } = await bot.rig('demo');
  await bot.registry.uses.record([{ rig: id, generation, at: bot.registry.clock.now(), use }]);
};

describe('looking', () => {
  test('show: the card and more, with buttons for those who may act, and for nobody else', async () => {
    const { bot } = await withRig();
    await inUse(bot, { kind: 'streams', count: 2 });
    await bot.type('show demo');
    const mine = await bot.ephemeral('@anna', '#rigs', 'in use: 2 streams');
    expect(says(mine)).toMatch(/3 h 59 m left|4 h left/);
    expect(says(mine)).toContain('"action_id":"password"');
    await bot.type('show demo', { user: '@ben' });
    const his = await bot.ephemeral('@ben', '#rigs', 'in use: 2 streams');
    expect(says(his)).not.toContain('"action_id":"password"');
    await bot.type('show nothing', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'No rig is called `nothing`');
  });

  test('history: every act of a person, the bot and the host, refusals too', async () => {
    const { bot } = await withRig();
    await bot.type('extend demo 1h');
    await bot.ephemeral('@anna', '#rigs', '`demo` ends');
    await bot.type('down demo', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', "anna's rig");
    await bot.type('password demo');
    await bot.ephemeral('@anna', '#rigs', 'SSH password');
    await bot.type('history demo');
    const history = await bot.ephemeral('@anna', '#rigs', 'What happened');
    const lines = says(history)
      .split('\n')
      .filter((line) => line.includes(' · '))
      .map((line) => line.replace(/^[^·]*· /, '').replace(/".*$/, ''));
    expect(lines).toEqual([
      'anna · up (on h1, tag latest)',
      'host h1 · ready',
      expect.stringMatching(/^anna · extend \(until <!date/),
      "ben · stop *refused* (somebody else's rig)",
      'anna · password',
    ]);
    expect(says(history)).not.toContain(secrets.password((await bot.rig('demo')).id, 1));
    await bot.type('history never');
    await bot.ephemeral('@anna', '#rigs', 'Nothing is known of a rig `never`');
  });

  test('logs: a file for the one who asked, in their direct messages and nowhere else', async () => {
    const { bot, card, press } = await withRig();
    await bot.type('logs demo 2');
    await bot.ephemeral('@anna', '#rigs', 'The last 2 lines of `demo` are on their way');
    await press('more', '@anna', optionOf(card, 'Logs'));
    await bot.ephemeral('@anna', '#rigs', 'The last 100 lines');
    expect(bot.jobs.filter((job) => job.startsWith('log'))).toHaveLength(2);
    const to = { id: bot.emulator.person('@anna').id, name: 'anna' };
    await bot.saw('demo', { kind: 'log', to, lines: ['first', 'second <!channel>'] });
    const direct = () => {
      const channel = bot.emulator.directMessage('@anna');
      return channel === undefined ? [] : bot.emulator.messages(channel.id);
    };
    const message = await bot.emulator.until(() => direct().find(({ files }) => files?.length === 1), 8000);
    expect(message.files?.[0]).toMatchObject({ name: 'demo.log', content: 'first\nsecond <!channel>\n' });
    expect(JSON.stringify(bot.emulator.messages('#rigs'))).not.toContain('second');
    await bot.saw('demo', { kind: 'log', to, lines: undefined });
    await bot.emulator.until(() => direct().find(({ text }) => /did not come in time/.test(text)), 8000);
    await bot.saw('demo', { kind: 'log', to, lines: [] });
    await bot.emulator.until(() => direct().find(({ text }) => /has not logged a line yet/.test(text)), 8000);
    await bot.type('logs demo', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', "anna's rig");
  });
});

describe('people', () => {
  test('share: others are told once and may act, but neither share nor give', async () => {
    const { bot, card } = await withRig();
    await bot.type('share demo with @ben');
    await bot.ephemeral('@anna', '#rigs', '`demo` is shared with ben');
    const told = await bot.emulator.until(
      () => bot.emulator.replies('#rigs', card.ts).find(({ text }) => /shares \*demo\* with you/.test(text)),
      8000,
    );
    expect(told.text).toContain(`<@${bot.emulator.person('@ben').id}>`);
    await bot.card('#rigs', 'shared with ben');
    await bot.type('share demo @ben');
    await bot.ephemeral('@anna', '#rigs', '`demo` is shared with ben already');
    await bot.type('password demo', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'SSH password');
    await bot.type('give demo @ben', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', "anna's rig");
    await bot.type('down demo', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'being stopped');
  });

  test('give: it is theirs, the old owner still knows the password, and the quota of the new one counts', async () => {
    const { bot, card } = await withRig({ policy: { rigsPerUser: 2 } });
    for (const name of ['b1', 'b2']) await bot.type(`up ${name}`, { user: '@ben' });
    await bot.rig('b2');
    await bot.type('give demo to @ben');
    await bot.ephemeral('@anna', '#rigs', 'ben has 2 rigs already');
    await bot.type('down b1', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'being stopped');
    await bot.saw('b1', { kind: 'gone' });
    await bot.type('give demo to @ben');
    await bot.ephemeral('@anna', '#rigs', "`demo` is ben's now");
    const told = await bot.emulator.until(
      () => bot.emulator.replies('#rigs', card.ts).find(({ text }) => /is yours now/.test(text)),
      8000,
    );
    expect(told.text).toContain('anna still knows its SSH password until the next restart');
    await bot.type('down demo');
    await bot.ephemeral('@anna', '#rigs', "ben's rig");
    await bot.type('give demo @ben', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', "is ben's already");
  });

  test('neither bots, nor closed accounts, nor those who may not use us get a rig', async () => {
    const { bot } = await withRig();
    const ben = bot.emulator.person('@ben');
    bot.emulator.putPerson({ ...ben, id: 'U0GONE0001', name: 'gone', isDeleted: true });
    bot.emulator.putPerson({ ...ben, id: 'U0GUEST001', name: 'guest', isGuest: true });
    await bot.type('share demo @gone');
    await bot.ephemeral('@anna', '#rigs', 'gone is a bot, or nobody any more');
    await bot.type('give demo @guest');
    await bot.ephemeral('@anna', '#rigs', 'guest may not use me');
    expect(await bot.rig('demo')).toMatchObject({ shared: [], owner: { name: 'anna' } });
  });
});

describe('a restart', () => {
  test('is another container with another password, the same address and end; its thread says so', async () => {
    const { bot, card } = await withRig();
    const before = await bot.rig('demo');
    await bot.type('restart demo tag 5.2');
    await bot.ephemeral('@anna', '#rigs', 'is being restarted with `5.2`');
    await bot.card('#rigs', '*demo* · waiting');
    await bot.saw('demo', { kind: 'ready', image });
    const again = await bot.emulator.until(
      () => bot.emulator.replies('#rigs', card.ts).find(({ text }) => /is ready again/.test(text)),
      8000,
    );
    expect(again.text).toContain('It runs `5.2`, with a new SSH password');
    const after = await bot.rig('demo');
    expect([after.address, after.lease.end, after.generation]).toEqual([before.address, before.lease.end, 2]);
    await bot.type('password demo');
    await bot.ephemeral('@anna', '#rigs', secrets.password(after.id, 2));
    expect(secrets.password(after.id, 2)).not.toBe(secrets.password(after.id, 1));
  });

  test('from the menu asks first; typed it does so where somebody uses the rig', async () => {
    const { bot, card, press } = await withRig();
    await press('more', '@anna', optionOf(card, 'Restart'));
    const asked = await bot.ephemeral('@anna', '#rigs', 'Restart `demo`?');
    expect(await bot.rig('demo')).toMatchObject({ generation: 1 });
    await inUse(bot, { kind: 'streams', count: 1 });
    await bot.type('restart demo');
    await bot.ephemeral('@anna', '#rigs', 'Restart `demo`, which is in use: 1 stream?');
    await pressOn(bot, asked)('sure-restart');
    await bot.emulator.until(() =>
      says(bot.emulator.message(asked.channel, asked.ts) ?? asked).includes('being restarted'),
    );
    expect(await bot.rig('demo')).toMatchObject({ generation: 2 });
  });

  test('brings back what died, from its thread, with the last words still there', async () => {
    const { bot, card } = await withRig();
    const { address } = await bot.rig('demo');
    const reason = { kind: 'died', exitCode: 137, outOfMemory: true } as const;
    await bot.saw('demo', { kind: 'failed', reason, tail: ['last words'] });
    const crash = await bot.emulator.until(
      () => bot.emulator.replies('#rigs', card.ts).find((one) => says(one).includes('last words')),
      8000,
    );
    expect(says(crash)).toMatch(/<@U.*ran out of memory/);
    await pressOn(bot, crash)('restart');
    await bot.ephemeral('@anna', '#rigs', 'is being restarted');
    const answered = await bot.emulator.until(() => {
      const now = bot.emulator.message('#rigs', crash.ts);
      return now && says(now).includes('anna restarted it') ? now : undefined;
    }, 8000);
    expect(says(answered)).toContain('last words');
    expect(says(answered)).not.toContain('action_id');
    expect(await bot.rig('demo')).toMatchObject({ address, generation: 2, state: { kind: 'placed' } });
  });
});

describe('the end', () => {
  test('of a rig in use asks before a stop, and is kept for whoever uses it', async () => {
    const offset = { by: 0 };
    const { bot, card } = await withRig({ now: () => Date.now() + offset.by });
    await inUse(bot, { kind: 'streams', count: 2 });
    await bot.type('down demo');
    const asked = await bot.ephemeral('@anna', '#rigs', 'is in use: 2 streams. Stop it all the same?');
    expect(await bot.rig('demo')).toMatchObject({ state: { kind: 'running' } });

    await bot.sweep();
    for (let at = 0; at < 4 * hour + minute; at += 30_000) {
      while ((await bot.registry.outbox.waiting()).length > 0) await new Promise((go) => setTimeout(go, 20));
      offset.by += 30_000;
      await inUse(bot, { kind: 'streams', count: 2 });
      await bot.sweep();
    }
    const kept = await bot.emulator.until(
      () =>
        bot.emulator
          .replies('#rigs', card.ts)
          .find(({ text }) => /in use: 2 streams, so it stays/.test(text)),
      8000,
    );
    expect(kept.text).not.toContain('<@');
    await bot.card('#rigs', 'kept until');
    await pressOn(bot, asked)('sure-stop');
    await bot.emulator.until(() =>
      says(bot.emulator.message(asked.channel, asked.ts) ?? asked).includes('being stopped'),
    );
  });

  test('moves until 18:00 of the owner’s clock, whoever presses that', async () => {
    const noonInBerlin = Date.UTC(2026, 10, 23, 11);
    const access = { users: undefined, channels: undefined, admins: ['U0BEN00001'] };
    const { bot, card, press } = await withRig({ now: () => noonInBerlin, parts: { access } });
    // Where it is six in the morning.
    bot.emulator.putPerson({ ...bot.emulator.person('@ben'), tz: 'America/New_York' });
    await press('extend-choice', '@ben', optionOf(card, 'Until 18:00'));
    await bot.ephemeral('@ben', '#rigs', '`demo` ends');
    expect((await bot.rig('demo')).lease.end).toBe(noonInBerlin + 6 * hour);
  });

  test('moves by menu, until a time of the asker’s own clock, and is taken away by an admin', async () => {
    const admin = { users: undefined, channels: undefined };
    const noonInBerlin = Date.UTC(2026, 10, 23, 11);
    const { bot, card, press } = await withRig({
      now: () => noonInBerlin,
      parts: { access: { ...admin, admins: ['U0BEN00001'] } },
    });
    await press('extend-choice', '@anna', optionOf(card, '+1 h'));
    await bot.ephemeral('@anna', '#rigs', '`demo` ends');
    expect((await bot.rig('demo')).lease.end).toBe(noonInBerlin + 5 * hour);
    await press('extend-choice', '@anna', optionOf(card, 'Until 18:00'));
    await bot.emulator.until(() => bot.emulator.ephemerals('@anna', '#rigs').length === 2);
    expect((await bot.rig('demo')).lease.end).toBe(noonInBerlin + 6 * hour);
    await bot.type('extend demo until 19:30');
    await bot.emulator.until(() => bot.emulator.ephemerals('@anna', '#rigs').length === 3);
    expect((await bot.rig('demo')).lease.end).toBe(noonInBerlin + 7.5 * hour);
    await bot.type('up evening until 21:00');
    expect((await bot.rig('evening')).lease.end).toBe(noonInBerlin + 9 * hour);

    await bot.type('keep demo');
    await bot.ephemeral('@anna', '#rigs', '`keep` is for those who run this bot');
    await bot.type('keep demo', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', '`demo` has no end now');
    await bot.card('#rigs', 'no end');
    await bot.type('extend demo 1h');
    await bot.ephemeral('@anna', '#rigs', 'has no end, so there is nothing to extend');
  });
});

describe('who may', () => {
  const people = { users: undefined, admins: [], channels: undefined };

  test('guests and people of other organisations are refused, and it is noted', async () => {
    const { bot, press } = await withRig();
    const ben = bot.emulator.person('@ben');
    bot.emulator.putPerson({ ...ben, isGuest: true });
    await bot.type('up his', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'Guests and people of other organisations may not use me');
    await press('stop', '@ben');
    await bot.emulator.until(() => bot.emulator.ephemerals('@ben', '#rigs').length === 2);
    const { entries } = await bot.registry.audit.page(undefined, 100);
    expect(entries.filter(({ outcome }) => outcome === 'refused')).toMatchObject([
      { by: { name: 'ben' }, what: 'up', why: 'outsider' },
      { by: { name: 'ben' }, what: 'stop', why: 'outsider' },
    ]);
  });

  test('one who is named may, a guest too; a group counts for its people; everybody else may not', async () => {
    const access = { ...people, users: ['S0TESTERS1', 'U0GUEST001'] };
    const userGroups = [{ id: 'S0TESTERS1', handle: 'testers', members: ['U0ANNA0001'] }];
    const { bot } = await withRig({ parts: { access }, emulator: { userGroups } });
    const ben = bot.emulator.person('@ben');
    bot.emulator.putPerson({ ...ben, id: 'U0GUEST001', name: 'guest', isGuest: true });
    bot.emulator.invite('#rigs', 'U0GUEST001');
    await bot.type('list', { user: 'guest' });
    await bot.ephemeral('guest', '#rigs', '1 rig');
    await bot.type('list', { user: '@ben' });
    await bot.ephemeral('@ben', '#rigs', 'You are not among those who may use me');
  });

  test('a group that there is not has nobody in it, and whoever runs the bot is told which variable names it', async () => {
    const gone = { users: ['S0GONE0002', 'U0ANNA0001'], admins: ['S0GONE0001', 'S0GONE0002'] };
    const { bot } = await withRig({ parts: { access: { ...people, ...gone } } });
    for (const count of [1, 2]) {
      await bot.type('list');
      await bot.emulator.until(() => {
        const answers = bot.emulator.ephemerals('@anna', '#rigs').map(says);
        return answers.filter((answer) => answer.includes('1 rig')).length === count;
      });
      await bot.type('list', { user: '@ben' });
      await bot.emulator.until(() => bot.emulator.ephemerals('@ben', '#rigs').length === count);
    }
    expect(bot.emulator.ephemerals('@ben', '#rigs').map(says).join()).toContain('You are not among those');
    const warnings = bot.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([
      'Slack has no user group S0GONE0001, which WCS_ADMINS names (it says no_such_subteam), so nobody counts as in it: enable the group in Slack again, or write other ids into WCS_ADMINS',
      expect.stringContaining('S0GONE0002, which WCS_ADMINS and WCS_USERS name'),
    ]);
  });

  test('commands are taken in the channels that are named, and in direct messages', async () => {
    const { bot } = await withRig({ parts: { access: { ...people, channels: ['C0RIGS0001'] } } });
    const other = bot.emulator.channels().find(({ id, kind }) => kind === 'public' && id !== 'C0RIGS0001');
    if (!other) throw new Error('there is one channel only');
    await bot.type('list', { channel: other.id });
    await bot.ephemeral('@anna', other.id, 'I take commands in <#C0RIGS0001> only');
  });

  test('where Slack does not say who somebody is, nothing is done', async () => {
    const bot = await startSlackBot();
    bot.emulator.fault({ method: 'users.info', kind: '500' });
    await bot.type('up demo');
    await bot.ephemeral('@anna', '#rigs', 'Slack does not tell me who you are at the moment');
    await bot.type('up demo');
    await bot.card('#rigs', 'waiting');
  });
});
