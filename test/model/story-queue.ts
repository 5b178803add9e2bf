// The queue as BullMQ keeps it, beside the processes: jobs that outlive whoever ran them, given to anybody, in any order,
// and again when they were not brought to their end. Everything passes as JSON through the schemas of the real border.

import { EngineDown, QueueDown } from '../../src/ports/faults.ts';
import type { Jobs, Reports } from '../../src/ports/queue.ts';
import { jobSchema, reportSchema } from '../../src/queue/schema.ts';
import { type Duration, hour, type Instant, second } from '../../src/rig/duration.ts';
import { type Job, jobId } from '../../src/rig/job.ts';
import type { Report } from '../../src/rig/report.ts';
import type { HostName, RigId } from '../../src/rig/rig.ts';
import type { Process, Turns } from './turns.ts';

/** One thing that waits, or is being worked on by somebody. */
export type Item<T> = {
  readonly id: string;
  readonly what: T;
  begun: number;
  by: Process | undefined;
  notBefore: Instant;
};

export type StoryQueue = {
  readonly jobsOf: (bot: Process) => Jobs;
  readonly reportsOf: (worker: Process) => Reports;
  readonly waitingJobs: (host: HostName) => readonly Item<Job>[];
  readonly waitingReports: () => readonly Item<Report>[];
  readonly waitingWakes: () => readonly Item<RigId>[];
  /** A job for this rig is being run, and it is a stop. */
  readonly isStopping: (rig: RigId) => boolean;
  /** Works on it as BullMQ does: away when it went well, again later when it threw, again at once when its process died. */
  readonly work: <T>(item: Item<T>, process: Process, handle: (what: T) => Promise<void>) => Promise<void>;
  /** The same report once more. */
  readonly double: (report: Report) => void;
  /** Those whose process died, or has not been heard of for long, wait again. */
  readonly giveBack: () => void;
  /** Rigs that this process is launching. */
  readonly launching: (process: Process) => readonly RigId[];
  readonly isEmpty: () => boolean;
  /** All that was ever sent, as text, to be searched for secrets. */
  readonly text: () => string;
};

/** How long a job that is done keeps its id. */
const kept: Duration = hour;
const again: Duration = 2 * second;
const lock: Duration = 8 * second;

type Line<T> = Item<T>[];

export const createStoryQueue = (turns: Turns, now: () => Instant): StoryQueue => {
  const hosts = new Map<string, Line<Job>>();
  const reports: Line<Report> = [];
  const wakes: Line<RigId> = [];
  const done = new Map<string, Instant>();
  const sent: string[] = [];
  const running = new Map<string, Promise<void>>();
  let count = 0;

  const lineOf = (host: HostName): Line<Job> => {
    const key = host.toLowerCase();
    const line = hosts.get(key) ?? [];
    hosts.set(key, line);
    return line;
  };
  const lines = (): readonly Line<unknown>[] => [...hosts.values(), reports, wakes];
  const isStored = (host: HostName, id: string): boolean =>
    lineOf(host).some((item) => item.id === id) || (done.get(`${host.toLowerCase()} ${id}`) ?? 0) > now();
  const add = <T>(line: Line<T>, what: T, id = `${++count}`): void => {
    line.push({ id, what, begun: 0, by: undefined, notBefore: 0 });
  };
  const drop = (line: Line<unknown>, item: Item<unknown>): boolean => {
    const at = line.indexOf(item);
    if (at !== -1) line.splice(at, 1);
    return at !== -1;
  };
  const waits = <T>(line: Line<T>): readonly Item<T>[] =>
    line.filter(({ by, notBefore }) => by === undefined && notBefore <= now());
  const pass = (value: unknown): unknown => {
    const text = JSON.stringify(value);
    sent.push(text);
    return JSON.parse(text);
  };

  return {
    jobsOf: (bot) => ({
      send: (host, job) =>
        turns.call(bot, 'queue', `send ${jobId(job)} to ${host}`, async () => {
          if (!isStored(host, jobId(job))) add(lineOf(host), jobSchema.parse(pass(job)), jobId(job));
        }),
      withdraw: (host, job) =>
        turns.call(bot, 'queue', `withdraw ${jobId(job)}`, async () => {
          const line = lineOf(host);
          const at = line.findIndex(({ id, begun }) => id === jobId(job) && begun === 0);
          if (at === -1) return false;
          line.splice(at, 1);
          return true;
        }),
      forgetHost: (host) =>
        turns.call(bot, 'queue', `forget ${host}`, async () => {
          lineOf(host).splice(0);
        }),
      wakeTeller: (rig) => turns.call(bot, 'queue', `wake ${rig}`, async () => add(wakes, rig)),
    }),
    reportsOf: (worker) => ({
      send: (report) =>
        turns.call(worker, 'queue', `report ${report.saw.kind} ${report.rig}`, async () =>
          add(reports, reportSchema.parse(pass(report))),
        ),
    }),
    waitingJobs: (host) => waits(lineOf(host)),
    waitingReports: () => waits(reports),
    waitingWakes: () => waits(wakes),
    isStopping: (rig) =>
      [...hosts.values()].flat().some(({ what, by }) => by && what.rig === rig && what.kind === 'stop'),
    work: async (item, process, handle) => {
      item.begun += 1;
      item.by = process;
      const key = `${process.name} ${item.id}`;
      try {
        // As the real receiver does: a job that this process still runs is not run beside itself.
        while (running.has(key)) await running.get(key)?.catch(() => undefined);
        const run = handle(item.what);
        running.set(key, run);
        await run.finally(() => running.delete(key));
        // Between the last act and this lies a moment in which the process may die.
        await turns.call(process, 'queue', `done ${item.id}`, async () => undefined);
      } catch (error) {
        if (!process.isAlive) throw error;
        if (item.by === process) {
          item.by = undefined;
          // Who ends gives it back, and it is taken at once.
          item.notBefore = process.isEnding ? 0 : now() + again;
        }
        if (process.isEnding || error instanceof QueueDown || error instanceof EngineDown) return;
        throw error;
      }
      // Its lock ran out meanwhile, and somebody else works on it.
      if (item.by !== process) return;
      for (const line of [reports, wakes]) drop(line, item);
      for (const [host, line] of hosts) if (drop(line, item)) done.set(`${host} ${item.id}`, now() + kept);
    },
    double: (report) => add(reports, report),
    giveBack: () => {
      for (const item of lines().flat()) {
        const { isAlive = true, frozenAt = now() } = item.by ?? {};
        if (!isAlive || now() - frozenAt > lock) item.by = undefined;
      }
    },
    launching: (process) =>
      [...hosts.values()]
        .flat()
        .filter(({ by, what }) => by === process && what.kind === 'launch')
        .map(({ what }) => what.rig),
    isEmpty: () => lines().every((line) => line.length === 0),
    text: () => sent.join('\n'),
  };
};
