// What a host saw becomes what the registry knows.

import type { Hosts, Log } from '../ports.ts';
import type { Report } from '../rig/report.ts';
import { type ChangePorts, changeRig } from './change-rig.ts';

export type ReportPorts = ChangePorts & { readonly hosts: Hosts; readonly log: Log };

export const recordReport = async (ports: ReportPorts, report: Report): Promise<void> => {
  const change = await changeRig(ports, report.rig, { kind: 'reported', report });
  const facts = { rig: report.rig, generation: report.generation, host: report.host, saw: report.saw.kind };
  if (change.kind === 'unknown-rig')
    ports.log.warn(facts, 'a report about a rig that the registry does not know');
  if (change.kind !== 'changed') return;
  if (report.saw.kind !== 'pulling') ports.log.info({ ...facts, name: change.rig.name }, 'reported');
  if (report.saw.kind === 'ready' && change.rig.took !== undefined) {
    await ports.hosts.recordTook(report.host, change.rig.took);
  }
};
