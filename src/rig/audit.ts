// Who did what to which rig, how it came out and why: one entry for each act of a person, a bot or a host. Append-only.

import type { RigEvent } from './advance.ts';
import { assertNever } from './assert-never.ts';
import type { Instant } from './duration.ts';
import type { RigName } from './name.ts';
import type { HostName, Person, Rig, RigId, StopReason } from './rig.ts';
import type { Use } from './use.ts';

export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'bot' }
  | { readonly kind: 'host'; readonly name: HostName };

export type AuditEntry = {
  readonly at: Instant;
  readonly by: Actor;
  /** A verb: `up`, `extend`, `expire`. */
  readonly what: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly rig?: { readonly id: RigId | undefined; readonly name: RigName } | undefined;
  /** Where it was done to a host and not to a rig. */
  readonly host?: HostName | undefined;
  /** In few words, without secrets: why, or to what end. */
  readonly why?: string | undefined;
};

export const byPerson = ({ id, name }: Person): Actor => ({ kind: 'person', id, name });
const byBot: Actor = { kind: 'bot' };

type Deed = Pick<AuditEntry, 'by' | 'what' | 'outcome' | 'why'>;

const deed = (by: Actor, what: string, why?: string): Deed => ({ by, what, outcome: 'done', why });

/** What is written with a change that took place; figures of a pull are not worth a line. */
export const auditOf = (event: RigEvent, after: Rig, now: Instant): AuditEntry | undefined => {
  const done = deedOf(event, after);
  return done && { at: now, ...done, rig: { id: after.id, name: after.name } };
};

export const auditOfUp = (
  rig: Pick<Rig, 'id' | 'name' | 'owner' | 'host' | 'tag' | 'created'>,
): AuditEntry => ({
  at: rig.created,
  ...deed(byPerson(rig.owner), 'up', `on ${rig.host}, tag ${rig.tag}`),
  rig: { id: rig.id, name: rig.name },
});

/** Its address was somebody else's. */
export const auditOfSwap = (rig: Pick<Rig, 'id' | 'name' | 'host' | 'address'>, at: Instant): AuditEntry => ({
  at,
  ...deed({ kind: 'host', name: rig.host }, 'swap', `${rig.address} was in use by something else`),
  rig: { id: rig.id, name: rig.name },
});

/** Its host has it, and the registry did not know it, or not as late. */
export const adoptionAudit = (
  { id, name, host }: Pick<Rig, 'id' | 'name' | 'host'>,
  now: Instant,
): AuditEntry => ({
  at: now,
  ...deed(byBot, 'take in', `from host ${host}`),
  rig: { id, name },
});

const deedOf = (event: RigEvent, after: Rig): Deed | undefined => {
  switch (event.kind) {
    case 'reported':
      return deedOfReport(event, after);
    case 'stop':
      return deedOfStop(event.reason);
    case 'withdrawn':
      return { ...deed(byBot, 'give up', 'no worker came to it in time'), outcome: 'failed' };
    case 'restart':
      return deed(byPerson(event.by), 'restart', `generation ${after.generation}, tag ${after.tag}`);
    case 'forget':
      return { ...deed(byPerson(event.by), 'give up', 'host-forgotten'), outcome: 'failed' };
    case 'given-up':
      return deed(byBot, 'release', 'nobody restarted it');
    case 'extend':
      return deed(byPerson(event.by), 'extend', untilText(after));
    case 'keep':
      return deed(byPerson(event.by), 'keep', 'without an end');
    case 'want':
      return deed(byPerson(event.by), 'want', 'though it is unused');
    case 'share':
      return deed(byPerson(event.by), 'share', `with ${event.with.map(nameAndId).join(', ')}`);
    case 'give':
      return deed(byPerson(event.by), 'give', `to ${nameAndId(event.to)}`);
    case 'due':
      return deedOfLease(event, after);
    default:
      return assertNever(event);
  }
};

const deedOfStop = (reason: StopReason): Deed => {
  switch (reason.kind) {
    case 'asked':
      return deed(byPerson(reason.by), 'stop');
    case 'drained':
      return deed(byPerson(reason.by), 'stop', reason.kind);
    case 'expired':
    case 'idle':
    case 'not-restarted':
    case 'not-there':
    case 'address-twice':
    case 'licence-twice':
    case 'overdue':
      return deed(byBot, 'stop', reason.kind);
    default:
      return assertNever(reason);
  }
};

const nameAndId = ({ name, id }: Person): string => `${name} (${id})`;
const untilText = ({ lease }: Rig): string =>
  lease.end === undefined ? 'without an end' : `until ${new Date(lease.end).toISOString()}`;

const deedOfReport = ({ report }: RigEvent & { kind: 'reported' }, after: Rig): Deed | undefined => {
  const by: Actor = { kind: 'host', name: report.host };
  switch (report.saw.kind) {
    case 'pulling':
    case 'starting':
    case 'log':
      return undefined;
    case 'ready':
      return deed(by, 'ready');
    case 'failed':
      return {
        ...deed(by, after.state.kind === 'crashed' ? 'crash' : 'fail', report.saw.reason.kind),
        outcome: 'failed',
      };
    case 'gone':
      return deed(by, 'end');
    case 'resumed':
      return deed(by, 'resume', 'Docker was restarted');
    case 'refused':
      return undefined;
    case 'missing':
      return { ...deed(by, 'miss', 'no container of it there'), outcome: 'failed' };
    default:
      return assertNever(report.saw);
  }
};

const deedOfLease = ({ step }: RigEvent & { kind: 'due' }, after: Rig): Deed => {
  switch (step.kind) {
    case 'remind':
      return deed(byBot, 'remind');
    case 'grace':
      return deed(byBot, 'grace', untilText(after));
    case 'keep':
      return deed(byBot, 'keep on', `${useText(step.use)}; ${untilText(after)}`);
    case 'idle':
      return deed(byBot, 'warn', 'nobody uses it');
    case 'used':
      return deed(byBot, 'call off', 'it is used, or nobody knows');
    case 'expire':
      return deed(byBot, 'expire', step.reason);
    default:
      return assertNever(step);
  }
};

const useText = (use: Use): string => {
  switch (use.kind) {
    case 'streams':
      return `in use: ${use.count} streams`;
    case 'traffic':
      return `in use: ${Math.round(use.bytesPerSecond)} bytes a second`;
    case 'idle':
      return 'not used';
    case 'unknown':
      return 'use unknown';
    default:
      return assertNever(use);
  }
};
