// Redis is silent, or dead: whoever types or clicks anything reads within a second that the queue is down, whatever it was;
// the bot goes on by itself when Redis is back.

import { readFile } from 'node:fs/promises';
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
import { actions } from '../../src/slack/draw/values.ts';
import type { Command } from '../../src/slack/parse/command.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { aClaim, aRegistration } from '../support/registries.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { says } from '../support/slack-bot.ts';

const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: false };
const died = { kind: 'died', exitCode: 1, outOfMemory: false } as const;

/** What a host of the test's own sees of a job, at once. */
const seenOf = (job: Job): readonly Sighting[] => {
  if (job.kind === 'stop') return [{ kind: 'gone' }];
  if (job.kind === 'log') return [{ kind: 'log', to: job.to, lines: ['a line'] }];
  if (job.name === 'broken') return [{ kind: 'failed', reason: died, tail: [] }];
  const up: readonly Sighting[] = [
    { kind: 'starting', image },
    { kind: 'ready', image },
  ];
  return job.name === 'crashy' ? [...up, { kind: 'failed', reason: died, tail: [] }] : up;
};

/** What is typed for each kind of command, and what is then read; every kind there is. */
const commands: Readonly<Record<Command['kind'], readonly (readonly [string, RegExp])[]>> = {
  up: [
    ['up', /queue is down .* so nothing was started/],
    ['up more for 1h on h1', /queue is down .* so nothing was started/],
    ['up more until 18:00', /queue is down .* so nothing was started/],
  ],
  list: [
    ['list', /queue is down .* so I cannot look it up/],
    ['list mine', /queue is down .* so I cannot look it up/],
    ['list on h1', /queue is down .* so I cannot look it up/],
  ],
  show: [['show demo', /queue is down .* so I cannot look it up/]],
  down: [
    ['down demo', /queue is down .* so nothing was stopped/],
    ['down demo crashy none', /queue is down .* so nothing was stopped/],
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
  // Neither asks anybody.
  help: [['help', /starts a rig/]],
  nothing: [['', /./]],
};

/** Of every button what is read; all that there are, but for the link, which asks nobody. */
const buttons: Readonly<Record<Exclude<keyof typeof actions, 'open' | 'want'>, RegExp>> = {
  password: /queue is down .* so I cannot do that now/,
  stop: /queue is down .* so nothing was stopped/,
  stopAll: /queue is down .* so nothing was stopped/,
  stopListed: /queue is down .* so nothing was stopped/,
  sureStop: /queue is down .* so nothing was stopped/,
  extendByOne: /queue is down .* so nothing was extended/,
  extendByFour: /queue is down .* so nothing was extended/,
  extendEvening: /queue is down .* so nothing was extended/,
  extendChoice: /queue is down .* so nothing was extended/,
  restart: /queue is down .* so I cannot do that now/,
  sureRestart: /queue is down .* so I cannot do that now/,
  more: /queue is down .* so I cannot do that now/,
  startOne: /queue is down .* so nothing can be started/,
  upAgain: /queue is down .* so nothing was started/,
  postThere: /queue is down .* so I cannot do that now/,
  listPrevious: /queue is down .* so I cannot do that now/,
  listNext: /queue is down .* so I cannot do that now/,
};
