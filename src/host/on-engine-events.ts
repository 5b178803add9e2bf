// Whatever happens to a container of ours is looked at soon, and not only at the next round.

import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';

/**
 * Calls back at the first event of a flurry, and once more after `quiet` if it went on. An engine that is away is asked again
 * and again, and looked at when it is back. Gives what stops it.
 */
export const onEngineEvents = (
  { engine, log }: { readonly engine: Pick<Engine, 'watchEvents'>; readonly log: Log },
  quiet: Duration,
  act: () => void,
): (() => Promise<void>) => {
  const controller = new AbortController();
  const { signal } = controller;
  let flurry: { goesOn: boolean; readonly timer: NodeJS.Timeout } | undefined;
  const onEvent = (): void => {
    if (flurry) {
      flurry.goesOn = true;
      return;
    }
    act();
    const timer = setTimeout(() => {
      const goesOn = flurry?.goesOn === true;
      flurry = undefined;
      if (goesOn) onEvent();
    }, quiet);
    flurry = { goesOn: false, timer };
  };
  const run = async (): Promise<void> => {
    let isAway = false;
    while (!signal.aborted) {
      try {
        await engine.watchEvents(signal, onEvent);
        isAway = false;
      } catch (error) {
        if (!isAway && !signal.aborted) log.warn({ err: error }, 'the engine tells of no events');
        isAway = true;
      }
      await delay(quiet, undefined, { signal }).catch(() => undefined);
      // What happened while nobody listened is seen by a look.
      if (!signal.aborted && !isAway) onEvent();
    }
  };
  const ended = run();
  return () => {
    controller.abort(new Error('the worker ends'));
    clearTimeout(flurry?.timer);
    return ended;
  };
};
