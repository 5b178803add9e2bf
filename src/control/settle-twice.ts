// Two rigs have one address, or one licence, which comes out when one of them is taken in: one of them goes.

import type { KeptRig } from '../ports/surveys.ts';
import { adoptEnded } from '../rig/adopt.ts';
import { isSameHost } from '../rig/host.ts';
import { lookJob, removeJob, stopJob } from '../rig/job.ts';
import { type FailReason, isLiving, type Rig, type RigId, type StopReason } from '../rig/rig.ts';
import type { Survey, SurveyedContainer } from '../rig/survey.ts';
import { changeRig } from './change-rig.ts';
import type { ReconcilePolicy, ReconcilePorts } from './reconcile-parts.ts';
import { takeIn } from './take-in.ts';

export type Meeting = {
  readonly what: 'address' | 'licence';
  readonly survey: Survey<KeptRig>;
  readonly container: SurveyedContainer<KeptRig>;
  /** As it would be taken in. */
  readonly rig: Rig;
  /** Who has its address, or its licence, in the registry. */
  readonly holder: RigId;
};

/**
 * Of two that are both there the one that was made later goes, whatever else holds: two on one address are both of no use,
 * and a licence is for one. `done`: nothing more can be known now, and their address stays held, so that nobody else gets it.
 */
export const settleTwice = async (
  ports: ReconcilePorts,
  policy: ReconcilePolicy,
  meeting: Meeting,
): Promise<'done' | 'later'> => {
  const stored = await ports.rigs.get(meeting.holder);
  if (!stored || !isLiving(stored.rig)) return 'later';
  const other = stored.rig;
  const isLicence = meeting.what === 'licence';
  // Where nothing was lost the registry is right: as of a host that was forgotten, and is back after a week.
  if (isLicence && !(await ports.epochs.adopting()).has(meeting.rig.network.lan))
    return giveWay(ports, meeting);
  const host = (await ports.hosts.current()).find(({ name }) => isSameHost(name, other.host));
  // Its own address is held by nobody until it is taken in: its LAN has to wait for that host, or until it is forgotten.
  if (host === undefined || host.state === 'unreachable') return isLicence ? 'later' : 'done';
  const seen = await newSurveyOf(ports, policy, other);
  if (!seen) return 'later';
  const there = seen.containers.find((one) => one.rig === other.id);
  if (!there) {
    // Perhaps it ended since the copy that knows it: its host looks by id, and what it had is free then.
    await ports.jobs.send(other.host, lookJob(other, true, ports.clock.now()));
    return 'later';
  }
  return there.madeAt <= meeting.container.madeAt ? giveWay(ports, meeting) : makeWay(ports, other, meeting);
};

/** What its host said before the adoption began, or long ago, says nothing of now. */
const newSurveyOf = async (
  { surveys, epochs, clock }: ReconcilePorts,
  { fresh }: ReconcilePolicy,
  { host, network }: Rig,
): Promise<Survey<KeptRig> | undefined> => {
  const survey = await surveys.of(host);
  const since = (await epochs.adopting()).get(network.lan) ?? clock.now() - fresh;
  return survey !== undefined && survey.started >= since ? survey : undefined;
};

const tell = (
  { log }: ReconcilePorts,
  { what, rig, holder, container: { address } }: Meeting,
  goes: RigId,
): void => {
  const facts = what === 'address' ? { address } : { licenceId: rig.licenceId };
  log.warn({ rig: rig.id, holder, goes, ...facts }, `two rigs have one ${what}: one of them goes`);
};

const giveWay = async (ports: ReconcilePorts, meeting: Meeting): Promise<'later'> => {
  const { jobs, clock } = ports;
  const { survey, container, rig } = meeting;
  const { address, kept } = container;
  tell(ports, meeting, rig.id);
  const reason: FailReason =
    meeting.what === 'address' ? { kind: 'address-in-use', address } : { kind: 'licence-in-use' };
  const { rig: ended, news } = adoptEnded(rig, reason, clock.now());
  const taking = { rig: ended, version: (kept?.version ?? 0) + 1, expected: undefined, card: kept?.card };
  await takeIn(ports, taking, news);
  await jobs.send(survey.host, removeJob(container, clock.now()));
  return 'later';
};

const makeWay = async (ports: ReconcilePorts, other: Rig, meeting: Meeting): Promise<'later'> => {
  const { jobs, clock } = ports;
  tell(ports, meeting, other.id);
  const reason: StopReason = { kind: meeting.what === 'address' ? 'address-twice' : 'licence-twice' };
  const change = await changeRig(ports, other.id, { kind: 'stop', reason, at: clock.now() });
  // Also where it was decided before: nothing else sends it while the LAN is in adoption.
  if (change.kind !== 'unknown-rig' && change.rig.state.kind === 'stopping') {
    await jobs.send(change.rig.host, stopJob(change.rig));
  }
  return 'later';
};
