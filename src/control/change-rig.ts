// Reads a rig, moves it on, saves it with its news: again from the start when somebody else saved in between.

import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/queue.ts';
import type { Rigs, StoredRig, Vanished } from '../ports/registry.ts';
import { advance, type RigEvent } from '../rig/advance.ts';
import { auditOf } from '../rig/audit.ts';
import { numberNews } from '../rig/news.ts';
import type { Rig, RigId } from '../rig/rig.ts';
import { wakeTeller } from './wake-teller.ts';

export type ChangePorts = { readonly rigs: Rigs; readonly jobs: Jobs; readonly clock: Clock };

export type Change =
  | { readonly kind: 'changed'; readonly rig: Rig; readonly before: Rig }
  /** The event came late, twice or out of order. */
  | { readonly kind: 'unchanged'; readonly rig: Rig }
  | { readonly kind: 'unknown-rig' }
  /** Its new owner has as many rigs as one person may have. */
  | { readonly kind: 'user-quota'; readonly rig: Rig };

export type ChangeLimits = { readonly perUser?: number | undefined };

/** Slack delivered what was done already once more; whoever got it first has answered. */
export type Repeated = { readonly kind: 'repeated' };

/** Slack repeats a delivery within minutes, and nobody does more with one rig meanwhile. */
const mostHeeded = 8;

/** More rounds than there can be bots and reports in flight for one rig; beyond that something is broken. */
const mostRounds = 100;

export const changeRig = (
  ports: ChangePorts,
  id: RigId,
  event: RigEvent,
  limits: ChangeLimits = {},
): Promise<Change> => keepTrying(ports, id, (stored) => tryOnce(ports, stored, event, limits));

/**
 * For what is done twice when it is heard twice: "an hour more". `delivery`: Slack's `trigger_id`. It is written by the same
 * save, so that of two bots that were delivered the same one does it.
 */
export const changeRigOnce = (
  ports: ChangePorts,
  id: RigId,
  event: RigEvent,
  delivery: string | undefined,
): Promise<Change | Repeated> =>
  keepTrying<Change | Repeated>(ports, id, async (stored) => {
    if (delivery === undefined) return tryOnce(ports, stored, event, {});
    const { heeded = [] } = stored.rig;
    if (heeded.includes(delivery)) return { kind: 'repeated' };
    return tryOnce(ports, stored, event, {}, [...heeded, delivery].slice(-mostHeeded));
  });

const keepTrying = async <T>(
  { rigs }: ChangePorts,
  id: RigId,
  attempt: (stored: StoredRig) => Promise<T | 'conflict'>,
): Promise<T | { readonly kind: 'unknown-rig' }> => {
  for (let round = 0; round < mostRounds; round += 1) {
    const stored = await rigs.get(id);
    if (!stored) return { kind: 'unknown-rig' };
    const change = await attempt(stored);
    if (change !== 'conflict') return change;
  }
  throw new Error(`rig ${id}: ${mostRounds} saves in a row met another one`);
};

/** Where a host vanished something may still answer on the address. */
const quarantineOf = ({ id, host }: Rig, event: RigEvent): Vanished | undefined =>
  event.kind === 'forget' ? { why: 'host-vanished', at: event.at, host, rig: id } : undefined;

const tryOnce = async (
  { rigs, jobs, clock }: ChangePorts,
  { rig, version }: StoredRig,
  event: RigEvent,
  { perUser }: ChangeLimits,
  heeded = rig.heeded,
): Promise<Change | 'conflict'> => {
  const moved = advance(rig, event);
  if (moved.kind === 'unchanged') return { kind: 'unchanged', rig };
  const step = { ...moved, rig: { ...moved.rig, heeded } };
  const told = numberNews(rig, version + 1, step.news);
  const audit = auditOf(event, step.rig, clock.now());
  const quarantine = quarantineOf(rig, event);
  const saved = await rigs.save({
    rig: step.rig,
    version,
    told,
    release: step.release,
    audit,
    perUser,
    quarantine,
  });
  if (saved === 'conflict') return 'conflict';
  if (saved === 'user-quota') return { kind: 'user-quota', rig };
  await wakeTeller(jobs, rig.id);
  return { kind: 'changed', rig: step.rig, before: rig };
};
