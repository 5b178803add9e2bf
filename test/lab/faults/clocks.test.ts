// Clocks that are wrong: all times of rigs are Redis' own.

import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';

const { fault } = openGround({
  hosts: ['h1'],
  environment: { WCS_REMIND: '6s', WCS_KEEP_BY: '1s' },
  crew: { bots: 1, workers: ['h1'] },
});

const minute = 60_000;
const program = fileURLToPath(new URL('../../support/shifted-clock.mjs', import.meta.url));
const shifted = (by: number) => ({ NODE_OPTIONS: `--import=${program}`, LAB_CLOCK_SHIFT: String(by) });

/** Ends when it should, by the clock of whoever asked for it, after one reminder. */
const livesSoLong = async ({ fleet, reads }: Fault, name: string, seconds: number): Promise<void> => {
  const begun = Date.now();
  await fleet.type(`up ${name} for ${seconds}s`);
  await fleet.cardSays(name, / is ready/);
  await reads(/Do you need it for longer/);
  expect(Date.now() - begun).toBeGreaterThan((seconds - 6) * 1000 - 500);
  await fleet.cardSays(name, / · ended/);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(seconds * 1000 - 200);
  expect(Date.now() - begun).toBeLessThan(seconds * 1000 + 5000);
};

fault('F22', 'clocks of host and bot five minutes apart', async (it) => {
  it.strikes();
  await it.crew.worker('h1').replace(shifted(-5 * minute));
  await it.crew.bot().replace(shifted(5 * minute));
  await livesSoLong(it, 'apart', 14);
  it.recovered();
  await Promise.all([it.crew.worker('h1').kill(), it.crew.bot().kill()]);
  await it.crew.man();
});

fault('F22', 'the clock of a host a year in the future at its boot', async (it) => {
  const { fleet } = it;
  await fleet.type('up steady for 1h');
  await fleet.cardSays('steady', / is ready/);
  const before = await fleet.containers('h1');
  const worker = it.crew.worker('h1');
  await worker.kill();
  it.strikes();
  // Nobody tells it what time it is: it must not think that the hour is over.
  worker.redis.hold();
  const starting = worker.replace(shifted(365 * 24 * 60 * minute)).catch(() => undefined);
  await delay(paced(60));
  worker.redis.letGo();
  await starting;
  await worker.replace(shifted(365 * 24 * 60 * minute));
  await delay(paced(60));
  expect(await fleet.containers('h1')).toEqual(before);
  expect(fleet.card('steady')?.text).toMatch(/ is ready/);
  await livesSoLong(it, 'future', 14);
  it.recovered();
  await worker.replace();
});
