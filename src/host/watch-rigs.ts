// Sees rigs that ended by themselves, ran out of memory or were removed by hand, and reports them with their last words.
// Whatever has a job under way, a stop decided or no claim at all is somebody else's to deal with.

import type { RigContainer } from '../ports/engine.ts';
import { allowsStart } from '../rig/claim.ts';
import type { Report } from '../rig/report.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import { clearAway } from './clear-away.ts';
import type { HostPorts, HostSettings } from './parts.ts';
import type { JobRunner, Place } from './run-job.ts';

export type RigWatch = {
  /** One look at all containers of this installation. */
  readonly look: () => Promise<void>;
};

export const createRigWatch = (
  ports: HostPorts,
  settings: HostSettings,
  { isBusy, takeReady }: Pick<JobRunner, 'isBusy' | 'takeReady'>,
): RigWatch => {
  const { engine, fence, reports, clock, log } = ports;
  /** Those that ran at the last look, or became ready since: what of them is missing now was removed by somebody else. */
  let running = new Map<RigId, Place>();

  const isOurs = async ({ rig, generation, address }: Place): Promise<boolean> =>
    !isBusy(rig) && allowsStart(await fence.claim(rig), generation, address) && !isBusy(rig);

  /** Cleared away, and not reported yet: Redis may be away in between, and nobody would ever look there again. */
  const unreported = new Map<RigId, Report>();

  const reportAll = async (): Promise<void> => {
    for (const [rig, report] of unreported) {
      await reports.send(report);
      unreported.delete(rig);
    }
  };

  const end = async ({ rig, generation }: Place, reason: FailReason): Promise<void> => {
    const tail = await clearAway(ports, settings, { rig, generation });
    log.warn({ rig, generation, reason }, 'a rig is no more');
    const saw = { kind: 'failed', reason, tail } as const;
    unreported.set(rig, { v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
    // Its container is gone because of us now: the next look must not take it for removed by somebody else.
    running.delete(rig);
    await reportAll();
  };

  return {
    look: async () => {
      await reportAll();
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
