// Whoever is killed at the worst moment: exactly there, and not by chance.

import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';

const { fault } = openGround({ hosts: ['h1'], crew: { bots: 1, workers: ['h1'] } });

const begin = ({ fleet }: Fault, text: string) =>
  // A bot that is killed before it has acknowledged leaves that to Slack: nobody answers here.
  fleet.slack.command({ user: 'anna', channel: '#rigs', text });

fault('F01', 'a worker killed between create and start', async (it) => {
  const worker = it.crew.worker('h1');
  const killed = Promise.withResolvers<void>();
  const end = worker.other.watch((piece, way) => {
    if (way !== 'there' || !/^POST \S*\/containers\/\w+\/start/.test(piece)) return undefined;
    it.strikes();
    void worker.kill().then(() => killed.resolve());
    return 'cut';
  });
  await it.fleet.type('up one for 1h');
  await killed.promise;
  end();
  expect(await it.fleet.containers('h1')).toMatchObject([{ state: 'created' }]);
  const [before] = await it.fleet.containers('h1');
  await worker.replace();
  await it.fleet.cardSays('one', / is ready/);
  it.recovered();
  expect(await it.fleet.containers('h1')).toMatchObject([{ container: before?.container, state: 'running' }]);
});

fault('F03', 'a bot killed between claim and job', async (it) => {
  const bot = it.crew.bot();
  const killed = Promise.withResolvers<void>();
  const end = bot.redis.watch((piece, way) => {
    if (way !== 'back' || !piece.includes('\r\nclaimed\r\n')) return undefined;
    it.strikes();
    void bot.kill().then(() => killed.resolve());
    return 'cut';
  });
  const typed = begin(it, 'up two for 1h');
  await killed.promise;
  end();
  // Slack says so itself: the bot had not acknowledged.
  expect((await typed).kind).not.toBe('acknowledged');
  expect(await it.fleet.containers('h1')).toEqual([]);
  await bot.replace();
  await it.fleet.cardSays('two', / is ready/);
  it.recovered();
  expect(await it.fleet.containers('h1')).toHaveLength(1);
});

fault('F04', 'Redis killed (SIGKILL, append-only) in the middle of a launch', async (it) => {
  const struck = Promise.withResolvers<void>();
  const end = it.crew.worker('h1').other.watch((piece, way) => {
    if (way === 'there' && /^POST \S*\/containers\/create/.test(piece)) {
      it.strikes();
      void it.fleet.redis.kill('SIGKILL').then(() => struck.resolve());
    }
    return undefined;
  });
  await it.fleet.type('up three for 1h');
  await struck.promise;
  end();
  await it.fleet.type('list');
  await it.reads(/queue is down/i, 5000);
  await it.fleet.redis.restart();
  await it.fleet.cardSays('three', / is ready/);
  it.recovered();
  expect(await it.fleet.containers('h1')).toHaveLength(1);
});
