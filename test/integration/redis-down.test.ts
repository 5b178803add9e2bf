// Redis is silent, or dead: whoever types or clicks anything reads within a second that the queue is down, whatever it was;
// the bot goes on by itself when Redis is back.

import { readFile } from 'node:fs/promises';
import type { KnownBlock } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningBot, startBot } from '../../src/bot.ts';
import { readBotConfig } from '../../src/config.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message, View } from '../../src/demo/slack/state.ts';
import type { SlackEmulator } from '../../src/demo/slack/surface.ts';
import { connectWorkerQueue, type WorkerQueue } from '../../src/queue/worker-queue.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import { hour } from '../../src/rig/duration.ts';
import type { Job } from '../../src/rig/job.ts';
import type { Sighting } from '../../src/rig/report.ts';
import {
  actions,
  type ChoiceValue,
  writeChoiceValue,
  writeCommandValue,
  writeHostValue,
  writeListValue,
  writeRestartValue,
  writeRigValue,
} from '../../src/slack/draw/values.ts';
import type { Command } from '../../src/slack/parse/command.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { aRegistration } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { says } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: false };

/** What a host of the test's own sees of a job, at once. */
const seenOf = (job: Job): readonly Sighting[] => {
  if (job.kind === 'stop') return [{ kind: 'gone' }];
  if (job.kind === 'log') return [{ kind: 'log', to: job.to, lines: ['a line'] }];
  return [
    { kind: 'starting', image },
    { kind: 'ready', image },
  ];
};

/** What is typed for each kind of command, and what is then read; every kind there is. */
const commands: Readonly<Record<Command['kind'], readonly (readonly [string, RegExp])[]>> = {
  up: [
    ['up', /queue is down .* so nothing was started/],
    ['up fresh for 1h on h1', /queue is down .* so nothing was started/],
    ['up fresh until 18:00', /queue is down .* so nothing was started/],
  ],
  list: [
    ['list', /queue is down .* so I cannot look it up/],
    ['list mine', /queue is down .* so I cannot look it up/],
    ['list on h1', /queue is down .* so I cannot look it up/],
  ],
  show: [['show demo', /queue is down .* so I cannot look it up/]],
  down: [
    ['down demo', /queue is down .* so nothing was stopped/],
    ['down demo other none', /queue is down .* so nothing was stopped/],
  ],
  'down-which': [['down', /queue is down .* so nothing was stopped/]],
  'down-all': [['down all', /queue is down .* so nothing was stopped/]],
  extend: [
    ['extend demo 1h', /queue is down .* so nothing was extended/],
    ['extend demo until 18:00', /queue is down .* so nothing was extended/],
  ],
  keep: [['keep demo', /queue is down .* so nothing was changed/]],
  restart: [['restart demo', /queue is down .* so nothing was changed/]],
  logs: [['logs demo', /queue is down .* so I cannot look it up/]],
  password: [['password demo', /queue is down .* so I cannot look it up/]],
  history: [['history demo', /queue is down .* so I cannot look it up/]],
  share: [['share demo @ben', /queue is down .* so nothing was changed/]],
  give: [['give demo @ben', /queue is down .* so nothing was changed/]],
  'history-on': [['history on h1', /queue is down .* so I cannot look it up/]],
  hosts: [['hosts', /queue is down .* so I cannot look it up/]],
  drain: [['drain h1', /queue is down .* so that was not done, or not all of it/]],
  undrain: [['undrain h1', /queue is down .* so that was not done, or not all of it/]],
  forget: [['forget h1', /queue is down .* so that was not done, or not all of it/]],
  allow: [['allow h1', /queue is down .* so that was not done, or not all of it/]],
  addresses: [['addresses', /queue is down .* so I cannot look it up/]],
  'release-address': [['addresses release 10.0.0.7', /queue is down .* so nothing was changed/]],
  // Neither asks anybody.
  help: [['help', /starts a rig/]],
  nothing: [['', /./]],
};

const rig = { id: 'rig1', name: 'demo' };
const ofRig = writeRigValue(rig, '/wcs');
const choice = (what: ChoiceValue['do']): string => writeChoiceValue(rig, '/wcs', what);
const page = writeListValue({ kind: 'all' }, 1, '/wcs');

/** What each button and each choice holds, and what is then read; all that there are, but for the link, which asks nobody. */
const buttons: Readonly<
  Record<Exclude<keyof typeof actions, 'open'>, readonly (readonly [string, RegExp])[]>
