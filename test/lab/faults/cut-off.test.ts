// Redis is away, for all or for one host.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';

const { fault } = openGround({ hosts: ['h1', 'h2'], crew: { bots: 1, workers: ['h1', 'h2'] } });

/** How long it takes until anna reads an answer to this that she had not read before. */
const answerTo = async ({ fleet }: Fault, text: string, what: RegExp): Promise<number> => {
  const before = fleet.slack.ephemerals('anna', '#rigs').length;
  const begun = performance.now();
  await fleet.type(text);
  const heard = () =>
    fleet.slack
      .ephemerals('anna', '#rigs')
      .slice(before)
      .some((one) => what.test(one.text));
  await fleet.slack.until(heard, 5000, `an answer to ${text}`);
  return performance.now() - begun;
};

fault('F06', 'Redis down for a minute, under commands', async (it) => {
  const { fleet } = it;
  await fleet.type('up there for 1h');
  await fleet.cardSays('there', / is ready/);
  await fleet.redis.kill('SIGKILL');
  it.strikes();
  const commands = [
    'list',
    'up other for 1h',
    'extend there 1h',
    'down there',
    'restart there',
    'password there',
  ];
  const until = performance.now() + paced(60);
  for (let turn = 0; performance.now() < until || turn < commands.length; turn += 1) {
    const took = await answerTo(it, commands[turn % commands.length] ?? 'list', /queue is down/);
    expect(took, 'until the answer that the queue is down').toBeLessThan(1000);
    await delay(300);
  }
  const card = fleet.card('there');
  if (!card) throw new Error('there is no card');
  await fleet.slack.click({ user: 'anna', on: card, actionId: 'stop' });
  await fleet.redis.restart();
  await fleet.slack.until(() => true);
  for (let look = 0; ; look += 1) {
    const took = await answerTo(it, 'list', /./);
    if (/1 rig/.test(fleet.slack.ephemerals('anna', '#rigs').at(-1)?.text ?? '')) break;
    expect(took).toBeLessThan(1000);
    expect(look, 'looks at the list since Redis is back').toBeLessThan(50);
    await delay(200);
  }
  await it.up('after');
  it.recovered();
  expect(fleet.card('there')?.text).toMatch(/ is ready/);
  expect(fleet.card('other')).toBeUndefined();
});

fault('F13', 'a host cut off from Redis for two minutes, then back', async (it) => {
  const { fleet } = it;
  await fleet.type('up far on h1 for 1h');
  await fleet.cardSays('far', / is ready/);
  await fleet.type('up leaving on h1 for 1h');
  await fleet.cardSays('leaving', / is ready/);
  const before = await fleet.containers('h1');
  const { redis } = it.crew.worker('h1');
  redis.hold();
  it.strikes();
  await delay(paced(40));
  await answerTo(it, 'up further on h1 for 1h', /h1 is unreachable[\s\S]*Nothing was started/);
  await answerTo(it, 'restart far', /h1.*does not answer/);
  await fleet.type('up near for 1h');
  await fleet.cardSays('near', / is ready/);
  await fleet.type('down leaving');
  await delay(paced(80));
  expect(fleet.card('far')?.text).toMatch(/ is ready/);
  expect(await fleet.containers('h1')).toEqual(before);
  expect(await fleet.containers('h2')).toHaveLength(1);
  redis.letGo();
  await fleet.cardSays('leaving', / · ended/);
  await it.up('back', 'on h1 for 1h');
  it.recovered();
  expect(fleet.card('far')?.text).toMatch(/ is ready/);
});
