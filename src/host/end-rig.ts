// The end of rigs that are no more: noted, cleared away, reported, in this order. What could not be reported is reported later,
// for nobody would ever look there again.

import type { Report } from '../rig/report.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import { clearAway, markEnded } from './clear-away.ts';
import type { HostPorts, HostSettings } from './parts.ts';

export type RigEnder = {
  readonly end: (
    which: { readonly rig: RigId; readonly generation: number },
    reason: FailReason,
  ) => Promise<void>;
  /** What Redis was away for. */
  readonly reportAll: () => Promise<void>;
  /** From its note to its report: a survey would tell of it without its last words. */
  readonly isEnding: (rig: RigId) => boolean;
};

export const createRigEnder = (ports: HostPorts, settings: HostSettings): RigEnder => {
  const { reports, clock, log } = ports;
  const unreported = new Map<RigId, Report>();
  const ending = new Set<RigId>();

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
        log.warn({ rig, generation, reason }, 'a rig is no more');
        const saw = { kind: 'failed', reason, tail } as const;
        unreported.set(rig, { v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
      } finally {
        ending.delete(rig);
      }
      await reportAll();
    },
    reportAll,
    isEnding: (rig) => ending.has(rig) || unreported.has(rig),
  };
};
