// A bot that needs not wait for Slack's pace, a Slack that has none, and the places where messages end up.

import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Message } from '../../src/demo/slack/state.ts';
import { defaultPeople } from '../../src/demo/slack/workspace.ts';
import { type SlackBot, type SlackBotOptions, says, startSlackBot } from './slack-bot.ts';

export const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };

const cara = { id: 'U0CARA0001', name: 'cara', realName: 'Cara Diaz', isBot: false, tz: 'Europe/Berlin' };

export type QuickBot = SlackBot & {
  /** All that was told is told. */
  readonly settled: () => Promise<void>;
  /** Types what sends a job to a host, and waits until it was sent and all is told. */
  readonly order: (text: string, where?: Parameters<SlackBot['type']>[1]) => Promise<void>;
  /** What stands in somebody's direct messages with the bot, replies left out. */
  readonly direct: (user: string) => readonly Message[];
  readonly replies: (card: Message) => readonly Message[];
  /** From claimed to ready. */
  readonly ready: (name: string) => Promise<void>;
  /** The card of this rig in a conversation, the newest. */
  readonly cardIn: (where: readonly Message[], name: string) => Message;
};

export const startQuickBot = async ({
  parts,
  emulator,
  ...options
}: SlackBotOptions = {}): Promise<QuickBot> => {
  const bot = await startSlackBot({
    ...options,
    parts: { pacing: { postEvery: 0, progressEvery: 0, updatesPerMinute: 10_000 }, ...parts },
    emulator: {
      people: [...defaultPeople, cara],
      limits: { postEveryMs: 0, updatesPerMinute: 10_000 },
      ...emulator,
    },
  });
  const settled = async (): Promise<void> => {
    for (let look = 0; look < 400; look += 1) {
      if ((await bot.registry.outbox.waiting()).length === 0) return;
      await delay(20);
    }
    throw new Error('news wait that nobody tells');
  };
  const order: QuickBot['order'] = async (text, where) => {
    const before = bot.jobs.length;
    await bot.type(text, where);
    await vi.waitFor(() => expect(bot.jobs.length).toBeGreaterThan(before), 5000);
    await settled();
  };
  return {
    ...bot,
    get jobs() {
      return bot.jobs;
    },
    settled,
    order,
    direct: (user) => {
      const place = bot.emulator.directMessage(user);
      return place === undefined ? [] : bot.emulator.messages(place.id);
    },
    replies: ({ channel, ts }) => bot.emulator.replies(channel, ts),
    ready: async (name) => {
      await bot.saw(name, { kind: 'starting', image });
      await bot.saw(name, { kind: 'ready' });
      await settled();
    },
    cardIn: (where, name) => {
      const found = where.findLast((message) => says(message).includes(`*${name}*`));
      if (found === undefined) throw new Error(`no card of ${name}`);
      return found;
    },
  };
};

/** How often the bot asked this of Slack. */
export const calls = ({ emulator }: SlackBot, method: string): number =>
  emulator.journal().filter(({ kind, name }) => kind === 'api-call' && name === method).length;
