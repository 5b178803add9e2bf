// Where cards go: into the channel, or to a direct message where they must not or cannot stand; and back by a button.

import { expect, test } from 'vitest';
import type { Message } from '../../src/demo/slack/state.ts';
import { type SlackBot, says, startSlackBot } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };

/** The card in anna's direct messages. */
const directCard = async ({ emulator }: SlackBot, wanted: string): Promise<Message> =>
  emulator.until(() => {
    const direct = emulator.directMessage('@anna');
    return direct && emulator.messages(direct.id).find((message) => says(message).includes(wanted));
  }, 8000);

const posts = ({ emulator }: SlackBot, channel: string) =>
  emulator
    .journal()
    .filter(({ kind, name }) => kind === 'api-call' && name === 'chat.postMessage')
    .filter(({ body }) => JSON.stringify(body).includes(`"channel":"${channel}"`));

test('in a private channel it goes to a direct message, and back after an invitation', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up demo', { channel: '#secret' });
  await bot.ephemeral('@anna', '#secret', 'since I cannot post in this conversation');
  const card = await directCard(bot, 'demo* · waiting');
  expect(says(card)).toContain('I cannot post in <#C0SECRET01>');
  expect(says(card)).toContain('`/invite @rigs`');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  await directCard(bot, 'demo* is ready');
  await emulator.until(() => emulator.replies(card.channel, card.ts).length === 1);

  await emulator.click({ user: '@anna', on: card, actionId: 'post-there' });
  await bot.ephemeral('@anna', card.channel, 'I still cannot post there');

  emulator.invite('#secret');
  await emulator.click({ user: '@anna', on: card, actionId: 'post-there', deliveries: 3 });
  const moved = await bot.card('#secret', 'demo* is ready');
  expect(says(moved)).not.toContain('Post there');
  await bot.ephemeral('@anna', card.channel, 'Done: the card of `demo` is in <#C0SECRET01>');
  const pointer = await directCard(bot, 'The card of *demo* is now in <#C0SECRET01>');
  expect(says(pointer)).toContain('slack.com/archives/C0SECRET01/p');
  expect(pointer.ts).toBe(card.ts);

  // From here on everything is told there.
  await bot.type('down demo', { channel: '#secret' });
  await bot.saw('demo', { kind: 'gone' });
  await bot.card('#secret', 'demo* · ended');
  await emulator.until(() =>
    emulator.replies('#secret', moved.ts).some((one) => says(one).includes('has ended')),
  );
  expect(emulator.messages('#secret')).toHaveLength(1);
  expect(emulator.messages(card.channel)).toHaveLength(1);
});

test('pressed a second time, the button says where the card is', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up demo', { channel: '#secret' });
  const card = await directCard(bot, 'demo* · waiting');
  emulator.invite('#secret');
  // What two presses before the first answer are: one card.
  await Promise.all([
    emulator.click({ user: '@anna', on: card, actionId: 'post-there' }),
    emulator.click({ user: '@anna', on: card, actionId: 'post-there' }),
  ]);
  await emulator.until(() => emulator.ephemerals('@anna', card.channel).length === 2);
  expect(emulator.messages('#secret')).toHaveLength(1);
});

test('somebody else’s direct message is no place for it', async () => {
  const bot = await startSlackBot();
  await bot.type('up demo', { channel: 'D0ANNABEN1' });
  const card = await directCard(bot, 'demo* · waiting');
  expect(says(card)).toContain('I cannot post in that direct message');
  // Nobody can be invited there, so that nothing would come of the button.
  expect(says(card)).not.toContain('Post there');
});

test('in a channel shared with others nothing is posted, whatever happens', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  await bot.type('up demo', { channel: '#partners' });
  await bot.ephemeral('@anna', '#partners', 'shared with another organisation');
  const card = await directCard(bot, 'demo* · waiting');
  await bot.saw('demo', { kind: 'starting', image });
  await bot.saw('demo', { kind: 'ready' });
  await directCard(bot, 'is shared with another organisation');
  await emulator.until(() => emulator.replies(card.channel, card.ts).length === 1);
  await bot.saw('demo', { kind: 'gone' });
  expect(emulator.messages('#partners')).toEqual([]);
  expect(posts(bot, 'C0PARTNER1')).toEqual([]);
});

test('while Slack cannot say whether a channel is shared, nothing is posted; then it is', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  emulator.fault({ method: 'conversations.info', kind: '500', times: 2 });
  await bot.type('up demo', { channel: '#partners' });
  await directCard(bot, 'demo* · waiting');
  expect(emulator.messages('#partners')).toEqual([]);
  expect(bot.tellings.filter(({ telling }) => telling.kind === 'later').length).toBeGreaterThan(0);
});

test('quietly: only the asker sees it', async () => {
  const bot = await startSlackBot();
  await bot.type('up demo quietly');
  await bot.ephemeral('@anna', '#rigs', 'in your direct messages with me, as you asked');
  expect(says(await directCard(bot, 'demo* · waiting'))).toContain('since it was asked for `quietly`');
  expect(bot.emulator.messages('#rigs')).toEqual([]);
});

test('a channel that is archived under us, and one from which we were thrown out', async () => {
  const bot = await startSlackBot();
  const { emulator } = bot;
  // Nobody can type into an archived channel: it is archived before Slack tells us what it is.
  emulator.fault({ method: 'conversations.info', kind: '500', times: 2 });
  await bot.type('up old', { channel: '#lab' });
  emulator.putChannel({ ...emulator.channel('#lab'), isArchived: true });
  await directCard(bot, 'old* · waiting');
  expect(emulator.messages('#lab')).toEqual([]);

  const group = emulator.channel('#secret');
  emulator.invite('#secret');
  await bot.type('up thrown', { channel: '#secret' });
  await bot.card('#secret', 'thrown* · waiting');
  emulator.kick(group.id);
  await bot.saw('thrown', { kind: 'starting', image });
  await bot.saw('thrown', { kind: 'ready' });
  // The card there can be reached no more; that it is ready is told all the same.
  const card = await directCard(bot, '*thrown* is ready');
  await emulator.until(() => emulator.replies(card.channel, card.ts).length === 1, 8000);
});