> = {
  password: [[ofRig, /queue is down .* so I cannot do that now/]],
  stop: [[ofRig, /queue is down .* so nothing was stopped/]],
  stopAll: [[writeCommandValue('/wcs'), /queue is down .* so nothing was stopped/]],
  stopListed: [[ofRig, /queue is down .* so nothing was stopped/]],
  sureStop: [[ofRig, /queue is down .* so nothing was stopped/]],
  extendByOne: [[ofRig, /queue is down .* so nothing was extended/]],
  extendByFour: [[ofRig, /queue is down .* so nothing was extended/]],
  extendEvening: [[ofRig, /queue is down .* so nothing was extended/]],
  extendChoice: (['1h', '4h', 'evening'] as const).map((what) => [
    choice(what),
    /queue is down .* so nothing was extended/,
  ]),
  want: [[ofRig, /queue is down .* so nothing was extended/]],
  restart: [[ofRig, /queue is down .* so I cannot do that now/]],
  sureRestart: [[writeRestartValue(rig, '/wcs', undefined), /queue is down .* so I cannot do that now/]],
  more: (['logs', 'restart', 'share', 'history'] as const).map((what) => [
    choice(what),
    /queue is down .* so I cannot do that now/,
  ]),
  sureEmpty: [[writeHostValue('h1', '/wcs'), /queue is down .* so that was not done, or not all of it/]],
  sureForget: [[writeHostValue('h1', '/wcs'), /queue is down .* so that was not done, or not all of it/]],
  startOne: [[writeCommandValue('/wcs'), /queue is down .* so nothing can be started/]],
  upAgain: [[ofRig, /queue is down .* so nothing was started/]],
  postThere: [[ofRig, /queue is down .* so I cannot do that now/]],
  listPrevious: [[page, /queue is down .* so I cannot do that now/]],
  listNext: [[page, /queue is down .* so I cannot do that now/]],
};

type Row = { readonly action: string; readonly value: string; readonly reads: RegExp };
const rows: readonly Row[] = Object.entries(buttons).flatMap(([key, values]) =>
  values.map(([value, reads]) => ({
    action: Object.entries(actions).find(([one]) => one === key)?.[1] ?? key,
    value,
    reads,
  })),
);

/** Buttons that the bot might have posted; one in a block, since ids are unique there. */
const board = (): KnownBlock[] =>
  rows.map(({ action, value }, index) => ({
    type: 'actions',
    block_id: `b${index}`,
    elements: [{ type: 'button', action_id: action, text: { type: 'plain_text', text: action }, value }],
  }));

const installation = 'wcs';
let redis: PrivateRedis;
let slack: SlackEmulator;
let registry: Registry;
let host: WorkerQueue;
let bot: RunningBot;

beforeAll(async () => {
  redis = await startPrivateRedis({ aof: true });
  const address = addressOf(redis.url);
  slack = await startSlackEmulator({
    manifest: await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8'),
  });
  registry = await connectRegistry({ address, installation, log: silent, presence: 24 * hour });
  await registry.presence.take(aRegistration(), 'session');
  host = await connectWorkerQueue({
    address,
    installation,
    log: silent,
    host: 'h1',
    concurrency: 4,
    onJob: async (job) => {
      for (const saw of seenOf(job)) {
        const { rig: id, generation } = job;
        await host.reports.send({ v: 1, host: 'h1', rig: id, generation, at: registry.clock.now(), saw });
      }
    },
  });
  const reading = readBotConfig({
    WCS_SECRET: fleetSecret,
    REDIS_URL: redis.url,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    WCS_ADMINS: 'U0ANNA0001',
  });
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  bot = await startBot(reading.config, silent);
});
afterAll(async () => {
  await redis.kill('SIGCONT');
  await bot?.stop();
  await host?.close();
  registry?.close();
  await slack?.stop();
  await redis?.stop();
});

const within = 1000;
const slow: string[] = [];
/** Does it, and waits for what is read then; how long that took. */
const timed = async <T>(
  what: string,
  act: () => Promise<unknown>,
  seen: () => T | undefined | false,
): Promise<T> => {
  const begun = performance.now();
  const acting = act();
  const found = await slack.until(seen, 5000, `an answer to ${what}`);
  const took = Math.round(performance.now() - begun);
  if (took >= within) slow.push(`${what}: ${took} ms`);
  await acting;
  return found;
};

const answers = () => slack.ephemerals('anna', '#rigs');
const typed = async (text: string, reads: RegExp): Promise<void> => {
  const before = answers().length;
  const answer = await timed(
    `/wcs ${text}`,
    () => slack.command({ user: 'anna', channel: '#rigs', text }),
    () => answers()[before],
  );
  expect(says(answer), `/wcs ${text}`).toMatch(reads);
};
const clicked = async (on: Message, index: number, { action, value, reads }: Row): Promise<void> => {
  const before = answers().length;
  const answer = await timed(
    `${action} ${value}`,
    () => slack.click({ user: 'anna', on, actionId: action, blockId: `b${index}`, value }),
    () => answers()[before],
  );
  expect(says(answer), action).toMatch(reads);
};
const textOf = (view: View | undefined): string => says({ text: '', blocks: view?.blocks ?? [] });

