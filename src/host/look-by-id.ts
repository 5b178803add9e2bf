// A survey may be older than a launch, and a list may lack what is there: what is asked for by its id is looked for by that.

import type { LookJob } from '../rig/job.ts';
import type { HostPorts, HostSettings } from './parts.ts';

/** A container that is there is no news: the survey after this one has it. */
export const lookById = async (
  { engine, reports, clock }: HostPorts,
  { host }: HostSettings,
  { rig, generation, restored }: LookJob,
): Promise<void> => {
  const containers = await engine.rigContainers(rig);
  if (containers.some((one) => one.generation >= generation)) return;
  const saw = { kind: 'missing', restored } as const;
  await reports.send({ v: 1, host, rig, generation, at: clock.now(), saw });
};
