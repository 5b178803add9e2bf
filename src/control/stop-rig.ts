// `down`: decide the stop (which closes the claim for any start still under way), then ask the host to remove it.

import type { Clock } from '../ports.ts';
import { assertNever } from '../rig/assert-never.ts';
import { stopJob } from '../rig/job.ts';
import type { RigName } from '../rig/name.ts';
import { isLiving, type Person, type Rig, type RigId, type StopReason } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { noSuchRig, ownRig, type Refused, type Which } from './own-rig.ts';

export type StopOutcome = { readonly kind: 'stopping'; readonly rig: Rig } | Refused;

export type StopPorts = ChangePorts & { readonly clock: Clock };

/** By name, as typed. */
export const stopRigNamed = (ports: StopPorts, name: RigName, by: Person): Promise<StopOutcome> =>
  stopWhich(ports, { name }, by);

/** By id, as a button says it. */
export const stopRigById = (ports: StopPorts, id: RigId, name: RigName, by: Person): Promise<StopOutcome> =>
  stopWhich(ports, { name, id }, by);

const stopWhich = async (ports: StopPorts, which: Which, by: Person): Promise<StopOutcome> => {
  const found = await ownRig(ports.rigs, which, by);
  return found.kind === 'refused' ? found : stop(ports, found.rig, by);
};

/** All of a person's rigs that are not stopping already. */
export const stopAllOf = async (ports: StopPorts, by: Person): Promise<readonly Rig[]> => {
  const mine = (await ports.rigs.ownedBy(by.id)).filter(({ state }) => state.kind !== 'stopping');
  const outcomes = await Promise.all(mine.map((rig) => stop(ports, rig, by)));
  return outcomes.flatMap((outcome) => (outcome.kind === 'stopping' ? [outcome.rig] : []));
};

const stop = async (ports: StopPorts, rig: Rig, by: Person): Promise<StopOutcome> => {
  const reason: StopReason = { kind: 'asked', by };
  const change = await changeRig(ports, rig.id, { kind: 'stop', reason, at: ports.clock.now() });
  switch (change.kind) {
    case 'changed':
      // Should Redis go away between the two, resume-jobs sends the job.
      await ports.jobs.send(change.rig.host, stopJob(change.rig));
      return { kind: 'stopping', rig: change.rig };
    case 'unchanged':
      // It may have ended since it was looked up.
      return isLiving(change.rig)
        ? { kind: 'refused', refusal: { kind: 'already-stopping', name: rig.name } }
        : noSuchRig(ports.rigs, rig.name, by);
    case 'unknown-rig':
      return noSuchRig(ports.rigs, rig.name, by);
    default:
      return assertNever(change);
  }
};
