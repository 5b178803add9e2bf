// Compares what a host says that it has with what the registry says that there should be. The difference is a list of steps;
// nothing is done here, and nothing is ever started anew without somebody's word.
//
// INVARIANTS
// - While a LAN is in adoption nothing is removed there, but for the later one of two rigs with one address or licence.
// - What nobody knows is removed only after two surveys have seen it, and a grace.
// - What was decided after a survey had begun is not measured by it.

import type { Duration, Instant } from './duration.ts';
import { isSameHost } from './host.ts';
import { isNewer, type Progress } from './record.ts';
import { type FailReason, type HostName, isLiving, isTerminal, type Rig, type RigId } from './rig.ts';
import type { LeftNote, Survey, SurveyedContainer } from './survey.ts';

export type KnownRig = { readonly rig: Rig; readonly version: number };

/** Which container, for those that are removed and those that are watched. */
export type Which = { readonly rig: RigId; readonly generation: number };

export type ReconcileStep<Kept> =
  /** The registry does not know it: it is taken in, by its note or, without one, by its labels. */
  | { readonly kind: 'adopt'; readonly container: SurveyedContainer<Kept> }
  /** Its host knows of a later change than the registry. */
  | {
      readonly kind: 'catch-up';
      readonly kept: Kept;
      readonly known: KnownRig;
      readonly container: SurveyedContainer<Kept>;
    }
  /** The registry does not know it, and it is over: its owner has not heard of that. */
  | {
      readonly kind: 'tell-end';
      readonly note: LeftNote<Kept>;
      readonly kept: Kept;
      readonly reason: FailReason;
    }
  /** It ended, and the registry has not heard of that. */
  | { readonly kind: 'record-end'; readonly rig: Rig; readonly reason: FailReason; readonly at: Instant }
  /** It should run, and the survey has no container of it: its host looks by id. */
  | { readonly kind: 'look'; readonly rig: Rig; readonly restored: boolean }
  | ({ readonly kind: 'remove'; readonly why: 'nobody-knows' | 'ended' | 'older-generation' } & Which)
  /** A note without a container of a rig that is over: its host throws it away. */
  | ({ readonly kind: 'forget' } & Which)
  /**
   * Nobody knows it; it is removed when it was seen again, and the grace is over. `of`: a rig that lives on that other host,
   * with a note of ours, as where a host was given another name; that one is only watched.
   */
  | ({ readonly kind: 'watch'; readonly since: Instant; readonly of?: HostName } & Which);

export type ReconcileFacts<Kept> = {
  readonly survey: Survey<Kept>;
  /** All rigs that the survey names, and all living ones of its host. */
  readonly known: ReadonlyMap<RigId, KnownRig>;
  /** Its LAN is in adoption. */
  readonly adopting: boolean;
  /** `RIG.GENERATION` of what nobody knew at earlier surveys → when the first of those began. */
  readonly sightings: ReadonlyMap<string, Instant>;
  /** For how long what nobody knows is only watched. */
  readonly grace: Duration;
  readonly now: Instant;
};

export const sightingOf = ({ rig, generation }: Which): string => `${rig}.${generation}`;

export const planReconcile = <Kept extends KnownRig>(
  facts: ReconcileFacts<Kept>,
): readonly ReconcileStep<Kept>[] => [
  ...facts.survey.containers.flatMap((container) => forContainer(facts, container)),
  ...facts.survey.notes.flatMap((note) => forNote(facts, note)),
  ...[...facts.known.values()].flatMap((known) => forMissing(facts, known)),
];

const forContainer = <Kept extends KnownRig>(
  facts: ReconcileFacts<Kept>,
  container: SurveyedContainer<Kept>,
): readonly ReconcileStep<Kept>[] => {
  const { rig, generation, kept } = container;
  const known = facts.known.get(rig);
  if (!known) {
    if (kept !== undefined || (facts.adopting && container.birth !== undefined))
      return [{ kind: 'adopt', container }];
    return unknown(facts, container);
  }
  const { state } = known.rig;
  if (isTerminal(state)) {
    const isOld = state.since < facts.survey.started;
    return isOld && !facts.adopting ? [{ kind: 'remove', why: 'ended', rig, generation }] : [];
  }
  if (!isSameHost(known.rig.host, facts.survey.host)) return elsewhere(facts, container, known.rig);
  if (generation < known.rig.generation) return older(facts, container, known.rig);
  if (kept !== undefined && (isLater(kept, known) || (facts.adopting && endsLater(kept, known))))
    return [{ kind: 'catch-up', kept, known, container }];
  return generation > known.rig.generation ? unknown(facts, container) : [];
};

