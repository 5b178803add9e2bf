// Asks the other hosts of the LAN to connect to the probe rig, each through its queue, and reads what they answer.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Duration, second } from '../../rig/duration.ts';
import { type Host, isSameHost } from '../../rig/host.ts';
import type { ReachJob } from '../../rig/job.ts';
import { mostPorts, rigPorts } from '../../rig/reach.ts';
import type { HostReach } from './facts.ts';
import type { ProbePlaces, ProbeWish } from './places.ts';

type Places = Pick<ProbePlaces, 'config' | 'registry' | 'asker'>;

const between: Duration = second / 10;
/** Of a large LAN: what holds for some holds for all. */
const mostHosts = 8;

export const othersOnLan = async ({ config, registry }: Pick<Places, 'config' | 'registry'>) => {
  const all = (await registry.hosts.list()).filter(
    ({ name, network, state }) =>
      network.lan === config.network.lan && state !== 'unreachable' && !isSameHost(name, config.host),
  );
  return { asked: all.slice(0, mostHosts), unasked: Math.max(0, all.length - mostHosts) };
};

/** Those that every worker lets itself be asked for, if rigs here have them. */
export const portsToTry = (ready: readonly number[]): readonly number[] => {
  const usual = ready.filter((port) => rigPorts.includes(port));
  return usual.length > 0 ? usual : ready.slice(0, mostPorts);
};

export const askHost = async (
  { config, registry, asker }: Places,
  { name, versions }: Pick<Host, 'name' | 'versions'>,
  address: string,
  { pace, signal }: Pick<ProbeWish, 'pace' | 'signal'>,
): Promise<HostReach> => {
  const { reaches, clock } = registry;
  const patience = pace.answer;
  const about = { host: name, version: versions.worker };
  const job: ReachJob = {
    v: 1,
    kind: 'reach',
    request: randomBytes(8).toString('hex'),
    lan: config.network.lan,
    address,
    ports: portsToTry(config.ready.ports),
    deadline: clock.now() + patience,
  };
  const begun = performance.now();
  await asker.ask(name, job);
  try {
    while (performance.now() - begun < patience) {
      const answer = await reaches.of(job.request);
      if (answer) return { ...about, says: { kind: 'answered', answer } };
      await delay(between, undefined, { signal });
    }
    return { ...about, says: { kind: 'no-answer', waited: patience } };
  } finally {
    // Only one that no worker has begun; what was put aside, or is done, is gone already.
    await asker.withdraw(name, job).catch(() => undefined);
  }
};
