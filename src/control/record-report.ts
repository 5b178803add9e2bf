// What a host saw becomes what the registry knows.

import type { Hosts } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';
import { launchJob } from '../rig/job.ts';
import type { Report } from '../rig/report.ts';
import { type ChangePorts, changeByReport } from './change-rig.ts';

export type ReportPorts = ChangePorts & { readonly hosts: Hosts; readonly log: Log };

/**
 * `hold`: how long a rig that was up and is no more keeps its name and address for a restart; `deadline`: how long a host may
 * take until it begins a start.
 */
export const recordReport = async (
  ports: ReportPorts,
  report: Report,
  { hold, deadline }: { readonly hold: Duration; readonly deadline: Duration },
): Promise<void> => {
  // Counted from now: whoever was not told of a crash, since no bot was there, cannot have restarted it.
  const late = Math.max(0, ports.clock.now() - report.at);
  const change = await changeByReport(ports, report.rig, { kind: 'reported', report, hold: hold + late });
  const facts = { rig: report.rig, generation: report.generation, host: report.host, saw: report.saw.kind };
  // The queue brings it again in a moment.
  if (change.kind === 'later')
    throw new Error(
      `rig ${report.rig} needs another address, and ${change.rig.network.lan} gives out none yet`,
    );
  if (change.kind === 'unknown-rig')
    ports.log.warn(facts, 'a report about a rig that the registry does not know');
  if (report.saw.kind === 'refused')
    ports.log.warn(
      { ...facts, rev: report.saw.rev },
      'its host knows of a later lease: taken in at its next survey',
    );
  if (change.kind !== 'changed') return;
  if (report.saw.kind !== 'pulling') ports.log.info({ ...facts, name: change.rig.name }, 'reported');
  // Another address, and so another start of it. Should Redis go away between the two, resume-jobs sends the job.
  if (change.rig.generation > change.before.generation) {
    const { rig } = change;
    ports.log.warn({ ...facts, in: change.before.address, now: rig.address }, 'an address was in use');
    await ports.jobs.send(rig.host, launchJob(rig, rig.state.since + deadline));
  }
  // A restart stops the container before, which may take as long as it likes.
  if (report.saw.kind === 'ready' && report.generation === 1 && change.rig.took !== undefined) {
    await ports.hosts.recordTook(report.host, change.rig.took);
  }
};
