// Waits until a rig listens on its ports, seen from inside: the host cannot reach its own ipvlan and macvlan containers.

import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../ports/engine.ts';
import type { Duration } from '../rig/duration.ts';
import type { FailReason } from '../rig/rig.ts';

export type ReadySettings = {
  readonly ports: readonly number[];
  readonly timeout: Duration;
  /** Between two looks at first; each costs an exec, 54 ms as measured on two cores. */
  readonly interval: Duration;
};

export type Readiness = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: FailReason };

/** A tenth of the wait so far, from one interval to four: twenty rigs that boot for half a minute must not fill the host. */
export const pauseAfter = (waited: Duration, interval: Duration): Duration =>
  Math.min(4 * interval, Math.max(interval, waited / 10));

/** `on`: the one address on which it has to listen, where others share its network. */
export type Looked = { readonly container: string; readonly on: string | undefined };

/** `elapsed`: milliseconds since some fixed moment, by a clock that never jumps. */
export const awaitReady = async (
  engine: Engine,
  { container, on }: Looked,
  { ports, timeout, interval }: ReadySettings,
  signal: AbortSignal,
  elapsed: () => number = () => performance.now(),
): Promise<Readiness> => {
  const begun = elapsed();
  let missing = ports;
  while (elapsed() - begun < timeout) {
    const listening = await engine.listeningPorts(container, on);
    if (listening) {
      missing = ports.filter((port) => !listening.has(port));
      if (missing.length === 0) return { kind: 'ready' };
    } else {
      const seen = await engine.inspect(container);
      if (!seen || seen.state === 'exited' || seen.state === 'removing') {
        const { exitCode, outOfMemory } = seen ?? { exitCode: 0, outOfMemory: false };
        return { kind: 'failed', reason: { kind: 'exited', exitCode, outOfMemory } };
      }
    }
    await delay(pauseAfter(elapsed() - begun, interval), undefined, { signal });
  }
  return { kind: 'failed', reason: { kind: 'not-ready', missingPorts: missing, waited: timeout } };
};
