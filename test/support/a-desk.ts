// The bot's use cases without anything real: the registry in memory, and a queue that only notes what it was given.

import type { ChangePorts } from '../../src/control/change-rig.ts';
import type { LaunchPolicy, LaunchPorts, LaunchRequest } from '../../src/control/launch-rig.ts';
import { QueueDown } from '../../src/ports/faults.ts';
import type { Jobs } from '../../src/ports/queue.ts';
import type { Rigs } from '../../src/ports/registry.ts';
import { hour, minute } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import { type Job, jobId } from '../../src/rig/job.ts';
import type { Rig, RigId, RigState } from '../../src/rig/rig.ts';
import { anna, noon } from './a-rig.ts';
import { rememberingLog } from './a-worker.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { aRegistration, fleetKeyId } from './registries.ts';

export const queueDown = (): never => {
  throw new QueueDown('Redis does not answer: Connection is closed.');
};

export const aPolicy = (change: Partial<LaunchPolicy> = {}): LaunchPolicy => ({
  lease: { usual: 4 * hour, most: 24 * hour },
  rigsPerUser: 5,
  rigsMax: undefined,
  tags: undefined,
  deadline: 10 * minute,
  keyIds: [fleetKeyId],
  ...change,
});

let requests = 0;
export const aRequest = (change: Partial<LaunchRequest> = {}): LaunchRequest => ({
  owner: anna,
  name: undefined,
  lease: undefined,
  host: undefined,
  tag: undefined,
  asked: { channel: 'C0RIGS', command: '/wcs', quietly: false },
  request: `trigger-${++requests}`,
  ...change,
});

/** Something happens right before the next calls of a method, one each. */
const interruptible = (rigs: Rigs) => {
  const before = new Map<keyof Rigs, (() => Promise<unknown> | unknown)[]>();
  const at = async (method: keyof Rigs): Promise<void> => {
    await before.get(method)?.shift()?.();
  };
  const port: Rigs = {
    ...rigs,
    get: (id) => at('get').then(() => rigs.get(id)),
    claim: (request) => at('claim').then(() => rigs.claim(request)),
    save: (change) => at('save').then(() => rigs.save(change)),
    unsettled: () => at('unsettled').then(() => rigs.unsettled()),
  };
  return {
    port,
    before: (method: keyof Rigs, ...hooks: (() => Promise<unknown> | unknown)[]) =>
      void before.set(method, [...(before.get(method) ?? []), ...hooks]),
  };
};

export const openDesk = async (...hosts: Partial<Registration>[]) => {
  const clock = { now: noon };
  const registry = createMemoryRegistry({ now: () => clock.now, presence: 365 * 24 * hour });
  for (const host of hosts.length === 0 ? [{}] : hosts) {
    await registry.presence.take(aRegistration(host), `session-${host.name ?? 'h1'}`);
  }
  const { port: rigs, before } = interruptible(registry.rigs);
  const sent: { host: string; job: Job }[] = [];
  const woken: RigId[] = [];
  const queue: { isDown: boolean; isBroken: boolean; begun: string[]; forgotten: string[] } = {
    isDown: false,
    isBroken: false,
    begun: [],
    forgotten: [],
  };
  const jobs: Jobs = {
    send: async (host, job) => {
      if (queue.isDown) queueDown();
      if (queue.isBroken) throw new Error('the queue is broken');
      sent.push({ host, job });
    },
    withdraw: async (_, job) => {
      if (queue.isDown) queueDown();
      return !queue.begun.includes(jobId(job));
    },
    forgetHost: async (host) => {
      if (queue.isDown) queueDown();
      queue.forgotten.push(host);
    },
    wakeTeller: async (rig) => {
      if (queue.isDown) queueDown();
      woken.push(rig);
    },
  };
  const log = rememberingLog();
  let ids = 0;
  const ports: LaunchPorts & ChangePorts = {
    rigs,
    jobs,
    hosts: registry.hosts,
    licences: registry.licences,
    epochs: registry.epochs,
    cards: registry.cards,
    clock: registry.clock,
    newId: () => `rig${++ids}`,
    random: Math.random,
  };
  const rigOf = async (id: RigId): Promise<Rig> => {
    const stored = await registry.rigs.get(id);
    if (!stored) throw new Error(`there is no rig ${id}`);
    return stored.rig;
  };
  return {
    clock,
    registry,
    ports: { ...ports, epochs: registry.epochs, log },
    log,
    before,
    sent,
    woken,
    queue,
    rigOf,
    /** Puts a rig into a state, as if reports and commands had led there. */
    put: async (id: RigId, state: RigState, release = false): Promise<void> => {
      const stored = await registry.rigs.get(id);
      if (!stored) throw new Error(`there is no rig ${id}`);
      await registry.rigs.save({ rig: { ...stored.rig, state }, version: stored.version, told: [], release });
    },
    /** The kinds of what is to be told of a rig, and takes them off its list. */
    news: async (id: RigId): Promise<readonly string[]> => {
      const lease = await registry.outbox.lease(id, minute);
      if (!lease) throw new Error(`somebody drains ${id}`);
      const entries = await lease.entries();
      await lease.done(entries.length, undefined);
      await lease.giveBack();
      return entries.map(({ news }) => (news.kind === 'card' && news.progress ? 'progress' : news.kind));
    },
  };
};
