// The bot is dead for long: its hosts end what is far past its hard end, and nothing else.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';

describe('a bot that is dead for long', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: ['h1'],
      environment: { WCS_OVERDUE_AFTER: '5s', WCS_LEASE: '15s', WCS_LEASE_MAX: '15s', WCS_SURVEY: '2s' },
    });
    await fleet.startWorker('h1');
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  it('leaves a rig that has a cap to its host, and one without an end to nobody', async () => {
    const bot = await fleet.startBot({ WCS_ADMINS: fleet.slack.person('ben').id });
    const begun = performance.now();
    await fleet.type('up long');
    await fleet.type('up pinned');
    await fleet.cardSays('long', / is ready/, 60_000);
    await fleet.cardSays('pinned', / is ready/, 60_000);
    await fleet.type('keep pinned', 'ben');
    await fleet.slack.until(
      () => fleet.slack.ephemerals('ben', '#rigs').some(({ text }) => /no end/.test(text)),
      10_000,
      'pinned has no end',
    );
    await bot.end('SIGKILL');
    await expect
      .poll(async () => (await fleet.containers('h1')).length, { timeout: 60_000, interval: 500 })
      .toBe(1);
    expect(performance.now() - begun).toBeGreaterThan(20_000);
    await delay(5_000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await fleet.startBot({ WCS_ADMINS: fleet.slack.person('ben').id });
    await fleet.cardSays('long', / · ended/, 30_000);
    await fleet.slack.until(
      () => fleet.replies('long').some((text) => /long past its end, and I was not there/.test(text)),
      30_000,
      'what became of long',
    );
    expect(fleet.card('pinned')?.text).toMatch(/ is ready/);
  });
});
