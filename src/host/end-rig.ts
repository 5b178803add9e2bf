// The end of rigs that are no more: noted, cleared away, reported, in this order. What could not be reported is reported later,
// for nobody would ever look there again.

import { sightingOf, type Which } from '../rig/reconcile.ts';
import type { Report } from '../rig/report.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import { clearAway, markEnded } from './clear-away.ts';
import type { HostPorts, HostSettings } from './parts.ts';

export type RigEnder = {
  readonly end: (which: Which, reason: FailReason) => Promise<void>;
  /** What Redis was away for. */
  readonly reportAll: () => Promise<void>;
  /** Its container is gone, or going, because of us: nobody else has removed it. */
  readonly hasEnded: (which: Which) => boolean;
  /** From its note to its report: a survey would tell of it without its last words. */
  readonly isEnding: (rig: RigId) => boolean;
};

export const createRigEnder = (ports: HostPorts, settings: HostSettings): RigEnder => {
  const { reports, clock, log } = ports;
  const unreported = new Map<RigId, Report>();
  const ending = new Set<RigId>();
  /** A few bytes for each rig that did not end by a stop. */
  const ended = new Set<string>();

  const reportAll = async (): Promise<void> => {
    for (const [rig, report] of unreported) {
      await reports.send(report);
      unreported.delete(rig);
    }
  };

  return {
    end: async ({ rig, generation }, reason) => {
      ending.add(rig);
      try {
        await markEnded(ports, { rig, generation }, reason);
        const tail = await clearAway(ports, settings, { rig, generation });
        ended.add(sightingOf({ rig, generation }));
        log.warn({ rig, generation, reason }, 'a rig is no more');
        const saw = { kind: 'failed', reason, tail } as const;
        unreported.set(rig, { v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
      } finally {
        ending.delete(rig);
      }
      await reportAll();
    },
    reportAll,
    hasEnded: (which) => ending.has(which.rig) || ended.has(sightingOf(which)),
    isEnding: (rig) => ending.has(rig) || unreported.has(rig),
  };
};
