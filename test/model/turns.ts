// The order of things. Every call that a bot or a worker makes to the world outside waits here for its turn, and one is
// let through at a time: which one, the story's random numbers decide. So two bots and three workers run beside each other
// in every order, a process can end between any two calls, and the same seed gives the same order again.

import { setTimeout as delay, setImmediate as settled } from 'node:timers/promises';
import type { Instant } from '../../src/rig/duration.ts';
import type { Random } from './random.ts';

/** The process ended; what it was at goes no further. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** `answers` never fail here: whoever gives one tries again by the real clock. */
export type Domain = 'redis' | 'queue' | 'docker' | 'slack' | 'answers';

/** What becomes of a process' next call: it is not made, or it is made and its answer is lost. */
export type Trouble = { readonly domain: Domain; readonly made: boolean; readonly error: () => Error };

export type Process = {
  readonly name: string;
  isAlive: boolean;
  /** It was told to end, and takes nothing new. */
  isEnding: boolean;
  /** Since when it gets no time of its machine: it does nothing, and nobody knows whether it ever will. */
  frozenAt: Instant | undefined;
  /** It woke up from that once, into a world that had gone on. */
  hasSlept: boolean;
  trouble: Trouble | undefined;
};

export const newProcess = (name: string): Process => ({
  name,
  isAlive: true,
  isEnding: false,
  frozenAt: undefined,
  hasSlept: false,
  trouble: undefined,
});

type Call = {
  readonly process: Process;
  readonly label: string;
  readonly isReady: () => boolean;
  readonly run: () => Promise<void>;
  readonly drop: () => void;
  /** Its caller sleeps by the real clock before it goes on. */
  readonly sleeps: () => boolean;
};

export type CallOptions = {
  /** Not let through before; asked again at each turn. */
  readonly isReady?: (() => boolean) | undefined;
  readonly sleeps?: (() => boolean) | undefined;
};

/** Something that may happen by itself: a job is taken, a report arrives, a container is up. */
export type Move = { readonly label: string; readonly make: () => void };

export type Turns = ReturnType<typeof createTurns>;

const always = (): boolean => true;
const never = (): boolean => false;

/** `moves`: what may happen beside the calls that wait. `onFault`: a task threw what nobody expects. */
export const createTurns = (parts: {
  readonly moves: (random: Random) => readonly Move[];
  readonly onFault: (process: Process, what: string, error: unknown) => void;
  readonly trace: (line: string) => void;
}) => {
  const waiting: Call[] = [];
  let running = 0;
  /** Whose call was let through last. */
  let last: Process | undefined;

  const call = <T>(
    process: Process,
    domain: Domain,
    label: string,
    work: () => Promise<T>,
    { isReady = always, sleeps = never }: CallOptions = {},
  ): Promise<T> => {
    if (!process.isAlive) return Promise.reject(new Crash(process.name));
    return new Promise<T>((resolve, reject) => {
      const run = async (): Promise<void> => {
        const trouble = process.trouble?.domain === domain ? process.trouble : undefined;
        if (trouble) process.trouble = undefined;
        try {
          if (trouble?.made === false) throw trouble.error();
          const answer = await work();
          if (trouble) throw trouble.error();
          resolve(answer);
        } catch (error) {
          reject(error);
        }
      };
      const drop = (): void => reject(new Crash(process.name));
      waiting.push({ process, label: `${process.name}: ${label}`, isReady, run, drop, sleeps });
    });
  };

  /** Those that sleep by the real clock are waited for, or the next turn would not be the same each time. */
  const awaitArrival = async (before: number, runningBefore: number): Promise<void> => {
    for (let round = 0; round < 400; round += 1) {
      if (waiting.length > before || running < runningBefore) return;
      await delay(5);
    }
  };

  const turn = async (random: Random): Promise<boolean> => {
    const ready = waiting.filter(({ process, isReady }) => process.frozenAt === undefined && isReady());
    const moves = parts.moves(random);
    const chosen = random.below(ready.length + moves.length);
    if (ready.length + moves.length === 0) return false;
    const move = moves[chosen - ready.length];
    if (move) {
      parts.trace(move.label);
      move.make();
    }
    const next = ready[chosen];
    if (next) {
      waiting.splice(waiting.indexOf(next), 1);
      parts.trace(next.label);
      last = next.process;
      const before = [waiting.length, running] as const;
      await next.run();
      await settled();
      if (next.sleeps()) await awaitArrival(...before);
    } else await settled();
    return true;
  };

  return {
    call,
    last: (): Process | undefined => last,
    /** Whose next call is this. */
    waitsFor: (label: string): Process | undefined =>
      waiting.find((one) => one.process.frozenAt === undefined && one.label.includes(label))?.process,
    /** Begins something that goes on by itself. `work` may end as it likes; a fault is told. */
    start: (process: Process, what: string, work: () => Promise<unknown>): void => {
      running += 1;
      const end = (): void => {
        running -= 1;
      };
      work().then(end, (error: unknown) => {
        end();
        if (process.isAlive && !(error instanceof Crash)) parts.onFault(process, what, error);
      });
    },
    /** Lets as many through as were said; fewer if there are no more. True: nothing is left that could go on. */
    go: async (count: number, random: Random): Promise<boolean> => {
      await settled();
      for (let done = 0; done < count; done += 1) if (!(await turn(random))) return true;
      return false;
    },
    /** The process ends here and now. */
    kill: (process: Process): void => {
      process.isAlive = false;
      process.trouble = undefined;
      for (const one of waiting.filter((call) => call.process === process)) {
        waiting.splice(waiting.indexOf(one), 1);
        one.drop();
      }
    },
  };
};

/** A port whose every method goes through `each`, under its name. */
export const through = <P extends object>(
  port: P,
  each: (method: string, work: () => Promise<unknown>, words: readonly unknown[]) => unknown,
): P =>
  new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...words: unknown[]) =>
        each(String(key), async () => Reflect.apply(value, target, words), words);
    },
  });
