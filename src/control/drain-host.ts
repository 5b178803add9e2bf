// `drain`: a host takes no new rigs; those there live to their end, or are stopped at once. `undrain` takes it back.

import type { Hosts } from '../ports/hosts.ts';
import { type Asker, personOf } from '../rig/access.ts';
import type { Draining, Host } from '../rig/host.ts';
import { stopJob } from '../rig/job.ts';
import type { HostName, Rig, StopReason } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { doEach } from './do-each.ts';
import { findHostFor, rigsOn } from './find-host.ts';
import type { Refused } from './find-rig.ts';

export type HostPorts = ChangePorts & { readonly hosts: Hosts };

export type DrainOutcome =
  | {
      readonly kind: 'draining';
      readonly host: Host;
      readonly rigs: readonly Rig[];
      /** It was so before: by whom and since when. */
      readonly before: Draining | undefined;
    }
  | Refused;

/** From the answer on nothing new comes to it: the claim itself looks at the mark. */
export const drainHost = async (ports: HostPorts, asked: HostName, by: Asker): Promise<DrainOutcome> => {
  const found = await findHostFor(ports.hosts, 'drain', asked, by);
  if (found.kind === 'refused') return found;
  const { host } = found;
  const isNew = await ports.hosts.drain(host.name, { by: personOf(by), at: ports.clock.now() });
  const rigs = await rigsOn(ports.rigs, host);
  return { kind: 'draining', host, rigs, before: isNew ? undefined : host.draining };
};

export type EmptyOutcome =
  | { readonly kind: 'emptying'; readonly host: Host; readonly stopping: readonly Rig[] }
  | Refused;

/** Its rigs end, too, whoever uses them. */
export const emptyHost = async (ports: HostPorts, asked: HostName, by: Asker): Promise<EmptyOutcome> => {
  const drained = await drainHost(ports, asked, by);
  if (drained.kind === 'refused') return drained;
  const reason: StopReason = { kind: 'drained', by: personOf(by) };
  const stopping: Rig[] = [];
  await doEach(drained.rigs, async ({ id }) => {
    const change = await changeRig(ports, id, { kind: 'stop', reason, at: ports.clock.now() });
    if (change.kind !== 'changed') return;
    stopping.push(change.rig);
    // Should Redis go away between the two, resume-jobs sends the job.
    await ports.jobs.send(change.rig.host, stopJob(change.rig));
  });
  return { kind: 'emptying', host: drained.host, stopping };
};

export type UndrainOutcome = { readonly kind: 'undrained' | 'not-draining'; readonly host: Host } | Refused;

export const undrainHost = async (
  { hosts }: Pick<HostPorts, 'hosts'>,
  asked: HostName,
  by: Asker,
): Promise<UndrainOutcome> => {
  const found = await findHostFor(hosts, 'undrain', asked, by);
  if (found.kind === 'refused') return found;
  const { host } = found;
  return { kind: (await hosts.undrain(host.name)) ? 'undrained' : 'not-draining', host };
};
