// A host that is gone for good, and comes back all the same.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';

const { fault } = openGround({
  hosts: ['h1', 'h2'],
  environment: { WCS_ADMINS: 'U0BEN00001', WCS_ADMIN_CHANNEL: 'C0LAB00001' },
  crew: { bots: 1, workers: ['h1', 'h2'] },
});

fault('F14', 'a host cut off for good and forgotten, which comes back with its rigs later', async (it) => {
  const { fleet } = it;
  const { slack } = fleet;
  for (const name of ['lost', 'gone']) {
    await fleet.type(`up ${name} on h1 for 1h`);
    await fleet.cardSays(name, / is ready/);
  }
  const { redis } = it.crew.worker('h1');
  redis.hold();
  it.strikes();
  await delay(paced(25));
  await fleet.type('forget h1', 'ben');
  const question = await slack.until(
    () => slack.ephemerals('ben', '#rigs').findLast(({ text }) => text.startsWith('Forget host `h1`')),
    10_000,
    'the question before a host is forgotten',
  );
  await slack.click({ user: 'ben', on: question, actionId: 'sure-forget-host' });
  for (const name of ['lost', 'gone']) await fleet.cardSays(name, / · failed/);
  // Their names are free, and their addresses nobody else's: they may run on where nobody sees them.
  await fleet.type('up lost for 1h');
  await fleet.cardSays('lost', / is ready/);
  expect(await fleet.containers('h1')).toHaveLength(2);
  expect(await fleet.containers('h2')).toHaveLength(1);
  redis.letGo();
  for (let look = 0; (await fleet.containers('h1')).length > 0; look += 1) {
    expect(look, 'looks at what the host still has').toBeLessThan(200);
    await delay(200);
  }
  it.recovered();
  expect(fleet.card('lost')?.text).toMatch(/ is ready/);
  // And it is a host as any other again.
  await it.up('anew', 'on h1 for 1h');
});
