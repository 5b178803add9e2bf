// Sees rigs that ended by themselves, ran out of memory or were removed by hand, and reports them with their last words.
// Whatever has a job under way, a stop decided or no claim at all is somebody else's to deal with.

import { setTimeout as delay } from 'node:timers/promises';
import type { RigContainer } from '../ports/engine.ts';
import { EngineDown } from '../ports/faults.ts';
import { allowsStart } from '../rig/claim.ts';
import { mayBeEngineStop } from '../rig/engine-stop.ts';
import type { RigId } from '../rig/rig.ts';
import { inTurn, throwUndone } from './in-turn.ts';
import type { HostPorts, HostSettings } from './parts.ts';
import type { RigCare } from './rig-care.ts';
import type { JobRunner, Place } from './run-job.ts';

export type RigWatch = {
  /** One look at all containers of this installation. */
  readonly look: () => Promise<void>;
};

export const createRigWatch = (
  ports: HostPorts,
  { isBusy, takeReady }: Pick<JobRunner, 'isBusy' | 'takeReady'>,
  { lookAgain }: Pick<HostSettings, 'lookAgain'>,
  { life, ender, resumer }: RigCare,
): RigWatch => {
  const { engine, fence, log } = ports;
  /** Those that ran at the last look, or became ready since: what of them is missing now was removed by somebody else. */
  let running = new Map<RigId, Place>();

  const isOurs = async ({ rig, generation, address }: Place): Promise<boolean> =>
    !isBusy(rig) && allowsStart(await fence.claim(rig), generation, address) && !isBusy(rig);

  const isCared = (one: RigContainer): boolean => life.isWaiting(one) || resumer.isResuming(one.rig);

  /** All there are; where the engine was started anew, those that it ended are started again. */
  const list = async (): Promise<readonly RigContainer[]> => {
    const isAnew = await life.isAnew();
    const containers = await engine.rigs();
    const cutOff = isAnew ? containers.filter((one) => one.state === 'exited' && mayBeEngineStop(one)) : [];
    if (isAnew) log.warn({ rigs: cutOff.map(({ rig }) => rig) }, 'the engine was started anew');
    await life.settle(cutOff);
    await life.keepOnly(containers);
    resumer.begin(containers);
    return containers;
  };

  const endedOf = async (containers: readonly RigContainer[]): Promise<readonly RigContainer[]> => {
    const ended: RigContainer[] = [];
    for (const one of containers) {
      if (one.state === 'exited' && !isCared(one) && (await isOurs(one))) ended.push(one);
    }
    return ended;
  };

  const endDead = async (one: RigContainer): Promise<void> => {
    const seen = await engine.inspect(one.container);
    if (seen?.state !== 'exited' || !(await isOurs(one))) return;
    const { exitCode, outOfMemory } = seen;
    await ender.end(one, { kind: 'died', exitCode, outOfMemory });
  };

  const endMissing = async (one: Place, containers: readonly RigContainer[]): Promise<void> => {
    if (containers.some(({ rig }) => rig === one.rig) || resumer.isResuming(one.rig)) return;
    if (ender.hasEnded(one) || !(await isOurs(one))) return;
    // Looked for by id before anything is said: a list can be older than a launch.
    if ((await engine.rigContainers(one.rig)).length > 0) return;
    await ender.end(one, { kind: 'removed' });
  };

  const look = async (): Promise<void> => {
    await ender.reportAll();
    // One that was removed before any look saw it run is missing as well.
    for (const one of takeReady()) {
      running.set(one.rig, one);
      // Its launch has told that it is up.
      await life.drop(one);
    }
    const containers = await list();
    const ended = await endedOf(containers);
    if (ended.some(mayBeEngineStop)) {
      // An engine that is being stopped ends its containers first, and answers until then.
      await delay(lookAgain);
      if (await life.isAnew()) return look();
    }
    const dead = await inTurn(ended, endDead);
    const missing = await inTurn(running.values(), (one) => endMissing(one, containers));
    // Last: a look that failed on its way is made again with what the one before it saw. One that was just being removed by
    // somebody is not forgotten: the next look misses it.
    const known = containers.filter((one) => isUp(one) || running.has(one.rig));
    running = new Map([...missing.map(({ one }) => one), ...known].map((one) => [one.rig, one]));
    throwUndone([...dead, ...missing]);
  };

  return {
    look: async () => {
      try {
        await look();
      } catch (error) {
        if (error instanceof EngineDown) life.noteAway();
        throw error;
      }
    },
  };
};

const isUp = ({ state }: RigContainer): boolean => state === 'running' || state === 'paused';
