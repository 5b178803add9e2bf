// Redis' time: measured against this process' own clock, so that it can be asked without waiting.

import type { Clock } from '../ports/clock.ts';
import { QueueDown } from '../ports/faults.ts';
import { type Duration, second } from '../rig/duration.ts';
import type { Connection } from './connection.ts';

export type ClockOptions = {
  /** This process' clock in milliseconds. It must not jump, so it is not the time of day. */
  readonly local?: (() => number) | undefined;
  readonly every?: Duration | undefined;
  /** Added to Redis' time: the try-out moves its rigs' time on with it. */
  readonly skew?: (() => Duration) | undefined;
};

export type RunningClock = Clock & {
  /** Measures now; throws QueueDown if Redis does not answer. */
  readonly measure: () => Promise<void>;
  readonly stop: () => void;
};

/** Measures when told to, at each new connection and every 30 s; a failed measurement keeps the one before. */
export const createClock = (connection: Connection, options: ClockOptions = {}): RunningClock => {
  const { local = () => performance.now(), every = 30 * second, skew = () => 0 } = options;
  let offset: number | undefined;
  const measure = async () => {
    const before = local();
    const [seconds, micros] = await connection.ask((redis) => redis.time());
    // Half of the way there and back is the best guess of when Redis looked.
    const middle = (before + local()) / 2;
    offset = Number(seconds) * second + Number(micros) / 1000 - middle;
  };
  const tryToMeasure = () => void measure().catch(() => undefined);
  connection.onReady(tryToMeasure);
  const timer = setInterval(tryToMeasure, every).unref();
  return {
    now: () => {
      if (offset === undefined) throw new QueueDown("Redis' time is not known yet");
      return Math.round(local() + offset + skew());
    },
    measure,
    stop: () => clearInterval(timer),
  };
};
