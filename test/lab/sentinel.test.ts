// Redis with sentinels: the master is killed, or hangs, under a bot and a worker as they are deployed. People read that the
// queue is down, rigs live on, and once there is another master all goes on by itself.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message, SlackEmulator } from '../../src/demo/slack/surface.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { type Process, startProcess } from '../support/process.ts';
import { mustRun } from '../support/run.ts';
import { type Sentinels, startSentinels } from '../support/sentinels.ts';

const image = 'localhost/stand-in:latest';
const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

describe('Redis with sentinels', () => {
  let sentinels: Sentinels;
  let slack: SlackEmulator;
  let engine: PrivateEngine;
  let stateDir: string;
  const processes: Process[] = [];

  const start = async (what: 'bot' | 'worker', environment: Readonly<Record<string, string>>) => {
    const started = startProcess([process.execPath, program, what], {
      REDIS_URL: sentinels.url,
      WCS_SECRET: fleetSecret,
      WCS_JOB_LOCK: '2s',
      ...environment,
    });
    processes.push(started);
    await started.says('"msg":"serving"');
    return started;
  };
  let bot: Process;
  let worker: Process;

  beforeAll(async () => {
    sentinels = await startSentinels();
    stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-sentinel-'));
    engine = await startPrivateEngine();
    await buildStandIn({ dockerHost: engine.dockerHost, reference: image });
    const manifest = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
    slack = await startSlackEmulator({ manifest });
    worker = await start('worker', {
      WCS_HOST: 'h1',
      DOCKER_HOST: engine.dockerHost,
      WCS_IMAGE: image,
      WCS_NETWORK: 'bridge',
      WCS_RANGE: '10.66.0.10-10.66.0.19',
      WCS_SLOTS: '8',
      WCS_RIG_MEMORY: '128m',
      WCS_STATE_DIR: stateDir,
      WCS_STOP_GRACE: '2s',
    });
    bot = await start('bot', {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    });
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.end('SIGKILL')));
    const all = (await mustRun(['docker', '--host', engine.dockerHost, 'ps', '-aq']))
      .split('\n')
      .filter(Boolean);
    if (all.length > 0) await mustRun(['docker', '--host', engine.dockerHost, 'rm', '-f', ...all]);
    await engine?.stop();
    await slack?.stop();
    await sentinels?.stop();
    await rm(stateDir, { recursive: true, force: true });
  });

  const type = (text: string) => slack.command({ user: 'anna', channel: '#rigs', text });
  const answers = () => slack.ephemerals('anna', '#rigs');
  const card = (name: string): Message | undefined =>
    slack.messages('#rigs').findLast(({ text }) => text.split(' ').includes(name));
  const cardSays = (name: string, what: RegExp) =>
    slack.until(() => what.test(card(name)?.text ?? ''), 30_000, `a card of ${name} that says ${what}`);
  const up = async (name: string) => {
    await type(`up ${name} for 1h`);
    await cardSays(name, / is ready/);
  };
  /** Asks until it is answered as on any other day; what was read until then, and how long it took. */
  const untilAnswered = async () => {
    const begun = performance.now();
    const read = new Set<string>();
    for (;;) {
      const before = answers().length;
      const asked = performance.now();
      await type('list');
      const { text } = await slack.until(() => answers()[before], 5000, 'an answer');
      expect(performance.now() - asked).toBeLessThan(1500);
      if (/rigs?\b/i.test(text) && !/queue is down/.test(text))
        return { read: [...read], took: performance.now() - begun };
      read.add(text);
      if (performance.now() - begun > 30_000) throw new Error(`only ${[...read].join(' / ')}`);
    }
  };

  it('starts a rig like any other Redis', async () => {
    await up('one');
  });

  it('goes on after the master was killed: rigs live, are extended and ended, and new ones start', async () => {
    const before = await sentinels.master();
    await before.kill('SIGKILL');
    const { read, took } = await untilAnswered();
    expect(await sentinels.failedOver(before)).not.toBe(before);
    expect(read.join()).toMatch(/The queue is down/);
    console.log(`killed: commands were answered again after ${Math.round(took)} ms`);
    expect(took).toBeLessThan(20_000);
    await up('two');
    await type('extend one 2h');
    await slack.until(
      () => answers().some(({ text }) => /`one` ends .* now/.test(text)),
      10_000,
      'that it is extended',
    );
    await type('down two');
    await cardSays('two', / · ended/);
    // The one that was killed comes back as a replica.
    await before.restart();
    const role = async () => JSON.stringify(await sentinels.tell(before, 'ROLE').catch(() => ''));
    await vi.waitFor(async () => expect(await role()).toContain('slave'), { timeout: 20_000, interval: 100 });
    await up('three');
  });

  it('goes on after the master hung: nobody waits for it', async () => {
    const before = await sentinels.master();
    await before.kill('SIGSTOP');
    const { read, took } = await untilAnswered();
    expect(read.join()).toMatch(/The queue is down/);
    console.log(`hung: commands were answered again after ${Math.round(took)} ms`);
    await up('four');
    await before.kill('SIGCONT');
    await up('five');
    await type('down one three four five');
    for (const name of ['one', 'three', 'four', 'five']) await cardSays(name, / · ended/);
  });

  it('says that the new master is not fit, where it is not', async () => {
    await sentinels.tell(await sentinels.master(), 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await bot.says('this Redis is not fit', 20_000);
    expect(bot.output()).toContain('maxmemory-policy is allkeys-lru');
  });

  it('never showed a password', () => {
    for (const one of [bot, worker]) expect(one.output()).not.toMatch(/a-word-of-the/);
  });
});
