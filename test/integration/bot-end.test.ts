// The bot ends soon, whatever it was saying, and what it did not say is said by the next one.

import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startBot } from '../../src/bot.ts';
import { readBotConfig } from '../../src/config.ts';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { aClaim, aRegistration } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';

const rigs = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];

const open = async () => {
  const redis = await startPrivateRedis();
  onTestFinished(redis.stop);
  const manifest = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const slack = await startSlackEmulator({ manifest });
  onTestFinished(slack.stop);
  const registry = await connectRegistry({
    address: addressOf(redis.url),
    installation: 'wcs',
    log: silent,
    presence: 60_000,
  });
  onTestFinished(registry.close);
  const addresses = rigs.map((_, index) => `10.0.0.1${index}`);
  await registry.presence.take(aRegistration({ addresses }), 'session');
  const reading = readBotConfig({
    WCS_SECRET: fleetSecret,
    REDIS_URL: redis.url,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
  });
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  const start = async () => {
    const bot = await startBot(reading.config, silent);
    onTestFinished(bot.stop);
    return bot;
  };
  return { registry, slack, start };
};

test('a bot with much to say in one channel stops within a second or so; the next one says the rest, once', async () => {
  const { registry, slack, start } = await open();
  const channel = slack.channel('#rigs').id;
  for (const id of rigs) {
    const asked = { channel, command: '/wcs', quietly: false, cut: false };
    const outcome = await registry.rigs.claim(aClaim(id, { rig: { asked, created: registry.clock.now() } }));
    expect(outcome.kind).toBe('claimed');
  }
  const cards = () => slack.messages('#rigs');
  const first = await start();
  await vi.waitFor(() => expect(cards().length).toBeGreaterThan(0), { timeout: 10_000, interval: 20 });
  const begun = performance.now();
  await first.stop();
  expect(performance.now() - begun).toBeLessThan(1_500);
  expect(cards().length).toBeLessThan(rigs.length);

  await start();
  await vi.waitFor(() => expect(cards()).toHaveLength(rigs.length), { timeout: 40_000, interval: 100 });
  // The last card is there a moment before the bot hears so.
  await vi.waitFor(async () => expect(await registry.outbox.waiting()).toEqual([]), { timeout: 5000 });
});
