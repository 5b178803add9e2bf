// `down`: decide the stop (which closes the claim for any start still under way), then ask the host to remove it.

import { type Asker, personOf } from '../rig/access.ts';
import { assertNever } from '../rig/assert-never.ts';
import { stopJob } from '../rig/job.ts';
import { isLiving, type Rig, type StopReason } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';
import { findRig, noSuchRig, type Refused, type Which } from './find-rig.ts';

export type StopOutcome = { readonly kind: 'stopping'; readonly rig: Rig } | Refused;

export type StopPorts = ChangePorts;

export const stopRig = async (ports: StopPorts, which: Which, by: Asker): Promise<StopOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'act');
  return found.kind === 'refused' ? found : stop(ports, found.rig, by);
};

/** All of a person's rigs that are not stopping already. */
export const stopAllOf = async (ports: StopPorts, by: Asker): Promise<readonly Rig[]> => {
  const mine = (await ports.rigs.ownedBy(by.id)).filter(({ state }) => state.kind !== 'stopping');
  const outcomes = await Promise.all(mine.map((rig) => stop(ports, rig, by)));
  return outcomes.flatMap((outcome) => (outcome.kind === 'stopping' ? [outcome.rig] : []));
};

const stop = async (ports: StopPorts, rig: Rig, by: Asker): Promise<StopOutcome> => {
  const reason: StopReason = { kind: 'asked', by: personOf(by) };
  const change = await changeRig(ports, rig.id, { kind: 'stop', reason, at: ports.clock.now() });
  switch (change.kind) {
    case 'changed':
      // Should Redis go away between the two, resume-jobs sends the job.
      await ports.jobs.send(change.rig.host, stopJob(change.rig));
      return { kind: 'stopping', rig: change.rig };
    case 'unchanged':
    case 'user-quota':
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
