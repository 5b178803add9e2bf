// Slack in trouble: people hear of everything once it is over, and nothing is done twice meanwhile.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultKind } from '../../../src/demo/slack/surface.ts';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';

const { fault } = openGround({ hosts: ['h1'], crew: { bots: 2, workers: ['h1'] } });

/** All of one rig's story, told in order and once. */
const isToldWhole = async (it: Fault, name: string): Promise<void> => {
  await it.fleet.cardSays(name, / is ready/, 60_000);
  await it.fleet.slack.until(
    () => it.fleet.replies(name).some((text) => / is ready/.test(text)),
    60_000,
    'the reply that it is ready',
  );
  const cards = it.fleet.slack.messages('#rigs').filter(({ text }) => text.split(' ').includes(name));
  expect(cards).toHaveLength(1);
  expect(it.fleet.replies(name).filter((text) => / is ready/.test(text))).toHaveLength(1);
};

/** Slack answers the next calls so, of whatever method. */
const storm = async (it: Fault, name: string, kind: FaultKind, times: number): Promise<void> => {
  it.strikes();
  for (const method of ['chat.postMessage', 'chat.update'])
    it.fleet.slack.fault({ method, kind, times, retryAfter: 1 });
  await it.fleet.type(`up ${name} for 1h`);
  await isToldWhole(it, name);
  it.fleet.slack.clearFaults();
};

fault('F15', 'Slack: a storm of 429', (it) => storm(it, 'stormy', '429', 5));

fault('F15', 'Slack: 500s', (it) => storm(it, 'broken', '500', 5));

fault('F15', 'Slack: calls that are never answered, done or not', async (it) => {
  it.strikes();
  it.fleet.slack.fault({ method: 'chat.postMessage', kind: 'hang' });
  it.fleet.slack.fault({ method: 'chat.update', kind: 'lost-answer' });
  await it.fleet.type('up hanging for 1h');
  await isToldWhole(it, 'hanging');
  it.fleet.slack.clearFaults();
});

fault('F15', 'Slack: every socket closed, in the middle of a launch', async (it) => {
  await it.fleet.type('up unplugged for 1h');
  it.fleet.slack.disconnectSockets();
  it.strikes();
  await it.fleet.slack.until(() => it.fleet.slack.sockets() === 2, 20_000, 'that both are connected again');
  await it.fleet.type('list');
  await it.reads(/1 rig/);
  await isToldWhole(it, 'unplugged');
});

fault('F15', 'Slack: an outage of a minute', async (it) => {
  await it.fleet.type('up alone for 1h');
  it.fleet.slack.outage(true);
  it.strikes();
  await delay(paced(60));
  expect(await it.fleet.containers('h1')).toMatchObject([{ state: 'running' }]);
  it.fleet.slack.outage(false);
  await it.fleet.slack.until(() => it.fleet.slack.sockets() === 2, 20_000, 'that both are connected again');
  await isToldWhole(it, 'alone');
});

fault('F15', 'Slack: the card deleted', async (it) => {
  const { slack } = it.fleet;
  await it.fleet.type('up torn for 1h');
  const card = await it.fleet.cardSays('torn', / is ready/);
  await slack.until(() => it.fleet.replies('torn').length > 0, 10_000, 'its reply');
  it.strikes();
  for (const { ts } of [...slack.replies('#rigs', card.ts), card]) slack.deleteMessage('#rigs', ts);
  await it.fleet.type('extend torn 1h');
  const direct = await slack.until(
    () => {
      const channel = slack.directMessage('anna');
      return channel && slack.messages(channel.id).find(({ text }) => text.includes('torn'));
    },
    20_000,
    'the card in a direct message',
  );
  expect(JSON.stringify(direct.blocks)).toMatch(/somebody deleted the one before/);
});

const command = (it: Fault, text: string) =>
  it.fleet.slack.command({ user: 'anna', channel: '#rigs', text, deliveries: 3 });

fault('F16', 'one command delivered three times, to two bots', async (it) => {
  it.strikes();
  await command(it, 'up thrice for 1h');
  await isToldWhole(it, 'thrice');
  expect(await it.fleet.containers('h1')).toHaveLength(1);

  const before = await it.endOf('thrice');
  await command(it, 'extend thrice 1h');
  await it.reads(/`thrice` ends .* now/);
  await delay(500);
  expect((await it.endOf('thrice')) - before).toBe(3_600_000);

  await command(it, 'restart thrice');
  await it.reads(/thrice\* is ready again/);
  await delay(500);
  expect(await it.fleet.containers('h1')).toMatchObject([{ generation: 2, state: 'running' }]);

  await command(it, 'down thrice');
  await it.reads(/thrice\* has ended/);
  await delay(500);
  expect(it.fleet.replies('thrice').filter((text) => /has ended/.test(text))).toHaveLength(1);
});
