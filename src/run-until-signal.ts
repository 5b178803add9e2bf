// The life of a process: it starts, serves until it is told to end or can go on no more, and stops in order.

import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './ports/log.ts';
import { type Duration, second } from './rig/duration.ts';

export type Running = {
  readonly stop: () => Promise<void>;
  /** Resolves when it can go on no more. */
  readonly failed: Promise<Error>;
};

export type Patience = {
  /** How long a start that nobody wants any more may take to be taken back. */
  readonly start: Duration;
  /** How long stopping may take: longer than each part's own limit. */
  readonly stop: Duration;
};

const usualPatience: Patience = { start: 5 * second, stop: 30 * second };

/**
 * The exit code: 0 after SIGTERM or SIGINT, 1 when it could go on no more or would not stop. A second signal ends it at
 * once, and so does a rejection that nobody caught, so that its supervisor starts it anew.
 */
export const runUntilSignal = async (
  log: Log,
  start: () => Promise<Running>,
  patience: Patience = usualPatience,
): Promise<number> => {
  const signalled = awaitSignal(log);
  endOnFaults(log);
  const starting = start();
  const running = await Promise.race([starting, signalled]);
  if (running === 'signal') return giveUp(starting, patience);
  const ended = await Promise.race([signalled, running.failed]);
  if (ended !== 'signal') log.error({ err: ended }, 'it can go on no more and stops');
  const stopped = await inTime(running.stop(), patience.stop);
  if (!stopped) log.error({ waited: patience.stop }, 'stopping took too long: ended as it is');
  return ended === 'signal' && stopped ? 0 : 1;
};

const awaitSignal = (log: Log): Promise<'signal'> =>
  new Promise((resolve) => {
    let asked = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        asked += 1;
        if (asked > 1) {
          log.warn({ signal }, 'told to end a second time: ended as it is');
          process.exit(1);
        }
        log.info({ signal }, 'stopping');
        resolve('signal');
      });
    }
  });

/** Nobody knows what state it is in: what it left is found by the next one, as after a kill. */
const endOnFaults = (log: Log): void => {
  for (const kind of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(kind, (err: unknown) => {
      log.error({ err, kind }, 'a fault that nobody caught: this process ends');
      process.exit(1);
    });
  }
};

/** What it began, locks say, runs out by itself where it cannot be taken back in time. */
const giveUp = async (starting: Promise<Running>, patience: Patience): Promise<number> => {
  const takeBack = async (): Promise<void> => {
    const running = await starting.catch(() => undefined);
    await running?.stop();
  };
  await inTime(takeBack(), patience.start);
  return 0;
};

/** False if it took longer. */
const inTime = (work: Promise<void>, limit: Duration): Promise<boolean> =>
  Promise.race([work.then(() => true), delay(limit, false, { ref: false })]);
