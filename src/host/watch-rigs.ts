// Sees rigs that ended by themselves, ran out of memory or were removed by hand, and reports them with their last words.
// Whatever has a job under way, a stop decided or no claim at all is somebody else's to deal with.

import type { RigContainer } from '../ports.ts';
import { allowsStart } from '../rig/claim.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import { clearAway } from './clear-away.ts';
import type { HostPorts, HostSettings } from './parts.ts';

export type RigWatch = {
  /** One look at all containers of this installation. */
  readonly look: () => Promise<void>;
};

type Which = Pick<RigContainer, 'rig' | 'generation' | 'address'>;

/** `isBusy`: a job for this rig is under way. */
export const createRigWatch = (
  ports: HostPorts,
  settings: HostSettings,
  isBusy: (rig: RigId) => boolean,
): RigWatch => {
  const { engine, fence, reports, clock, log } = ports;
  /** Those that ran at the last look: what of them is missing now was removed by somebody else. */
  let running = new Map<RigId, Which>();

  const isOurs = async ({ rig, generation, address }: Which): Promise<boolean> =>
    !isBusy(rig) && allowsStart(await fence.claim(rig), generation, address) && !isBusy(rig);

  const report = async ({ rig, generation }: Which, reason: FailReason): Promise<void> => {
    const tail = await clearAway(ports, settings, { rig, generation });
    log.warn({ rig, generation, reason }, 'a rig is no more');
    const saw = { kind: 'failed', reason, tail } as const;
    await reports.send({ v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
  };

  return {
    look: async () => {
      const containers = await engine.rigs();
      const before = running;
      running = new Map(
        containers
          .filter(({ state }) => state === 'running' || state === 'paused')
          .map((one) => [one.rig, one]),
      );
      for (const one of containers) {
        if (one.state !== 'exited' || !(await isOurs(one))) continue;
        const seen = await engine.inspect(one.container);
        if (seen?.state !== 'exited') continue;
        const { exitCode, outOfMemory } = seen;
        await report(one, { kind: 'died', exitCode, outOfMemory });
      }
      for (const one of before.values()) {
        if (containers.some(({ rig }) => rig === one.rig) || !(await isOurs(one))) continue;
        // Looked for by id before anything is said: a list can be older than a launch.
        if ((await engine.rigContainers(one.rig)).length === 0) await report(one, { kind: 'removed' });
      }
    },
  };
};
