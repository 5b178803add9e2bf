// Whoever is killed, at whatever moment: the job is done once, whole, and the people concerned are told.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Process } from '../support/process.ts';

const seed = Number(process.env.WCS_TEST_SEED ?? Date.now() % 100_000);

/** mulberry32: small, and the same sequence for the same seed. */
const randomFrom = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

describe(`a kill at any point (WCS_TEST_SEED=${seed} repeats it)`, () => {
  let fleet: Fleet;
  let worker: Process;
  let bot: Process;
  const random = randomFrom(seed);

  beforeAll(async () => {
    console.log(`kills: WCS_TEST_SEED=${seed}`);
    fleet = await startFleet({
      hosts: ['h1'],
      environment: { WCS_RIGS_PER_USER: '50', WCS_REMIND: '8s', WCS_SWEEP: '200ms' },
    });
    bot = await fleet.startBot();
    worker = await fleet.startWorker('h1');
  });
  afterAll(async () => {
    await fleet?.stop();
  });
  afterEach(() => {
    // A bot that was killed takes along when it posted last, so that the next one may be told to wait. Nothing else.
    expect(fleet.slack.violations.filter(({ rule }) => rule !== 'too-fast')).toEqual([]);
  });

  const isWhole = async (name: string): Promise<void> => {
    await fleet.cardSays(name, / is ready/, 60_000);
    const containers = await fleet.containers('h1');
    expect(containers.filter(({ state }) => state === 'running')).toHaveLength(1);
    expect(containers).toHaveLength(1);
  };
  const isGone = async (name: string): Promise<void> => {
    await fleet.cardSays(name, / · ended/, 60_000);
    expect(await fleet.containers('h1')).toEqual([]);
  };

  for (let round = 1; round <= 3; round += 1) {
    it(`the worker during a launch and during a stop, round ${round}`, async () => {
      const name = `worker-${round}`;
      await fleet.type(`up ${name} for 1h`);
      await delay(random() * 900);
      await worker.end('SIGKILL');
      worker = await fleet.startWorker('h1');
      await isWhole(name);
      await fleet.type(`down ${name}`);
      await delay(random() * 600);
      await worker.end('SIGKILL');
      worker = await fleet.startWorker('h1');
      await isGone(name);
    });
  }

  for (let round = 1; round <= 3; round += 1) {
    it(`the bot during a launch and during a stop, round ${round}`, async () => {
      const name = `bot-${round}`;
      await fleet.type(`up ${name} for 1h`);
      await delay(random() * 1200);
      await bot.end('SIGKILL');
      bot = await fleet.startBot();
      await isWhole(name);
      await fleet.type(`down ${name}`);
      await delay(random() * 600);
      await bot.end('SIGKILL');
      bot = await fleet.startBot();
      await isGone(name);
      // Told at least once each, and each part of the story.
      await fleet.slack.until(
        () => fleet.replies(name).some((text) => /gone/.test(text)),
        45_000,
        'the end of the story',
      );
      expect(fleet.replies(name).some((text) => / is ready/.test(text))).toBe(true);
    });
  }

  it('the bot while it shares, reminds, extends and gives: all is told, in this order', async () => {
    const killed = async (milliseconds: number): Promise<void> => {
      await delay(random() * milliseconds);
      await bot.end('SIGKILL');
      bot = await fleet.startBot();
    };
    const said = async (command: string, answer: RegExp): Promise<void> => {
      await fleet.type(command);
      const heard = () => fleet.slack.ephemerals('anna', '#rigs').some(({ text }) => answer.test(text));
      await fleet.slack.until(heard, 10_000, `an answer to ${command}`);
    };
    await fleet.type('up told for 20s');
    const card = await fleet.cardSays('told', / is ready/);
    // As it was posted: a reminder that was answered says something else by now.
    const replies = () =>
      fleet.slack.replies('#rigs', card.ts).map(({ text, history }) => history[0]?.text ?? text);
    const wanted = [/ is ready/, /anna shares/, /Do you need it for longer/, /is yours now/];
    const reply = (what: RegExp) =>
      fleet.slack.until(() => replies().some((text) => what.test(text)), 30_000, `a reply ${what}`);
    await said('share told @ben', /`told` is shared with ben/);
    await killed(300);
    await Promise.all([killed(9000), reply(/Do you need it for longer/)]);
    await said('extend told 1h', /`told` ends/);
    await killed(300);
    await said('give told @ben', /`told` is ben's now/);
    await killed(300);
    for (const what of wanted) await reply(what);
    const order = wanted.map((what) => replies().findIndex((text) => what.test(text)));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    await fleet.slack.until(
      () => fleet.replies('told').some((text) => /was extended by/.test(text)),
      30_000,
      'the reminder, answered',
    );
    await fleet.type('down told', 'ben');
    await isGone('told');
  });

  it('the worker politely (SIGTERM): the next one goes on with the same container', async () => {
    await fleet.type('up polite for 1h');
    for (let look = 0; look < 100 && (await fleet.containers('h1')).length === 0; look += 1) await delay(20);
    const [before] = await fleet.containers('h1');
    expect(await worker.end('SIGTERM')).toBe(0);
    worker = await fleet.startWorker('h1');
    await isWhole('polite');
    expect((await fleet.containers('h1'))[0]?.container).toBe(before?.container);
    await fleet.type('down polite');
    await isGone('polite');
  });

  it('Redis (SIGKILL, append-only) during a launch', async () => {
    await fleet.type('up redis-fell for 1h');
    await delay(200 + random() * 500);
    await fleet.redis.kill('SIGKILL');
    await delay(500);
    await fleet.type('list');
    const answer = await fleet.slack.until(
      () => fleet.slack.ephemerals('anna', '#rigs').findLast(({ text }) => /queue is down/i.test(text)),
      5000,
      'a sentence that the queue is down',
    );
    expect(answer.text).toMatch(/queue is down/i);
    await fleet.redis.restart();
    await isWhole('redis-fell');
    await fleet.type('down redis-fell');
    await isGone('redis-fell');
  });
});
