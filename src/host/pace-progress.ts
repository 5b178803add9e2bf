// The figures of a pull, few enough to be reported.

import type { Duration } from '../rig/duration.ts';
import type { Sighting } from '../rig/report.ts';

/** At most one report in `every`: the queue and Slack are for states first. */
export const paceProgress = (report: (saw: Sighting) => Promise<void>, every: Duration) => {
  let last = Number.NEGATIVE_INFINITY;
  let sending: Promise<void> = Promise.resolve();
  const forget = (): void => undefined; // a lost figure is no loss; the next report of a state says whether Redis is there
  return {
    onPercent: (percent: number | undefined): void => {
      const now = performance.now();
      if (now - last < every) return;
      last = now;
      sending = sending.then(() => report({ kind: 'pulling', percent })).catch(forget);
    },
    settled: (): Promise<void> => sending,
  };
};
