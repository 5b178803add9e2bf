// The whole conversation, as people have it: over Socket Mode and over signed HTTP, with the real Bolt.

import { expect, test } from 'vitest';
import { says, secrets, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: false };

test.each([{ http: false }, { http: true }])('from up to down, $http', async ({ http }) => {
  const bot = await startSlackBot({ http });
  const { emulator } = bot;
  await bot.type('up Demo for 4h');
  const card = await bot.card('#rigs', 'demo* · waiting');
  expect(bot.jobs).toEqual(['launch rig1']);

  await bot.saw('demo', { kind: 'pulling', percent: 43 });
  await bot.card('#rigs', 'pulling 43 %');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.card('#rigs', 'demo* · starting');
  await bot.saw('demo', { kind: 'ready' });
  await bot.card('#rigs', '🟢 *demo* is ready');
  const { address } = await bot.rig('demo');
  const [reply] = await emulator.until(() => {
    const replies = emulator.replies('#rigs', card.ts);
    return replies.length > 0 && replies;
  });
  expect(reply && says(reply)).toContain(
    `Your browser will warn twice: open <https://${address}:8444> and <https://${address}:8443> and accept both, or Connect fails.`,
  );
  expect(reply && says(reply)).toContain('It can be reached from 192.168.23.0/24, not from host `h1`.');
  expect(reply && says(reply)).toContain('Outside the office use the VPN.');
  expect(reply && says(reply)).toContain('It is not licensed: activate it in the');
  expect(reply && says(reply)).not.toContain('<@');
  expect(emulator.messages('#rigs')).toHaveLength(1);
  expect(emulator.ephemerals('@anna', '#rigs')).toEqual([]);

  // The owner gets the password as often as she likes, and nobody else.
  const password = secrets.password('rig1', 1);
  await emulator.click({ user: '@anna', on: card, actionId: 'password' });
  await bot.ephemeral('@anna', '#rigs', password);
  await bot.type('password demo');
  await emulator.until(() => emulator.ephemerals('@anna', '#rigs').length === 2);
  await emulator.click({ user: '@ben', on: card, actionId: 'password' });
  await bot.ephemeral('@ben', '#rigs', "`demo` is anna's rig, and only its owner, and those");
  await bot.type('password demo', { user: '@ben' });
  await emulator.until(() => emulator.ephemerals('@ben', '#rigs').length === 2);
  expect(JSON.stringify(emulator.ephemerals('@ben', '#rigs'))).not.toContain(password);

  // A link's click is acknowledged and needs no answer.
  const opened = await emulator.click({ user: '@ben', on: card, actionId: 'open-two-way-streaming' });
  expect(opened).toMatchObject({ kind: 'acknowledged' });

  await emulator.click({ user: '@ben', on: card, actionId: 'stop' });
  await emulator.until(() => emulator.ephemerals('@ben', '#rigs').length === 3);
  expect(bot.jobs).toEqual(['launch rig1']);
  expect(
    await emulator.click({ user: '@anna', on: card, actionId: 'stop', confirm: 'decline' }),
  ).toMatchObject({
    kind: 'refused',
  });
  await emulator.click({ user: '@anna', on: card, actionId: 'stop' });
  await bot.ephemeral('@anna', '#rigs', '`demo` is being stopped');
  await bot.card('#rigs', 'demo* · stopping');
  await bot.saw('demo', { kind: 'gone' });
  const ended = await bot.card('#rigs', 'demo* · ended');
  expect(ended.blocks.map(({ type }) => type)).toEqual(['section', 'context']);
  await emulator.until(() =>
    emulator.replies('#rigs', card.ts).some((one) => says(one).includes('has ended')),
  );
  expect(emulator.messages('#rigs')).toHaveLength(1);
  expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);

  // The password went to response_url only: never into a message, never into the log.
  const sent = emulator.journal().filter(({ kind }) => kind === 'api-call');
  expect(sent.length).toBeGreaterThan(5);
  expect(JSON.stringify(sent)).not.toContain(password);
  const answers = emulator.journal().filter(({ kind }) => kind === 'respond');
  expect(answers.filter(({ body }) => JSON.stringify(body).includes(password))).toHaveLength(2);
  for (const { body } of answers) expect(body).toMatchObject({ response_type: 'ephemeral' });
  for (const { id } of emulator.channels()) {
    const seen = emulator.messages(id).flatMap((message) => [message, ...emulator.replies(id, message.ts)]);
    expect(JSON.stringify(seen)).not.toContain(password);
  }
  expect(JSON.stringify(bot.lines)).not.toContain(password);
});

test('the asker is called when it took long, and told why it failed, with the last lines', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up slow');
  const card = await bot.card('#rigs', 'slow* · waiting');
  await bot.saw('slow', { kind: 'ready' }, 20_000);
  await emulator.until(() =>
    emulator.replies('#rigs', card.ts).some((one) => says(one).includes('<@U0ANNA0001> *slow* is ready')),
  );

  await bot.type('up broken');
  const other = await bot.card('#rigs', 'broken* · waiting');
  await bot.saw('broken', {
    kind: 'failed',
    reason: { kind: 'exited', exitCode: 7, outOfMemory: false },
    tail: ['starting', '```<!channel> & co', 'no licence'],
  });
  await bot.card('#rigs', 'broken* · failed: it ended by itself while it was starting (exit code 7)');
  const [reply] = await emulator.until(() => {
    const replies = emulator.replies('#rigs', other.ts);
    return replies.length > 0 && replies;
  });
  const told = reply ? says(reply) : '';
  expect(told).toContain('<@U0ANNA0001> *broken* failed on host `h1`');
  expect(told).toContain('`/wcs up broken` tries again');
  expect(told).toContain('&lt;!channel&gt; &amp; co\nno licence');
  expect(told.match(/```/g)).toHaveLength(2);
});

test('a second bot is addressed by its own command', async () => {
  const commands = [{ command: '/wcs-dev', shouldEscape: true }];
  const bot = await startSlackBot({ emulator: { commands } });
  const dev = { command: '/wcs-dev' };
  await bot.type('', dev);
  await bot.ephemeral('@anna', '#rigs', '`/wcs-dev help`');
  await bot.type('dwon', dev);
  await bot.ephemeral('@anna', '#rigs', '`dwon`: did you mean `down`?');
  await bot.type('help', dev);
  await bot.ephemeral('@anna', '#rigs', '`/wcs-dev up demo for 4h`');
  await bot.type('help more', dev);
  await bot.type('list', dev);
  await bot.ephemeral('@anna', '#rigs', '`/wcs-dev up` starts one');
  await bot.type('down nothing', dev);
  await bot.ephemeral('@anna', '#rigs', '`/wcs-dev list`');
  await bot.type('down', dev);
  await bot.type('up demo h1', dev);
  await bot.ephemeral('@anna', '#rigs', '`demo` or `h1`? For a host write `on h1`.');
  await bot.emulator.until(() => bot.emulator.ephemerals('@anna', '#rigs').length === 8);
  expect(JSON.stringify(bot.emulator.ephemerals('@anna', '#rigs'))).not.toMatch(/\/wcs(?!-dev)/);
});
