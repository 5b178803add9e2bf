// The process of simulated hosts, as the benchmark speaks to it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Order } from './simulated-hosts.ts';

export type SimulatedHosts = {
  /** Resolves when it is done. */
  readonly tell: (order: Exclude<Order, { kind: 'stop' }>) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const program = fileURLToPath(new URL('simulated-hosts.ts', import.meta.url));
const answer = z.object({ fault: z.string().nullable() });

export const startHosts = async (url: string, installation: string): Promise<SimulatedHosts> => {
  const child = fork(program, [url, installation]);
  const ended = once(child, 'exit');
  const heard = async (): Promise<void> => {
    const gone = ended.then(() => Promise.reject(new Error('the simulated hosts ended')));
    const [message]: unknown[] = await Promise.race([once(child, 'message'), gone]);
    const { fault } = answer.parse(message);
    if (fault !== null) throw new Error(`the simulated hosts: ${fault}`);
  };
  await heard();
  return {
    tell: async (order) => {
      const done = heard();
      child.send(order);
      await done;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.send({ kind: 'stop' } satisfies Order);
      await ended;
    },
  };
};
