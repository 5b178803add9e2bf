// One part of what is looked at: it ends in time, whatever happens in it, and a fault of it is a finding. Nobody who broke the
// doctor off waits for it.

import { setTimeout as delay } from 'node:timers/promises';
import { type Duration, second } from '../rig/duration.ts';
import { type Finding, wrong } from './finding.ts';
import { type Title, titles } from './print.ts';

export const within = async (
  title: Title,
  limit: Duration,
  look: () => Promise<readonly Finding[]>,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  const late = delay(limit, 'late' as const, { signal, ref: false });
  try {
    const findings = await Promise.race([look(), late]);
    if (findings !== 'late') return findings;
    return [wrong(`${title}-time`, `${titles[title]} could not be looked at within ${limit / second} s`)];
  } catch (error) {
    if (signal.aborted) return [];
    const words = error instanceof Error ? error.message : String(error);
    return [wrong(`${title}-fault`, `${titles[title]} could not be looked at: ${words}`)];
  }
};
