// Redis' time before it was measured, and after a measurement that failed.

import { expect, test } from 'vitest';
import { QueueDown } from '../../src/ports/faults.ts';
import { createClock } from '../../src/redis/clock.ts';
import type { Connection } from '../../src/redis/connection.ts';

const away: Connection = {
  ask: () => Promise.reject(new QueueDown('away')),
  run: () => Promise.reject(new QueueDown('away')),
  onReady: () => undefined,
  close: () => undefined,
};

test('before the first measurement there is no now', async () => {
  const clock = createClock(away);
  expect(clock.now).toThrow(QueueDown);
  await expect(clock.measure()).rejects.toThrow(QueueDown);
  expect(clock.now).toThrow(QueueDown);
  clock.stop();
});
