// A growing fleet: what a claim, the passes of a bot and the looks of people cost at 20, 200, 2,000 and 20,000 rigs on 1, 10,
// 100 and 1,000 hosts. The registry, the queues and the bot's use cases are the real ones, on a private Redis; the hosts are
// simulated, in a process of their own, with the engine that passes the contract suite.

import { randomBytes } from 'node:crypto';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { type Claims, measureClaims } from './fleet/claims.ts';
import { type Desk, openDesk } from './fleet/desk.ts';
import { rigsEach } from './fleet/ground.ts';
import { type SimulatedHosts, startHosts } from './fleet/hosts.ts';
import { type Cost, measureCost, measurePasses, type Passes } from './fleet/passes.ts';
import { type BotFigures, measureBot } from './fleet/real-bot.ts';
import { describeMachine } from './machine.ts';
import type { Benchmark } from './main-job.ts';
import { atMost, below, median, quantile, type Row, row } from './rows.ts';

const sizes = [20, 200, 2_000, 20_000] as const;
const claimsPerSecond = 200;
const claimSeconds = 5;
const watchSeconds = 10;

type Size = {
  readonly rigs: number;
  readonly claims: Claims;
  readonly cost: Cost;
  readonly passes: Passes;
  readonly bot: BotFigures;
};

export const benchFleet: Benchmark = async (say, signal) => {
  const undo: (() => Promise<unknown>)[] = [];
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    const redis = await startPrivateRedis();
    undo.push(redis.stop);
    const installation = `bench-${randomBytes(3).toString('hex')}`;
    const hosts = await startHosts(redis.url, installation);
    undo.push(hosts.stop);
    const desk = await openDesk(redis.url, installation);
    undo.push(desk.close);
    const measure = async (): Promise<readonly Size[]> => {
      const measured: Size[] = [];
      for (const rigs of sizes) {
        await grow(desk, hosts, measured.at(-1)?.rigs ?? 0, rigs);
        const claims = await measureClaims(desk, claimsPerSecond, claimSeconds);
        await desk.tellAll();
        const cost = await measureCost(desk);
        const passes = await measurePasses(desk);
        await desk.tellAll();
        const bot = await measureBot(redis.url, installation, hosts, watchSeconds);
        measured.push({ rigs, claims, cost, passes, bot });
        say(`${rigs} rigs: an up is decided after ${median(claims.whole).toFixed(1)} ms`);
      }
      return measured;
    };
    const measured = await Promise.race([measure(), stopped]);
    const machine = await describeMachine([`Redis ${redis.version}`]);
    return { name: 'fleet', machine, rows: rowsOf(measured) };
  } finally {
    for (const step of undo.reverse()) await step();
  }
};

const grow = async (desk: Desk, hosts: SimulatedHosts, from: number, to: number): Promise<void> => {
  await hosts.tell({ kind: 'register', hosts: Math.ceil(to / rigsEach) });
  await desk.fill(from, to);
  await hosts.tell({ kind: 'contain' });
};

const rowsOf = (measured: readonly Size[]): readonly Row[] => {
  const curve = (what: string, unit: string, read: (size: Size) => number, limit?: number): Row[] =>
    measured.map((size) => {
      const where = `${what}, ${size.rigs.toLocaleString('en')} rigs`;
      return row(where, unit, read(size), limit === undefined ? undefined : below(limit));
    });
  const flat = (what: string, read: (size: Size) => number): Row[] => {
    const [few, many] = [measured[0], measured.at(-1)];
    if (!few || !many) return [];
    const text = `${what}, ${many.rigs.toLocaleString('en')} to ${few.rigs} rigs`;
    return [row(text, 'ratio', read(many) / read(few), atMost(2))];
  };
  const up = (share: number) => (size: Size) => quantile(size.claims.whole, share);
  const claim = (share: number) => (size: Size) => quantile(size.claims.claim, share);
  return [
    ...curve(`up decided (placement, claim, job) at ${claimsPerSecond}/s, median`, 'ms', up(0.5)),
    ...curve('up decided, p99', 'ms', up(0.99), 10),
    ...curve('claim alone in it, median', 'ms', claim(0.5)),
    ...curve('claim alone in it, p99', 'ms', claim(0.99), 10),
    ...curve('up decided and its rig ended, processor time of bot and Redis', 'ms', ({ cost }) => cost.up),
    ...flat('the same', ({ cost }) => cost.up),
    ...curve('up refused or failed', 'count', ({ claims }) => claims.refused, 1),
    ...curve("this process' own delay in it, p99", 'ms', ({ claims }) => claims.loop),
    ...curve('/wcs list, first page (use case and drawing)', 'ms', ({ passes }) => passes.list),
    ...curve('/wcs list from typed to answered', 'ms', ({ bot }) => bot.list, 100),
    ...curve('Home (use case)', 'ms', ({ passes }) => passes.home),
    ...curve('all hosts listed', 'ms', ({ passes }) => passes.hosts),
    ...curve('sweep of leases, nothing due', 'ms', ({ passes }) => passes.sweep, 5),
    ...curve('sweep of leases, processor time of bot and Redis', 'ms', ({ cost }) => cost.sweep),
    ...flat('the same of sweeps', ({ cost }) => cost.sweep),
    ...curve('sweep of unused rigs', 'ms', ({ passes }) => passes.idle),
    ...curve('sweep of unused rigs, WCS_IDLE set', 'ms', ({ passes }) => passes.idleWanted),
    ...curve('resume of jobs', 'ms', ({ passes }) => passes.resume),
    ...curve('look for rigs without an end', 'ms', ({ passes }) => passes.endless),
    ...curve('bot with nothing to do, share of a core', '%', ({ bot }) => bot.share),
    ...curve(
      'bot with a survey of each host every 30 s, share of a core',
      '%',
      ({ bot }) => bot.surveyed,
      30,
    ),
    ...curve('memory of the bot (RSS)', 'MB', ({ bot }) => bot.memory, 300),
  ];
};
