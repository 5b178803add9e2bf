// `logs`: asks a rig's host for its last lines. They come back as a report, and are told to whoever asked.

import type { Hosts } from '../ports/hosts.ts';
import { type Asker, personOf } from '../rig/access.ts';
import { type Duration, minute } from '../rig/duration.ts';
import { logJob } from '../rig/job.ts';
import type { Rig } from '../rig/rig.ts';
import type { ChangePorts } from './change-rig.ts';
import { findRig, type Refused, refused, type Which } from './find-rig.ts';

export type AskLogPorts = ChangePorts & {
  readonly hosts: Hosts;
  /** Short and random. */
  readonly newId: () => string;
};

export type AskLogOutcome = { readonly kind: 'asked'; readonly rig: Rig } | Refused;

/** Whoever asked has given up by then. */
const patience: Duration = 2 * minute;

export const askLog = async (
  ports: AskLogPorts,
  which: Which,
  lines: number,
  by: Asker,
): Promise<AskLogOutcome> => {
  const found = await findRig(ports.rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  const { rig } = found;
  if (rig.state.kind === 'crashed' || rig.state.kind === 'placed')
    return refused({ kind: 'not-running', rig });
  const host = (await ports.hosts.current()).find(({ name }) => name === rig.host);
  if (host?.state !== 'ready') return refused({ kind: 'host-away', name: rig.name, host: rig.host });
  const deadline = ports.clock.now() + patience;
  await ports.jobs.send(rig.host, logJob(rig, { request: ports.newId(), lines, to: personOf(by), deadline }));
  return { kind: 'asked', rig };
};