/** No rig ever moves: labels are forged, or its host was given another name, and then somebody may be using it. */
const elsewhere = <Kept>(
  facts: ReconcileFacts<Kept>,
  container: SurveyedContainer<Kept>,
  { host }: Rig,
): readonly ReconcileStep<Kept>[] => {
  const { rig, generation, kept } = container;
  if (kept === undefined) return unknown(facts, container);
  const since = facts.sightings.get(sightingOf(container)) ?? facts.survey.started;
  return [{ kind: 'watch', rig, generation, since, of: host }];
};

/** A launch of the newer generation removes it by itself. */
const older = <Kept>(
  { adopting, survey }: ReconcileFacts<Kept>,
  { rig, generation }: Which,
  { state }: Rig,
): readonly ReconcileStep<Kept>[] =>
  state.kind === 'running' && state.since < survey.started && !adopting
    ? [{ kind: 'remove', why: 'older-generation', rig, generation }]
    : [];

/** Both may have gone on since a copy was made: whoever was told the later end has it. */
const endsLater = ({ rig }: KnownRig, known: KnownRig): boolean =>
  rig.generation === known.rig.generation &&
  known.rig.lease.end !== undefined &&
  (rig.lease.end === undefined || rig.lease.end > known.rig.lease.end);

const isLater = (kept: KnownRig, known: KnownRig): boolean => isNewer(progressOf(kept), progressOf(known));

const progressOf = ({ rig: { generation, lease }, version }: KnownRig): Progress => ({
  generation,
  lease,
  version,
});

const unknown = <Kept>(
  { sightings, survey, grace, now, adopting }: ReconcileFacts<Kept>,
  which: Which,
): readonly ReconcileStep<Kept>[] => {
  const { rig, generation } = which;
  const since = sightings.get(sightingOf(which)) ?? survey.started;
  const isSeenTwice = since < survey.started;
  return isSeenTwice && now - since >= grace && !adopting
    ? [{ kind: 'remove', why: 'nobody-knows', rig, generation }]
    : [{ kind: 'watch', rig, generation, since }];
};

const forNote = <Kept extends KnownRig>(
  facts: ReconcileFacts<Kept>,
  note: LeftNote<Kept>,
): readonly ReconcileStep<Kept>[] => {
  const { rig, generation, ended, kept } = note;
  const known = facts.known.get(rig);
  if (!known) {
    if (kept !== undefined && (ended !== undefined || facts.adopting)) {
      return [{ kind: 'tell-end', note, kept, reason: ended?.reason ?? { kind: 'removed' } }];
    }
    return unknownNote(facts, note);
  }
  if (isTerminal(known.rig.state)) {
    return known.rig.state.since < facts.survey.started ? [{ kind: 'forget', rig, generation }] : [];
  }
  const { state } = known.rig;
  const isOver = state.kind === 'crashed' || state.kind === 'stopping';
  if (ended === undefined || isOver || generation < known.rig.generation) return [];
  return [{ kind: 'record-end', rig: known.rig, ...ended }];
};

const unknownNote = <Kept>(
  facts: ReconcileFacts<Kept>,
  note: LeftNote<Kept>,
): readonly ReconcileStep<Kept>[] =>
  unknown(facts, note).map((step) => {
    const { rig, generation } = note;
    return step.kind === 'remove' ? { kind: 'forget', rig, generation } : step;
  });

const forMissing = <Kept>(
  { survey, adopting }: ReconcileFacts<Kept>,
  { rig }: KnownRig,
): readonly ReconcileStep<Kept>[] => {
  if (!isLiving(rig) || rig.state.kind !== 'running' || !isSameHost(rig.host, survey.host)) return [];
  if (rig.state.since >= survey.started) return [];
  const isThere = survey.containers.some((one) => one.rig === rig.id && one.generation >= rig.generation);
  const hasEnded = survey.notes.some((one) => one.rig === rig.id && one.ended !== undefined);
  return isThere || hasEnded ? [] : [{ kind: 'look', rig, restored: adopting }];
};

// ── the breaker ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** More than that share of a host's containers, and no fewer than so many, are not removed without a person's word. */
const [mostShare, fewest] = [0.3, 3];

/** How many one pass would remove, where that is too many; `undefined` where it is not. */
export const tooMany = <Kept>(
  steps: readonly ReconcileStep<Kept>[],
  { containers }: Survey<Kept>,
): { readonly would: number; readonly of: number } | undefined => {
  const would = steps.filter(({ kind }) => kind === 'remove').length;
  const of = containers.length;
  return would >= fewest && would > mostShare * of ? { would, of } : undefined;
};