/** Every command and every button, at home too, while Redis is as it is. */
const askEverything = async (on: Message, home: View): Promise<void> => {
  for (const [text, reads] of Object.values(commands).flat()) await typed(text, reads);
  for (const [index, row] of rows.entries()) await clicked(on, index, row);

  // What was clicked at home is answered in a modal.
  await slack.closeModal('ben').catch(() => undefined);
  const modal = await timed(
    'stop at home',
    () => slack.click({ user: 'ben', on: home, actionId: actions.stop }),
    () => slack.modal('ben'),
  );
  expect(textOf(modal)).toMatch(/queue is down .* so nothing was stopped/);
  await slack.closeModal('ben');
  await timed(
    'a look at home',
    () => slack.openHome('cara'),
    () => /queue is down .* so I cannot look up your rigs/.test(textOf(slack.home('cara'))),
  );
  // The acknowledgement of a form carries what is wrong with it.
  const begun = performance.now();
  await slack.submit({ user: 'anna', values: { name: 'fresh' } });
  const took = Math.round(performance.now() - begun);
  if (took >= within) slow.push(`the form for a new rig: ${took} ms`);
  const errors = slack.modal('anna')?.errors;
  expect(JSON.stringify(errors)).toMatch(/queue is down .* so nothing was started/);
};

describe('while Redis is away', () => {
  let on: Message;
  let home: View;

  beforeAll(async () => {
    slack.putPerson({ id: 'U0CARA0001', name: 'cara', realName: 'Cara', isBot: false, tz: 'Europe/Berlin' });
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const { ts } = await client.chat.postMessage({
      channel: slack.channel('#rigs').id,
      text: 'board',
      blocks: board(),
    });
    const posted = slack.message('#rigs', ts ?? '');
    if (!posted) throw new Error('the board was not posted');
    on = posted;
    await slack.command({ user: 'ben', channel: '#rigs', text: 'up bens for 1h' });
    await slack.until(
      () => slack.messages('#rigs').some(({ text }) => / bens is ready/.test(text)),
      10_000,
      'a rig',
    );
    await slack.openHome('ben');
    home = await slack.until(
      () => (textOf(slack.home('ben')).includes('bens') ? slack.home('ben') : undefined),
      5000,
      'bens home',
    );
    await slack.command({ user: 'anna', channel: '#rigs', text: '' });
    const greeting = await slack.until(() => answers()[0], 5000, 'the greeting');
    await slack.click({ user: 'anna', on: greeting, actionId: actions.startOne });
    await slack.until(() => slack.modal('anna'), 5000, 'the form');
  });

  it('silent, as one that is stopped or cut off: each of the first to ask', async () => {
    const first: readonly (() => Promise<void>)[] = [
      () => typed('up', /nothing was started/),
      () => typed('list', /cannot look it up/),
      () => typed('down demo other', /nothing was stopped/),
      () => clicked(on, 0, rows[0] ?? { action: '', value: '', reads: /./ }),
    ];
    for (const ask of first) {
      await redis.kill('SIGSTOP');
      await ask();
      await redis.kill('SIGCONT');
      await vi.waitFor(() => registry.hosts.list(), { timeout: 10_000, interval: 50 });
      await vi.waitFor(
        async () => {
          const before = answers().length;
          await slack.command({ user: 'anna', channel: '#rigs', text: 'list' });
          expect(says(await slack.until(() => answers()[before], 5000))).toContain('bens');
        },
        { timeout: 10_000, interval: 200 },
      );
    }
    expect(slow).toEqual([]);
  });

  it('silent: everybody else', async () => {
    await redis.kill('SIGSTOP');
    await askEverything(on, home);
    expect(slow).toEqual([]);
    await redis.kill('SIGCONT');
  });

  it('dead: everybody, and once it is back all goes on by itself', async () => {
    await redis.kill('SIGKILL');
    slack.clearFaults();
    await askEverything(on, home);
    expect(slow).toEqual([]);
    await redis.restart();
    const begun = performance.now();
    await vi.waitFor(
      async () => {
        const before = answers().length;
        await slack.command({ user: 'anna', channel: '#rigs', text: 'list' });
        expect(says(await slack.until(() => answers()[before], 5000))).toContain('bens');
      },
      { timeout: 10_000, interval: 100 },
    );
    expect(performance.now() - begun).toBeLessThan(5000);
    await slack.command({ user: 'ben', channel: '#rigs', text: 'up after for 1h' });
    await slack.until(
      () => slack.messages('#rigs').some(({ text }) => / after is ready/.test(text)),
      15_000,
      'a rig that is started afterwards',
    );
  });
});
