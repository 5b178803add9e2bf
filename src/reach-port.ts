// Does anybody listen there? One TCP connection, opened and closed; nothing is said on it.

import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Duration } from './rig/duration.ts';
import type { PortOutcome, PortReach } from './rig/reach.ts';

const coded = z.object({ code: z.string() });

/** Somebody answered, or the system did in their place; everything else is silence. */
const outcomeOf = (error: unknown): PortOutcome => {
  const code = coded.safeParse(error).data?.code ?? 'unknown';
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return { kind: 'closed' };
  if (code === 'ETIMEDOUT') return { kind: 'silent' };
  // Nobody answered when the LAN was asked who has the address.
  if (code === 'EHOSTUNREACH') return { kind: 'silent' };
  return { kind: 'no-way', code };
};

/** Waits for `limit` at most. Never throws. */
export const reachPort = (address: string, port: number, limit: Duration): Promise<PortOutcome> =>
  new Promise((resolve) => {
    const begun = performance.now();
    const socket = connect({ host: address, port });
    const settle = (outcome: PortOutcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle({ kind: 'silent' }), limit);
    socket.once('connect', () =>
      settle({ kind: 'open', took: Math.max(1, Math.round(performance.now() - begun)) }),
    );
    socket.on('error', (error) => settle(outcomeOf(error)));
  });

export type ReachPatience = {
  /** For each try. */
  readonly each: Duration;
  /** Between two tries. */
  readonly pause: Duration;
  /** From the first try on; the last one may end later, by `each`. */
  readonly all: Duration;
};

/** Each port until it is open: an address that was another machine's a moment ago is found after a while only. */
export const reachPorts = (
  address: string,
  ports: readonly number[],
  { each, pause, all }: ReachPatience,
  signal?: AbortSignal,
): Promise<readonly PortReach[]> => {
  const begun = performance.now();
  const reach = async (port: number): Promise<PortReach> => {
    for (;;) {
      const outcome = await reachPort(address, port, each);
      signal?.throwIfAborted();
      if (outcome.kind === 'open' || performance.now() - begun + pause > all) return { port, outcome };
      await delay(pause, undefined, { signal });
    }
  };
  return Promise.all(ports.map(reach));
};
