// Leases on real processes, with seconds for what is usually hours: reminded, extended, ended, by one of two bots, and after
// an outage not without a word.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Process } from '../support/process.ts';
import { mustRun } from '../support/run.ts';

describe('leases', () => {
  let fleet: Fleet;
  let bots: readonly Process[];

  beforeAll(async () => {
    const environment = { WCS_REMIND: '5s', WCS_GRACE: '4s', WCS_SWEEP: '100ms', WCS_WATCH: '500ms' };
    fleet = await startFleet({ hosts: ['h1'], environment });
    await fleet.startWorker('h1');
    bots = await Promise.all([fleet.startBot(), fleet.startBot()]);
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  const reply = (name: string, what: RegExp): Promise<string> =>
    fleet.slack.until(
      () => fleet.replies(name).find((text) => what.test(text)),
      30_000,
      `a reply about ${name}: ${what}`,
    );
  const endings = (name: string): number =>
    fleet.replies(name).filter((text) => /has ended/.test(text)).length;

  it('reminds, and the rig stays when its owner extends it at a click', async () => {
    await fleet.type('up kept for 14s');
    const card = await fleet.cardSays('kept', / is ready/);
    await reply('kept', /Do you need it for longer/);
    const reminder = fleet.slack.replies('#rigs', card.ts).find(({ text }) => /longer/.test(text));
    if (!reminder) throw new Error('the reminder is gone');
    await fleet.slack.click({ user: 'anna', on: reminder, actionId: 'extend-1h' });
    await reply('kept', /was extended by/);
    await delay(8000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await fleet.type('down kept');
    await fleet.cardSays('kept', / · ended/);
  });

  it('ends a rig within seconds of its end, once, though two bots look', async () => {
    const begun = Date.now();
    await fleet.type('up brief for 8s');
    await fleet.cardSays('brief', / is ready/);
    await fleet.cardSays('brief', / · ended/);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(8000);
    await reply('brief', /time was up: its container is gone/);
    expect(await fleet.containers('h1')).toEqual([]);
    await delay(2500);
    expect(endings('brief')).toBe(1);
  });

  it('gives what ended during an outage a reminder and a grace, and then ends it', async () => {
    await fleet.type('up sleeper for 7s');
    await fleet.cardSays('sleeper', / is ready/);
    await Promise.all(bots.map((bot) => bot.end('SIGKILL')));
    await delay(9000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await fleet.startBot();
    await reply('sleeper', /should have ended while I was away/);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await reply('sleeper', /time was up: its container is gone/);
    expect(await fleet.containers('h1')).toEqual([]);
  });

  it('tells the thread of a rig that was removed by hand, within ten seconds', async () => {
    await fleet.type('up lost for 1h');
    await fleet.cardSays('lost', / is ready/);
    await delay(1500);
    const [container] = await fleet.containers('h1');
    const { dockerHost } = fleet.host('h1').engine;
    await mustRun(['docker', '--host', dockerHost, 'rm', '-f', container?.container ?? '']);
    await fleet.cardSays('lost', / · failed/, 10_000);
    await reply('lost', /removed on the host, and not by me/);
    // All that it held is free again.
    await fleet.type('up lost for 1h');
    await fleet.slack.until(
      () => / is ready/.test(fleet.card('lost')?.text ?? ''),
      30_000,
      'another rig of this name',
    );
    await fleet.type('down lost');
    await fleet.cardSays('lost', / · ended/);
  });

  it('gave Slack no cause to object', () => {
    // Two bots post side by side, and one that was killed takes along when it posted last.
    expect(fleet.slack.violations.filter(({ rule }) => rule !== 'too-fast')).toEqual([]);
  });
});
