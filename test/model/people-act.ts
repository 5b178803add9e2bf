// What people do in a story: they type, press buttons, and Slack delivers some of it twice.

import { minute } from '../../src/rig/duration.ts';
import { type Delivery, describeDelivery, turnOf } from './deliveries.ts';
import type { Random } from './random.ts';
import { names, people } from './setting.ts';
import { livingRigs, type Story } from './story.ts';
import type { StoryBot } from './story-bot.ts';

export const deliver = (story: Story, bot: StoryBot, delivery: Delivery): void => {
  story.lines.push(`  ${bot.process.name} gets: ${describeDelivery(delivery)}`);
  let heard = 0;
  const turn = turnOf(bot, delivery, async ({ text, blocks }) => {
    await story.slack.answer(bot.process, delivery.by.id, { text, blocks });
    story.lines.push(`  @${delivery.by.name} hears: ${text.split('\n')[0]?.slice(0, 160)}`);
    heard += 1;
  });
  const isNew = story.deliveries.every(({ trigger }) => trigger !== delivery.trigger);
  story.deliveries.push(delivery);
  story.owed.set(delivery, bot.process);
  story.turns.start(bot.process, describeDelivery(delivery), async () => {
    await bot.answering.take(turn);
    if (!bot.process.isAlive) return;
    story.owed.delete(delivery);
    // Without a word only where the card itself is the answer.
    const isShown = story.ledger.startedBy(delivery.trigger) !== undefined || /^open|^post/.test(turn.what);
    if (isNew && heard === 0 && !isShown)
      story.violate('9: the user always gets a sentence', describeDelivery(delivery));
  });
};

export const newDelivery = (story: Story, random: Random, most: 'pressed' | 'typed') => ({
  trigger: `t${story.deliveries.length}.${most}`,
  by: random.pick(people) ?? { id: 'U0', name: 'nobody', isAdmin: false },
  at: story.clock.now,
});

export const fill = (story: Story, text: string, random: Random): string => {
  const living = livingRigs(story).map(({ name }) => name);
  const anyName = (): string => random.pick(names) ?? 'ant';
  return text
    .replaceAll('{rig}', () => (random.chance(0.9) ? random.pick(living) : undefined) ?? anyName())
    .replaceAll('{name}', anyName)
    .replaceAll('{who}', () => {
      const who = random.pick(people);
      return `<@${who?.id}|${who?.name}>`;
    });
};

export const type = (story: Story, text: string, random: Random): void => {
  const bot = random.pick([...story.bots.values()]);
  if (!bot) return;
  const typed = fill(story, text, random);
  const delivery = newDelivery(story, random, 'typed');
  // Mostly the one who may do it, so that something happens.
  const owner = livingRigs(story).find(({ name }) => typed.split(' ')[1] === name)?.owner;
  const by = random.chance(0.75) ? (people.find(({ id }) => id === owner?.id) ?? delivery.by) : delivery.by;
  deliver(story, bot, { ...delivery, by, kind: 'typed', text: typed });
};

/** Those that would open a modal are somebody else's. */
const isModal = (action: string, value: string): boolean =>
  action === 'start-one' || value.includes('"share"');

export const press = (story: Story, newest: boolean, random: Random): void => {
  const bot = random.pick([...story.bots.values()]);
  const all = story.slack.buttons.filter(({ action, value }) => !isModal(action, value));
  const button = random.pick(newest ? all.slice(-12) : all);
  if (!bot || !button) return;
  const delivery = newDelivery(story, random, 'pressed');
  const owner = livingRigs(story).find(({ id }) => button.value.includes(`"${id}"`))?.owner;
  const by = random.chance(0.75) ? (people.find(({ id }) => id === owner?.id) ?? delivery.by) : delivery.by;
  deliver(story, bot, { ...delivery, by, kind: 'pressed', button });
};

/** Slack repeats within minutes, if at all, to whichever bot is there. */
export const again = (story: Story, random: Random): void => {
  const bot = random.pick([...story.bots.values()]);
  const recent = story.deliveries.filter(({ at }) => story.clock.now - at < 5 * minute).slice(-5);
  const delivery = random.pick(recent);
  if (bot && delivery) deliver(story, bot, { ...delivery });
};
