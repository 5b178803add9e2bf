// The main job as it is deployed: the bot and two workers as processes, two hosts with an engine each on one LAN, and a
// third machine on it as a colleague.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { echoFrom, fetchFrom } from '../support/colleague.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Process } from '../support/process.ts';

const twoWayStreaming = '/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html';

describe('the main job on two hosts of one LAN', () => {
  let fleet: Fleet;
  let bot: Process;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: ['h1', 'h2'], environment: { WCS_RIGS_PER_USER: '50' } });
    bot = await fleet.startBot();
    await Promise.all([fleet.startWorker('h1'), fleet.startWorker('h2')]);
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  const addressOn = async (host: string, name: string): Promise<string> => {
    const card = await fleet.cardSays(name, / is ready/);
    const address = /10\.77\.0\.\d+/.exec(card.text)?.[0];
    if (!address) throw new Error(`no address on the card: ${card.text}`);
    const containers = await fleet.containers(host);
    expect(containers.map((one) => one.address)).toContain(address);
    return address;
  };

  it('brings rigs up that a colleague reaches, and their own host does not', async () => {
    await fleet.type('up one on h1 for 1h');
    await fleet.type('up two on h2 for 1h');
    const one = await addressOn('h1', 'one');
    const two = await addressOn('h2', 'two');
    expect(one).not.toBe(two);
    for (const address of [one, two]) {
      const page = await fetchFrom(fleet.lan, 'colleague', `https://${address}:8444${twoWayStreaming}`);
      expect(page.status).toBe(200);
      expect(page.body).toContain('Two Way Streaming');
      expect(await echoFrom(fleet.lan, 'colleague', `wss://${address}:8443`, 'hello')).toContain('hello');
    }
    expect((await fetchFrom(fleet.lan, 'h1', `https://${one}:8444/`)).status).toBe(0);
    expect((await fetchFrom(fleet.lan, 'h2', `https://${one}:8444/`)).status).toBe(200);
  });

  it('never gives one address twice, however many ask at once', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `many-${index}`);
    await Promise.all(names.map((name, index) => fleet.type(`up ${name}`, index % 2 === 0 ? 'anna' : 'ben')));
    for (const name of names) await fleet.cardSays(name, / is ready| · failed/, 60_000);
    const containers = [...(await fleet.containers('h1')), ...(await fleet.containers('h2'))];
    expect(containers.map(({ state }) => state)).not.toContain('exited');
    expect(new Set(containers.map(({ address }) => address)).size).toBe(containers.length);
    expect(containers.length).toBe(10);
  });

  it('takes them down again, says so where everybody reads it, and leaves nothing', async () => {
    await fleet.type('down one many-0 many-2 many-4 many-6');
    await fleet.type('down many-1 many-3 many-5 many-7', 'ben');
    await fleet.type('down two');
    for (const name of ['one', 'two', 'many-0', 'many-7']) await fleet.cardSays(name, / · ended/, 60_000);
    for (const name of ['one', 'many-7'])
      await fleet.slack.until(() => fleet.replies(name).some((text) => /gone/.test(text)), 60_000);
    expect(await fleet.containers('h1')).toEqual([]);
    expect(await fleet.containers('h2')).toEqual([]);
  });

  it('told each thing once', () => {
    const texts = fleet.slack.messages('#rigs').map(({ text }) => text);
    for (const name of ['one', 'two', ...Array.from({ length: 8 }, (_, index) => `many-${index}`)]) {
      expect(texts.filter((text) => text.split(' ').includes(name))).toHaveLength(1);
      expect(fleet.replies(name).filter((text) => / is ready/.test(text))).toHaveLength(1);
    }
  });

  it('gave Slack no cause to object', () => {
    expect(fleet.slack.violations).toEqual([]);
  });

  it('ends in order when it is asked to', async () => {
    expect(await bot.end('SIGTERM')).toBe(0);
    // Only this line and nothing after it: no stack trace, no unhandled rejection.
    expect(bot.output()).not.toMatch(/Unhandled|at .*\.ts:\d+/);
  });
});
