// The bot is dead for long: its hosts end what is far past its hard end, and nothing else.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../support/fleet.ts';

describe('a bot that is dead for long', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: ['h1'],
      environment: { WCS_OVERDUE_AFTER: '5s', WCS_LEASE: '10s', WCS_LEASE_MAX: '10s', WCS_SURVEY: '2s' },
    });
    await fleet.startWorker('h1');
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  it('leaves a rig that has a cap to its host, and one without an end to nobody', async () => {
    const bot = await fleet.startBot({ WCS_ADMINS: fleet.slack.person('ben').id });
    await fleet.type('up long');
    await fleet.type('up mine');
    await fleet.cardSays('long', / is ready/, 60_000);
    await fleet.cardSays('mine', / is ready/, 60_000);
    await fleet.type('keep mine', 'ben');
    await fleet.slack.until(
      () => fleet.slack.ephemerals('ben', '#rigs').some(({ text }) => /no end/.test(text)),
      10_000,
      'mine has no end',
    );
    const killed = performance.now();
    await bot.end('SIGKILL');
    await delay(5_000);
    // Past its cap, or nearly, and not long past it.
    expect(await fleet.containers('h1')).toHaveLength(2);
    await expect.poll(async () => (await fleet.containers('h1')).length, { timeout: 30_000 }).toBe(1);
    expect(performance.now() - killed).toBeGreaterThan(5_000);
    await delay(5_000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await fleet.startBot({ WCS_ADMINS: fleet.slack.person('ben').id });
    await fleet.cardSays('long', / · ended/, 30_000);
    await fleet.slack.until(
      () => fleet.replies('long').some((text) => /long past its end, and I was not there/.test(text)),
      30_000,
      'what became of long',
    );
    expect(fleet.card('mine')?.text).toMatch(/ is ready/);
  });
});
