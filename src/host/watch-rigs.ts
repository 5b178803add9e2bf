// Sees rigs that ended by themselves, ran out of memory or were removed by hand, and reports them with their last words.
// Whatever has a job under way, a stop decided or no claim at all is somebody else's to deal with.

import type { RigContainer } from '../ports/engine.ts';
import { allowsStart } from '../rig/claim.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import type { RigEnder } from './end-rig.ts';
import type { HostPorts } from './parts.ts';
import type { JobRunner, Place } from './run-job.ts';

export type RigWatch = {
  /** One look at all containers of this installation. */
  readonly look: () => Promise<void>;
};

export const createRigWatch = (
  ports: HostPorts,
  { isBusy, takeReady }: Pick<JobRunner, 'isBusy' | 'takeReady'>,
  ender: RigEnder,
): RigWatch => {
  const { engine, fence } = ports;
  /** Those that ran at the last look, or became ready since: what of them is missing now was removed by somebody else. */
  let running = new Map<RigId, Place>();

  const isOurs = async ({ rig, generation, address }: Place): Promise<boolean> =>
    !isBusy(rig) && allowsStart(await fence.claim(rig), generation, address) && !isBusy(rig);

  const end = async (one: Place, reason: FailReason): Promise<void> => {
    // Its container is gone because of us then: the next look must not take it for removed by somebody else.
    await ender.end(one, reason).finally(() => running.delete(one.rig));
  };

  return {
    look: async () => {
      await ender.reportAll();
      // One that was removed before any look saw it run is missing as well.
      for (const one of takeReady()) running.set(one.rig, one);
      const containers = await engine.rigs();
      for (const one of containers) {
        if (one.state !== 'exited' || !(await isOurs(one))) continue;
        const seen = await engine.inspect(one.container);
        if (seen?.state !== 'exited') continue;
        const { exitCode, outOfMemory } = seen;
        await end(one, { kind: 'died', exitCode, outOfMemory });
      }
      for (const one of running.values()) {
        if (containers.some(({ rig }) => rig === one.rig) || !(await isOurs(one))) continue;
        // Looked for by id before anything is said: a list can be older than a launch.
        if ((await engine.rigContainers(one.rig)).length > 0) continue;
        await end(one, { kind: 'removed' });
      }
      // Last: a look that failed on its way is made again with what the one before it saw. One that was just being removed by
      // somebody is not forgotten: the next look misses it.
      const known = containers.filter((one) => isUp(one) || running.has(one.rig));
      running = new Map(known.map((one) => [one.rig, one]));
    },
  };
};

const isUp = ({ state }: RigContainer): boolean => state === 'running' || state === 'paused';
