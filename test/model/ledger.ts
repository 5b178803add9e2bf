// What was really written and really told, noted at the moment when it happened, though the process that did it may never
// have heard of it. Each entry is checked against the one before: this is where the design's promises over time are held.

import { isDeepStrictEqual } from 'node:util';
import type { Rigs, Watch } from '../../src/ports/registry.ts';
import type { ClaimRequest } from '../../src/rig/claim.ts';
import { hour, type Instant } from '../../src/rig/duration.ts';
import type { Told } from '../../src/rig/news.ts';
import { hasOpenLease, isTerminal, type Rig, type RigId } from '../../src/rig/rig.ts';
import { leasePolicy } from './setting.ts';
import type { Violate } from './violation.ts';

export type Page = {
  readonly rig: Rig;
  readonly version: number;
  /** The latest end that anybody was ever granted. */
  readonly promised: Instant;
  /** All news of it, in order. */
  readonly news: readonly Told[];
};

export type Ledger = {
  /** The registry's rigs, with a note of each claim and save that took place. */
  readonly noting: (rigs: Rigs) => Rigs;
  readonly page: (rig: RigId) => Page | undefined;
  readonly pages: () => readonly Page[];
  /** A delivery, and the rig that it started. */
  readonly startedBy: (trigger: string) => RigId | undefined;
  /** Entries of the audit that were written. */
  /** The registry's watch, with a note of each look. */
  readonly watching: (watch: Watch) => Watch;
  readonly auditCount: () => number;
  readonly noteAudit: () => void;
};

type Save = Parameters<Rigs['save']>[0];

/** Where each state may lead; a new generation begins at `placed` again. */
const next: Readonly<Record<Rig['state']['kind'], readonly Rig['state']['kind'][]>> = {
  placed: ['placed', 'starting', 'running', 'crashed', 'stopping', 'failed'],
  starting: ['starting', 'placed', 'running', 'crashed', 'stopping', 'failed'],
  running: ['running', 'placed', 'crashed', 'stopping'],
  crashed: ['crashed', 'placed', 'stopping', 'failed'],
  stopping: ['stopping', 'stopped'],
  stopped: ['stopped'],
  failed: ['failed'],
};

/** `hasContainer`: on any host, by a look at its engine. */
export const createLedger = (
  violate: Violate,
  hasContainer: (rig: RigId) => boolean,
  now: () => Instant,
): Ledger => {
  const pages = new Map<RigId, Page>();
  const triggers = new Map<string, RigId>();
  /** When each was claimed, which may be long after its draft. */
  const claims = new Map<RigId, Instant>();
  let audits = 0;
  let watched: Instant | undefined;

  const claimed = (request: ClaimRequest, rig: Rig): void => {
    if (pages.has(rig.id)) violate('2: a claim is all or nothing', `${rig.id} was claimed twice`);
    const promised = rig.lease.end ?? Number.POSITIVE_INFINITY;
    pages.set(rig.id, { rig, version: 1, promised, news: request.told });
    const first = pages.get(triggers.get(request.request) ?? '')?.rig;
    // A bot that slept for longer than deliveries are remembered comes to it as to a new one.
    if (first && now() - (claims.get(first.id) ?? 0) < hour)
      violate('7: a delivery starts one rig', `${request.request}: ${first.id} and ${rig.id}`);
    triggers.set(request.request, rig.id);
    claims.set(rig.id, now());
    audits += 1;
  };

  const saved = (change: Save): void => {
    const before = pages.get(change.rig.id);
    if (!before) {
      violate('2: a claim is all or nothing', `${change.rig.id} was saved and never claimed`);
      return;
    }
    checkOrder(violate, before, change);
    checkLease(violate, before, change);
    checkWatched(violate, before, change, watched);
    checkRelease(violate, before, change, hasContainer);
    checkAudit(violate, before, change);
    if (change.audit) audits += 1;
    const promised = Math.max(before.promised, change.rig.lease.end ?? before.promised);
    pages.set(change.rig.id, {
      rig: change.rig,
      version: before.version + 1,
      promised,
      news: [...before.news, ...change.told],
    });
  };

  return {
    noting: (rigs) => ({
      ...rigs,
      claim: async (request) => {
        const outcome = await rigs.claim(request);
        if (outcome.kind === 'claimed') claimed(request, outcome.rig);
        return outcome;
      },
      save: async (change) => {
        const outcome = await rigs.save(change);
        if (outcome === 'saved') saved(change);
        return outcome;
      },
      swap: async (change) => {
        const outcome = await rigs.swap(change);
        if (outcome.kind === 'swapped') saved({ ...change, rig: outcome.rig, release: false });
        return outcome;
      },
    }),
    watching: (watch) => ({
      ...watch,
      note: async (moment) => {
        await watch.note(moment);
        // One that slept in between notes an earlier moment: others have looked since.
        watched = Math.max(watched ?? moment, moment);
      },
    }),
    page: (rig) => pages.get(rig),
    pages: () => [...pages.values()],
    startedBy: (trigger) => triggers.get(trigger),
    auditCount: () => audits,
    noteAudit: () => {
      audits += 1;
    },
  };
};

