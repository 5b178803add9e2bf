// F08: Docker is restarted under running rigs. The same containers come back where fence and lease allow that.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RigContainer } from '../../../src/ports/engine.ts';
import { echoFrom } from '../../support/colleague.ts';
import { type Fleet, startFleet } from '../../support/fleet.ts';
import type { Process } from '../../support/process.ts';
import { type EngineDaemon, takeDaemon } from '../../support/restart-engine.ts';

describe('F08: a Docker engine that is restarted under running rigs', () => {
  let fleet: Fleet;
  let bot: Process;
  let worker: Process;
  let daemon: EngineDaemon;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: ['h1'],
      environment: { WCS_WATCH: '1s', WCS_SURVEY: '2s', WCS_SWEEP: '200ms' },
    });
    daemon = await takeDaemon(fleet.host('h1').engine, fleet.lan.host('h1').namespace.replace(/^.*\//, ''));
    bot = await fleet.startBot();
    worker = await fleet.startWorker('h1');
    for (const name of ['one', 'two']) {
      await fleet.type(`up ${name} for 1h`);
      await fleet.cardSays(name, / is ready/, 60_000);
    }
  });
  afterAll(async () => {
    await fleet?.stop();
    daemon?.stop();
  });

  /** By name, with when each was made. */
  const running = async (): Promise<readonly RigContainer[]> =>
    (await fleet.containers('h1')).filter(({ state }) => state === 'running');
  const idsOf = (containers: readonly RigContainer[]): readonly string[] =>
    containers.map(({ container }) => container).sort();
  const resumed = (name: string): number =>
    fleet.replies(name).filter((text) => /was restarted; .* is up again/.test(text)).length;
  const toldAgain = (name: string, times: number): Promise<unknown> =>
    fleet.slack.until(() => resumed(name) === times, 60_000, `${name} is up again, ${times} times`);
  const echo = (address: string): Promise<string> =>
    echoFrom(fleet.lan, 'colleague', `wss://${address}:8443`, 'hello');

  it.each([
    ['SIGKILL', 1],
    ['SIGTERM', 2],
  ] as const)(
    'by %s: the same containers are up again, and the threads are told once',
    async (signal, times) => {
      const before = await running();
      expect(before).toHaveLength(2);
      await daemon.end(signal);
      await delay(1_500);
      await daemon.start();
      await Promise.all([toldAgain('one', times), toldAgain('two', times)]);
      expect(idsOf(await running())).toEqual(idsOf(before));
      for (const { address } of before) expect(await echo(address)).toContain('hello');
      await delay(4_000);
      expect([resumed('one'), resumed('two')]).toEqual([times, times]);
      for (const name of ['one', 'two']) {
        expect(fleet.card(name)?.text).toMatch(/ is ready/);
        expect(fleet.replies(name).filter((text) => /failed/.test(text))).toEqual([]);
      }
    },
  );

  it('together with its worker: the next one knows, and brings them back', async () => {
    const before = await running();
    await worker.end('SIGKILL');
    await daemon.end('SIGKILL');
    await daemon.start();
    worker = await fleet.startWorker('h1');
    await Promise.all([toldAgain('one', 3), toldAgain('two', 3)]);
    expect(idsOf(await running())).toEqual(idsOf(before));
  });

  it('one whose lease ended meanwhile does not come back, and its thread says that its time was up', async () => {
    await fleet.type('up short for 20s');
    await fleet.cardSays('short', / is ready/, 60_000);
    // Nobody decides about it until its host has.
    await bot.end('SIGKILL');
    await daemon.end('SIGKILL');
    await delay(21_000);
    await daemon.start();
    await fleet.slack.until(
      async () => (await fleet.containers('h1')).length === 2,
      60_000,
      'two containers',
    );
    bot = await fleet.startBot();
    await fleet.cardSays('short', / · ended/, 60_000);
    await fleet.slack.until(
      () => fleet.replies('short').some((text) => /its time was up/.test(text)),
      30_000,
      'the end of short',
    );
    expect(resumed('short')).toBe(0);
    for (const name of ['one', 'two']) {
      await toldAgain(name, 4);
      await fleet.type(`down ${name}`);
      await fleet.cardSays(name, / · ended/, 60_000);
    }
    expect(await fleet.containers('h1')).toEqual([]);
  });
});
