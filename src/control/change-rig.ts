// Reads a rig, moves it on, saves it with its news: again from the start when somebody else saved in between.

import type { Clock } from '../ports/clock.ts';
import type { Jobs } from '../ports/queue.ts';
import type { Rigs, StoredRig } from '../ports/registry.ts';
import { advance, type RigEvent, type Step } from '../rig/advance.ts';
import { assertNever } from '../rig/assert-never.ts';
import { auditOf, auditOfSwap } from '../rig/audit.ts';
import { numberNews } from '../rig/news.ts';
import type { Quarantined } from '../rig/quarantine.ts';
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

/** It needs another address, and its LAN is in adoption: to be tried again. */
export type Later = { readonly kind: 'later'; readonly rig: Rig };

type Reported = RigEvent & { readonly kind: 'reported' };

export type ChangeLimits = { readonly perUser?: number | undefined };

/** Slack delivered what was done already once more; whoever got it first has answered. */
export type Repeated = { readonly kind: 'repeated'; readonly rig: Rig };

/** Slack repeats a delivery within minutes, and nobody does more with one rig meanwhile. */
const mostHeeded = 8;

/** More rounds than there can be bots and reports in flight for one rig; beyond that something is broken. */
const mostRounds = 100;

export const changeRig = (
  ports: ChangePorts,
  id: RigId,
  event: Exclude<RigEvent, Reported>,
  limits: ChangeLimits = {},
): Promise<Change> => keepTrying(ports, id, (stored) => tryOnce(ports, stored, event, limits));

/** Only what a host saw can show that a rig needs another address. */
export const changeByReport = (ports: ChangePorts, id: RigId, event: Reported): Promise<Change | Later> =>
  keepTrying<Change | Later>(ports, id, async (stored) => {
    const step = advance(stored.rig, event);
    if (step.kind !== 'swap') return take(ports, stored, event, step, {});
    return (await swap(ports, stored, step)) ?? save(ports, stored, event, step.otherwise, {});
  });

/**
 * For what is done twice when it is heard twice: "an hour more". `delivery`: Slack's `trigger_id`. It is written by the same
 * save, so that of two bots that were delivered the same one does it.
 */
export const changeRigOnce = (
  ports: ChangePorts,
  id: RigId,
  event: Exclude<RigEvent, Reported>,
  delivery: string | undefined,
): Promise<Change | Repeated> =>
  keepTrying<Change | Repeated>(ports, id, async (stored) => {
    if (delivery === undefined) return tryOnce(ports, stored, event, {});
    const { heeded = [] } = stored.rig;
    if (heeded.includes(delivery)) return { kind: 'repeated', rig: stored.rig };
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
const quarantineOf = ({ id, host }: Rig, event: RigEvent): Quarantined | undefined =>
  event.kind === 'forget' ? { why: 'host-vanished', at: event.at, host, rig: id } : undefined;

const tryOnce = async (
  ports: ChangePorts,
  stored: StoredRig,
  event: Exclude<RigEvent, Reported>,
  limits: ChangeLimits,
  heeded = stored.rig.heeded,
): Promise<Change | 'conflict'> => {
  const step = advance(stored.rig, event);
  if (step.kind === 'swap')
    throw new Error(`rig ${stored.rig.id}: ${event.kind} is no reason for another address`);
  return take(ports, stored, event, step, limits, heeded);
};

const take = async (
  ports: ChangePorts,
  stored: StoredRig,
  event: RigEvent,
  step: Exclude<Step, { kind: 'swap' }>,
  limits: ChangeLimits,
  heeded = stored.rig.heeded,
): Promise<Change | 'conflict'> =>
  step.kind === 'unchanged'
    ? { kind: 'unchanged', rig: stored.rig }
    : save(ports, stored, event, { ...step, rig: { ...step.rig, heeded } }, limits);

const save = async (
  { rigs, jobs, clock }: ChangePorts,
  { rig, version }: StoredRig,
  event: RigEvent,
  { rig: next, news, release, setAside }: Step & { kind: 'changed' },
  { perUser }: ChangeLimits,
): Promise<Change | 'conflict'> => {
  const told = numberNews(rig, version + 1, news);
  const audit = auditOf(event, next, clock.now());
  const quarantine = setAside ?? quarantineOf(rig, event);
  const saved = await rigs.save({ rig: next, version, told, release, audit, perUser, quarantine });
  if (saved === 'conflict') return 'conflict';
  if (saved === 'user-quota') return { kind: 'user-quota', rig };
  await wakeTeller(jobs, rig.id);
  return { kind: 'changed', rig: next, before: rig };
};

/** `undefined`: no other address is free. */
const swap = async (
  { rigs, jobs, clock }: ChangePorts,
  { rig, version }: StoredRig,
  { rig: next, news, setAside }: Step & { kind: 'swap' },
): Promise<Change | Later | 'conflict' | undefined> => {
  const told = numberNews(rig, version + 1, news);
  const audit = auditOfSwap(rig, clock.now());
  const swapped = await rigs.swap({ rig: next, version, told, audit, setAside });
  switch (swapped.kind) {
    case 'conflict':
      return 'conflict';
    case 'adopting':
      return { kind: 'later', rig };
    case 'no-address':
      return undefined;
    case 'swapped':
      await wakeTeller(jobs, rig.id);
      return { kind: 'changed', rig: swapped.rig, before: rig };
    default:
      return assertNever(swapped);
  }
};