const checkOrder = (violate: Violate, { rig, version }: Page, { rig: after, version: read }: Save): void => {
  const what = `${rig.id} ${rig.state.kind} g${rig.generation} → ${after.state.kind} g${after.generation}`;
  if (read !== version) violate('2: saves name the version they read', `${what}: ${read}, not ${version}`);
  if (!next[rig.state.kind].includes(after.state.kind)) violate('states only move forward', what);
  const isNew = after.generation === rig.generation + 1 && after.state.kind === 'placed';
  if (after.generation !== rig.generation && !isNew) violate('generations only rise, one by one', what);
  if (after.state.kind === 'placed' && rig.state.kind !== 'placed' && !isNew)
    violate('states only move forward', what);
};

/** As Redis gives it back: without what is undefined, and in whatever order. */
const same = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));

const checkLease = (violate: Violate, { rig, promised }: Page, { rig: after, told }: Save): void => {
  const what = `${rig.name} (${rig.id}): ${JSON.stringify(rig.lease)} → ${JSON.stringify(after.lease)} in ${after.state.kind}`;
  const { end, cap } = after.lease;
  if (!same(rig.lease, after.lease) && after.lease.rev <= rig.lease.rev)
    violate('3: a change of the lease raises its rev', what);
  if (end !== undefined && (rig.lease.end === undefined || end < rig.lease.end))
    violate('3: a lease is never cut short', what);
  const isGrace = told.some(({ news }) => news.kind === 'reminder' && news.late);
  if (end !== undefined && end !== rig.lease.end && end > (cap ?? end) && !isGrace)
    violate('3: no end is past the cap but by a grace', what);
  const stops = after.state.kind === 'stopping' && rig.state.kind !== 'stopping' ? after.state : undefined;
  if (stops?.reason.kind === 'expired' && (rig.lease.end === undefined || stops.since < promised))
    violate('3: whoever was told "extended" is alive until then', `${what}, promised until ${promised}`);
  if (stops?.reason.kind === 'idle' && stops.since < (rig.lease.idleStop ?? Number.POSITIVE_INFINITY))
    violate('3: nobody is stopped for idleness without a word before', what);
};

/** An end that came while no bot was looking is not the end. */
const checkWatched = (
  violate: Violate,
  { rig }: Page,
  { rig: after }: Save,
  watched: Instant | undefined,
): void => {
  const { state } = after;
  if (state.kind !== 'stopping' || rig.state.kind === 'stopping' || state.reason.kind !== 'expired') return;
  const { end = 0 } = rig.lease;
  const slept = watched !== undefined && state.since - watched > leasePolicy({ idle: undefined }).unwatched;
  if (slept && watched < end)
    violate(
      '3: what ended unwatched gets a grace',
      `${rig.name} (${rig.id}) ended at ${end}, last look ${watched}`,
    );
};

const checkRelease = (
  violate: Violate,
  { rig }: Page,
  { rig: after, release }: Save,
  hasContainer: (rig: RigId) => boolean,
): void => {
  const what = `${rig.name} (${rig.id}) ${rig.state.kind} → ${after.state.kind}`;
  const ends = isTerminal(after.state) && !isTerminal(rig.state);
  if (release !== ends) violate('2: a claim is released with the end of its rig, and only then', what);
  if (release && hasContainer(rig.id)) violate('2: no claim is released while a container is left', what);
};

/** Figures of a pull, and the two looks of a boot, are not worth a line. */
const checkAudit = (violate: Violate, { rig }: Page, { rig: after, audit }: Save): void => {
  const booting = after.state.kind === 'starting';
  const changed = !same({ ...rig, image: 0 }, { ...after, image: 0 });
  if (changed && !booting && audit === undefined)
    violate('an entry of the audit for each change', `${rig.id} ${rig.state.kind} → ${after.state.kind}`);
};

/** Whether anything is still to be decided about its end. */
export const isOpen = ({ rig }: Page): boolean => hasOpenLease(rig);
