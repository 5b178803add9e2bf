// A host of a fleet whose kernel has ipvlan: a worker as it is deployed, beside an engine in a virtual machine. The bot, Slack
// and Redis are out here, as they are on another machine for most hosts.

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
  /** Asks the worker to end, and waits until it has. */
  readonly endWorker: () => Promise<void>;
};

/** `parent` and the colleague's address are as virtual-machine-init.sh makes them. */
export const virtualHost = {
  name: 'h1',
  parent: 'lan0',
  addresses: ['10.77.0.100', '10.77.0.101'],
  colleague: '10.77.0.3',
  stateDir: '/var/lib/wcs-rigs',
} as const;

const image = `${fleetImage}:latest`;

const environmentOf = (fleet: Fleet): Environment => ({
  REDIS_URL: 'redis://10.0.2.100:6379',
  WCS_SECRET: fleetSecret,
  WCS_INSTALLATION: fleet.installation,
  WCS_HOST: virtualHost.name,
  WCS_IMAGE: image,
  WCS_NETWORK: 'ipvlan',
  WCS_PARENT: virtualHost.parent,
  WCS_GATEWAY: '10.77.0.1',
  WCS_RANGE: virtualHost.addresses.join(','),
  WCS_SLOTS: String(virtualHost.addresses.length),
  WCS_RIG_MEMORY: '128m',
  WCS_STATE_DIR: virtualHost.stateDir,
  WCS_STOP_GRACE: '2s',
  // All that is done in there takes many times as long as elsewhere.
  WCS_PRESENCE: '1m',
  WCS_JOB_LOCK: '1m',
});

const patience = 180_000;

/** Asks again and again; `what` is for people, where it does not come to be. */
const until = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  const begun = performance.now();
  while (!(await look())) {
    if (performance.now() - begun > patience)
      throw new Error(`waited ${patience / 1000} s in vain for ${what}`);
    await delay(200);
  }
};

const isAlive = async (machine: VirtualMachine, pid: number): Promise<boolean> =>
  (await machine.run(['test', '-e', `/proc/${pid}`])).code === 0;

/** Its process id, once it serves. */
const startWorker = async (machine: VirtualMachine, fleet: Fleet): Promise<number> => {
  const [, ...flags] = (await deployedProgram()).slice(0, -1);
  const command = ['node', ...flags, `${projectFolder}/src/main.ts`, 'worker'];
  const pid = await machine.start(command, environmentOf(fleet));
  await until('the worker', async () => {
    if ((await machine.console()).includes('"msg":"serving"')) return true;
    if (await isAlive(machine, pid)) return false;
    throw new Error('the worker ended at once');
  });
  return pid;
};

/** With the worker serving, on the fleet's Redis. Throws with all that was said in there. */
export const startVirtualHost = async (fleet: Fleet): Promise<VirtualHost> => {
  const machine = await startVirtualMachine({ redisPort: fleet.redis.port });
  try {
    await until('its engine', async () => (await findEngine(machine.dockerHost)) !== undefined);
    // Each takes a processor of its own.
    const [pid] = await Promise.all([
      startWorker(machine, fleet),
      buildStandIn({ dockerHost: machine.dockerHost, reference: image }),
    ]);
    return {
      machine,
      endWorker: async () => {
        await machine.run(['kill', '-TERM', String(pid)]);
        await until('the end of the worker', async () => !(await isAlive(machine, pid)));
      },
    };
  } catch (error) {
    const words = await machine.console();
    await machine.stop();
    throw new Error(`there is no host in a virtual machine; its console: ${words}`, { cause: error });
  }
};
