// A host of a fleet whose kernel has ipvlan: the worker as it is deployed, beside an engine in a virtual machine. The bot,
// Slack and Redis are out here, as they are on another machine for most hosts.

import { setTimeout as delay } from 'node:timers/promises';
import { findEngine } from '../../src/demo/find-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { fleetSecret } from './a-worker.ts';
import { deployedProgram, type Fleet, fleetImage } from './fleet.ts';
import type { Environment } from './process.ts';
import { startVirtualMachine, type VirtualMachine } from './virtual-machine.ts';
import { projectFolder } from './virtual-machine-root.ts';

export type VirtualHost = {
  readonly machine: VirtualMachine;
  /** Starts the worker, and waits until it serves. */
  readonly startWorker: () => Promise<void>;
  /** Asks the worker to end, and waits until it has. */
  readonly endWorker: () => Promise<void>;
};

export const virtualHost = { name: 'h1', parent: 'lan0', addresses: ['10.77.0.100', '10.77.0.101'] } as const;

const environmentOf = (fleet: Fleet): Environment => ({
  REDIS_URL: 'redis://10.0.2.100:6379',
  WCS_SECRET: fleetSecret,
  WCS_INSTALLATION: fleet.installation,
  WCS_HOST: virtualHost.name,
  WCS_IMAGE: `${fleetImage}:latest`,
  WCS_NETWORK: 'ipvlan',
  WCS_PARENT: virtualHost.parent,
  WCS_GATEWAY: '10.77.0.1',
  WCS_RANGE: virtualHost.addresses.join(','),
  WCS_SLOTS: String(virtualHost.addresses.length),
  WCS_RIG_MEMORY: '128m',
  WCS_STOP_GRACE: '2s',
  // What is done in there takes many times as long as elsewhere.
  WCS_PRESENCE: '1m',
  WCS_JOB_LOCK: '1m',
});

const patience = 120_000;

/** Asks again and again; `what` is for people, where it does not come to be. */
const until = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  const begun = performance.now();
  while (!(await look())) {
    if (performance.now() - begun > patience)
      throw new Error(`waited ${patience / 1000} s in vain for ${what}`);
    await delay(200);
  }
};

/** The fleet's Redis is the worker's, too. */
export const startVirtualHost = async (fleet: Fleet): Promise<VirtualHost> => {
  const machine = await startVirtualMachine({ redisPort: fleet.redis.port });
  try {
    await until('its engine', async () => (await findEngine(machine.dockerHost)) !== undefined);
    await buildStandIn({ dockerHost: machine.dockerHost, reference: `${fleetImage}:latest` });
  } catch (error) {
    await machine.stop();
    throw error;
  }
  const pids: number[] = [];
  const isAlive = async (pid: number): Promise<boolean> =>
    (await machine.run(['kill', '-0', String(pid)])).code === 0;
  return {
    machine,
    startWorker: async () => {
      const [, ...flags] = (await deployedProgram()).slice(0, -1);
      const command = ['node', ...flags, `${projectFolder}/src/main.ts`, 'worker'];
      const pid = await machine.start(command, environmentOf(fleet));
      pids.push(pid);
      await until('the worker', async () => {
        const words = await machine.console();
        if (words.includes('"msg":"serving"')) return true;
        if (!(await isAlive(pid))) throw new Error(`the worker ended at once: ${words.slice(-2000)}`);
        return false;
      });
    },
    endWorker: async () => {
      for (const pid of pids) {
        await machine.run(['kill', '-TERM', String(pid)]);
        await until('the end of the worker', async () => !(await isAlive(pid)));
      }
    },
  };
};
