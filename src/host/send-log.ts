// The last lines of a rig's log, for somebody who asked for them.

import type { LogJob } from '../rig/job.ts';
import { showable } from './clear-away.ts';
import type { HostPorts, HostSettings } from './parts.ts';

/** The whole of it lies in the queue and in the outbox for a moment. */
const mostCharacters = 100_000;

/** Whoever asked has given up after the deadline, and is told so. */
export const sendLog = async (ports: HostPorts, settings: HostSettings, job: LogJob): Promise<void> => {
  const { reports, clock } = ports;
  const lines = clock.now() > job.deadline ? undefined : await linesOf(ports, settings, job);
  const { rig, generation, to } = job;
  const saw = { kind: 'log', to, lines } as const;
  await reports.send({ v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
};

const linesOf = async (ports: HostPorts, settings: HostSettings, job: LogJob): Promise<readonly string[]> => {
  const { engine } = ports;
  const found = (await engine.rigContainers(job.rig)).find(({ generation }) => generation === job.generation);
  if (!found) return [];
  const lines = await engine.logTail(found.container, job.lines);
  return lastThatFit(showable(ports, settings, found, lines));
};

const lastThatFit = (lines: readonly string[]): readonly string[] => {
  let length = 0;
  const first = lines.findLastIndex((line) => {
    length += line.length + 1;
    return length > mostCharacters;
  });
  return lines.slice(first + 1);
};
