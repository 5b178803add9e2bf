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

/** More rounds than there can be bots and reports in flight for one rig; beyond that something is broken. */
const mostRounds = 100;

export const changeRig = async (
  ports: ChangePorts,
  id: RigId,
  event: RigEvent,
  limits: ChangeLimits = {},
): Promise<Change> => {
  for (let round = 0; round < mostRounds; round += 1) {
    const stored = await ports.rigs.get(id);
    if (!stored) return { kind: 'unknown-rig' };
    const change = await tryOnce(ports, stored, event, limits);
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
): Promise<Change | 'conflict'> => {
  const step = advance(rig, event);
  if (step.kind === 'unchanged') return { kind: 'unchanged', rig };
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
