// Notes in the audit what a person asked for and did not change a rig: a refusal, a password that was shown. What changes a
// rig is noted with the change itself.

import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import { QueueDown } from '../ports/faults.ts';
import type { Log } from '../ports/log.ts';
import type { Asker } from '../rig/access.ts';
import { type AuditEntry, byPerson } from '../rig/audit.ts';
import type { Refusal } from '../rig/refusal.ts';
import type { HostName, Person, Rig } from '../rig/rig.ts';
import type { Refused } from './find-rig.ts';

export type NotePorts = { readonly audit: Audit; readonly clock: Clock; readonly log: Log };

export type Act = {
  /** A verb: `extend`. */
  readonly what: string;
  readonly by: Asker;
  /** What it was asked of, where there is such a rig. */
  readonly name?: string | undefined;
  readonly host?: HostName | undefined;
};

/** The outcome as it came; a refusal is noted on its way. */
export const noteRefusal = async <T extends { readonly kind: string }>(
  ports: NotePorts,
  { what, by, name, host }: Act,
  asking: Promise<T | Refused>,
): Promise<T | Refused> => {
  const outcome = await asking;
  if (!isRefused(outcome)) return outcome;
  const { refusal } = outcome;
  // A name that there is not must not make a list of its own.
  const rig = refusal.kind === 'no-such-rig' || name === undefined ? undefined : { id: undefined, name };
  await note(ports, {
    by: byPerson(by),
    what,
    outcome: 'refused',
    why: refusal.kind,
    rig,
    ...hostOf(refusal, host),
  });
  return outcome;
};

/** Neither must a host that there is not. */
const hostOf = ({ kind }: Refusal, host: HostName | undefined) =>
  host === undefined || kind === 'no-such-host' || kind === 'only-admins' ? {} : { host };

export const isRefused = (outcome: { readonly kind: string }): outcome is Refused =>
  outcome.kind === 'refused';

/** Somebody may not use the bot at all, or not here. */
export const noteTurnedAway = (ports: NotePorts, what: string, by: Person, why: string): Promise<void> =>
  note(ports, { by: byPerson(by), what, outcome: 'refused', why });

/** Something was done that left the rig as it was. */
export const noteDone = (
  ports: NotePorts,
  { what, by }: Pick<Act, 'what' | 'by'>,
  { id, name }: Pick<Rig, 'id' | 'name'>,
  why?: string,
): Promise<void> => note(ports, { by: byPerson(by), what, outcome: 'done', why, rig: { id, name } });

/** Something was done to a host. */
export const noteHost = (
  ports: NotePorts,
  { what, by }: Pick<Act, 'what' | 'by'>,
  host: HostName,
  why?: string,
): Promise<void> => note(ports, { by: byPerson(by), what, outcome: 'done', why, host });

/** Nobody's answer waits for the audit: where Redis is away the log has it. */
const note = async ({ audit, clock, log }: NotePorts, entry: Omit<AuditEntry, 'at'>): Promise<void> => {
  try {
    await audit.append({ at: clock.now(), ...entry });
  } catch (error) {
    if (!(error instanceof QueueDown)) throw error;
    log.warn({ entry }, 'could not be noted in the audit');
  }
};
