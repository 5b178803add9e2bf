// The bots and workers of a fleet, each behind gates of its own, so that a test can end one at the very moment that it waits
// for, and the next test finds all of them there again.

import type { Fleet } from './fleet.ts';
import { type Gate, startGate } from './gate.ts';
import type { Environment, Process } from './process.ts';

/** A place that one process after the other has. */
export type Post = {
  /** Whoever has it now. */
  readonly process: () => Process;
  /** Between it and Redis. */
  readonly redis: Gate;
  /** Between it and its engine, or Slack's Web API. */
  readonly other: Gate;
  readonly kill: () => Promise<unknown>;
  /** Another one in its place, when it serves; the one before has ended or is killed. `change` is for this one alone. */
  readonly replace: (change?: Environment) => Promise<Process>;
};

export type Crew = {
  readonly bot: (index?: number) => Post;
  readonly worker: (host: string) => Post;
  /** Starts whoever is missing. */
  readonly man: () => Promise<void>;
  /** The last lines of each, for a test that failed. */
  readonly lastWords: () => string;
  /** Ends all of them and takes every fault back. */
  readonly dismiss: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Seat = {
  readonly post: Post;
  readonly lastWords: () => string;
  readonly isMissing: () => boolean;
  readonly reset: () => Promise<void>;
};

const wordsKept = 25;

const takeSeat = (redis: Gate, other: Gate, start: (change: Environment) => Promise<Process>): Seat => {
  let process: Process | undefined;
  let hasEnded = true;
  const now = (): Process => {
    if (!process) throw new Error('nobody is there yet');
    return process;
  };
  const kill = async (): Promise<unknown> => (hasEnded ? undefined : process?.end('SIGKILL'));
  const replace = async (change: Environment = {}): Promise<Process> => {
    await kill();
    const next = await start(change);
    process = next;
    hasEnded = false;
    void next.ended.then(() => {
      if (process === next) hasEnded = true;
    });
    return next;
  };
  return {
    post: { process: now, redis, other, kill, replace },
    lastWords: () => process?.output().trim().split('\n').slice(-wordsKept).join('\n') ?? 'never started',
    isMissing: () => hasEnded,
    reset: async () => {
      redis.letGo();
      other.letGo();
      await kill();
    },
  };
};

export type CrewPlan = {
  readonly bots: number;
  readonly workers: readonly string[];
  /** Of each worker. */
  readonly worker?: Environment;
  /** No gate between workers and engines: its socket would stay the same when that of an engine is made anew. */
  readonly engineDirectly?: boolean;
};

export const hireCrew = async (fleet: Fleet, plan: CrewPlan): Promise<Crew> => {
  const gates: Gate[] = [];
  const gate = async (...args: Parameters<typeof startGate>): Promise<Gate> => {
    const opened = await startGate(...args);
    gates.push(opened);
    return opened;
  };
  const toRedis = () => gate({ path: fleet.redis.socketPath ?? '' });
  const workers = new Map<string, Seat>();
  for (const host of plan.workers) {
    const redis = await toRedis();
    const engine = await gate({ path: new URL(fleet.host(host).engine.dockerHost).pathname });
    const toEngine: Environment = plan.engineDirectly ? {} : { DOCKER_HOST: `unix://${engine.path}` };
    const usual = { REDIS_URL: redis.path, ...toEngine, ...plan.worker };
    workers.set(
      host,
      takeSeat(redis, engine, (change) => fleet.startWorker(host, { ...usual, ...change })),
    );
  }
  const bots: Seat[] = [];
  for (let index = 0; index < plan.bots; index += 1) {
    const redis = await toRedis();
    const slack = await gate({ host: '127.0.0.1', port: Number(new URL(fleet.slack.url).port) }, 'port');
    const usual = { REDIS_URL: redis.path, SLACK_API_URL: `http://127.0.0.1:${slack.port}/api/` };
    bots.push(takeSeat(redis, slack, (change) => fleet.startBot({ ...usual, ...change })));
  }
  const all = [...workers.values(), ...bots];
  const known = (seat: Seat | undefined, who: string): Post => {
    if (!seat) throw new Error(`there is no ${who} in this crew`);
    return seat.post;
  };
  const dismiss = async (): Promise<void> => {
    await Promise.all(all.map(({ reset }) => reset()));
  };
  return {
    bot: (index = 0) => known(bots[index], `bot ${index}`),
    worker: (host) => known(workers.get(host), `worker on ${host}`),
    man: async () => {
      await Promise.all(all.filter(({ isMissing }) => isMissing()).map(({ post }) => post.replace()));
    },
    lastWords: () => {
      const names = [...workers.keys(), ...bots.map((_, index) => `bot ${index}`)];
      return all.map(({ lastWords }, index) => `── ${names[index]}\n${lastWords()}`).join('\n');
    },
    dismiss,
    stop: async () => {
      await dismiss();
      for (const one of gates) await one.stop();
    },
  };
};
