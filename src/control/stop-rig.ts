// `down`: decide the stop (which closes the claim for any start still under way), then ask the host to remove it.

import type { Clock, Rigs } from '../ports.ts';
import { assertNever } from '../rig/assert-never.ts';
import { stopJob } from '../rig/job.ts';
import type { RigName } from '../rig/name.ts';
import type { Refusal } from '../rig/refusal.ts';
import { isLiving, isOwnedBy, type Person, type Rig, type RigId, type StopReason } from '../rig/rig.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';

export type StopOutcome =
  | { readonly kind: 'stopping'; readonly rig: Rig }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type StopPorts = ChangePorts & { readonly clock: Clock };

/** By name, as typed. */
export const stopRigNamed = async (ports: StopPorts, name: RigName, by: Person): Promise<StopOutcome> => {
  const stored = await ports.rigs.named(name);
  if (!stored) return noSuchRig(ports.rigs, name, by);
  return stopOwn(ports, stored.rig, by);
};

/** By id, as a button says it: a card that outlived its rig must not stop a younger one of the same name. */
export const stopRigById = async (
  ports: StopPorts,
  id: RigId,
  name: RigName,
  by: Person,
): Promise<StopOutcome> => {
  const stored = await ports.rigs.get(id);
  if (!stored || !isLiving(stored.rig)) return noSuchRig(ports.rigs, name, by);
  return stopOwn(ports, stored.rig, by);
};

/** All of a person's rigs that are not stopping already. */
export const stopAllOf = async (ports: StopPorts, by: Person): Promise<readonly Rig[]> => {
  const mine = (await ports.rigs.ownedBy(by.id)).filter(({ state }) => state.kind !== 'stopping');
  const outcomes = await Promise.all(mine.map((rig) => stopOwn(ports, rig, by)));
  return outcomes.flatMap((outcome) => (outcome.kind === 'stopping' ? [outcome.rig] : []));
};

const stopOwn = async (ports: StopPorts, rig: Rig, by: Person): Promise<StopOutcome> => {
  if (!isOwnedBy(rig, by.id)) {
    return { kind: 'refused', refusal: { kind: 'not-owner', name: rig.name, owner: rig.owner } };
  }
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

export const noSuchRig = async (
  rigs: Rigs,
  name: RigName,
  by: Person,
): Promise<{ readonly kind: 'refused'; readonly refusal: Refusal }> => {
  const mine = await rigs.ownedBy(by.id);
  return { kind: 'refused', refusal: { kind: 'no-such-rig', name, mine: mine.map((rig) => rig.name) } };
};
