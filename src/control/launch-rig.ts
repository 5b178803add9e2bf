// `up`: choose a host, take the claim, send the job. Nothing is started here; a host does that when it sees the job.

import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Licences } from '../ports/licences.ts';
import type { CardPlace, Cards } from '../ports/outbox.ts';
import type { Jobs } from '../ports/queue.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Epochs } from '../ports/surveys.ts';
import { type Asker, personOf } from '../rig/access.ts';
import { assertNever } from '../rig/assert-never.ts';
import { auditOfUp } from '../rig/audit.ts';
import type { ClaimOutcome, UnplacedRig } from '../rig/claim.ts';
import type { Duration } from '../rig/duration.ts';
import type { Host } from '../rig/host.ts';
import { launchJob } from '../rig/job.ts';
import { grantLease, type LeaseLimits } from '../rig/lease.ts';
import { makeUpName, type RigName } from '../rig/name.ts';
import { card, numberNews } from '../rig/news.ts';
import { lostTo, placeRig, type Reason, type Wanted } from '../rig/placement.ts';
import type { Refusal } from '../rig/refusal.ts';
import { type Asked, type HostName, isLiving, isOwnedBy, type Rig } from '../rig/rig.ts';
import { refuseNowhere } from './refuse-nowhere.ts';
import { wakeTeller } from './wake-teller.ts';

export type LaunchRequest = {
  readonly owner: Asker;
  readonly name: RigName | undefined;
  readonly lease: Duration | undefined;
  readonly host: HostName | undefined;
  readonly tag: string | undefined;
  readonly asked: Pick<Asked, 'channel' | 'command' | 'quietly'>;
  /** Slack's `trigger_id`. */
  readonly request: string;
};

export type LaunchOutcome =
  | { readonly kind: 'launched'; readonly rig: Rig }
  /** Slack delivered the command again; the first delivery's rig is on its way. */
  | { readonly kind: 'repeated' }
  /** The asker has a living rig of this name. */
  | { readonly kind: 'already-yours'; readonly rig: Rig; readonly card: CardPlace | undefined }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type LaunchPolicy = {
  readonly lease: LeaseLimits;
  readonly rigsPerUser: number;
  readonly rigsMax: number | undefined;
  /** The only tags that may be asked for; `undefined`: any. */
  readonly tags: readonly string[] | undefined;
  /** How long after the claim a host may still begin. */
  readonly deadline: Duration;
  /** Of the secrets that passwords can be derived with; a host with another one is passed over. */
  readonly keyIds: readonly string[];
};

export type LaunchPorts = {
  readonly rigs: Rigs;
  readonly hosts: Hosts;
  readonly licences: Licences;
  readonly epochs: Pick<Epochs, 'adopting'>;
  readonly cards: Cards;
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** Short and random. */
  readonly newId: () => string;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
};

const refused = (refusal: Refusal): LaunchOutcome => ({ kind: 'refused', refusal });

export const launchRig = async (
  ports: LaunchPorts,
  policy: LaunchPolicy,
  request: LaunchRequest,
): Promise<LaunchOutcome> => {
  if (request.tag !== undefined && policy.tags !== undefined && !policy.tags.includes(request.tag)) {
    return refused({ kind: 'unknown-tag', tag: request.tag, known: policy.tags });
  }
  const mine = (await ports.rigs.ownedBy(request.owner.id)).map(({ host }) => host);
  let wanted: Wanted = { on: request.host, tag: request.tag, keyIds: policy.keyIds, mine };
  const lost: Reason[] = [];
  // Each round either ends or loses one host to somebody who was quicker, or one made-up name, so the rounds are bounded.
  for (let round = 0; round < 50; round += 1) {
    const known = await ports.hosts.current();
    if (known.length === 0) return refused({ kind: 'no-host' });
    const placement = placeRig(known, wanted, lost);
    if (placement.kind === 'nowhere')
      return refused(await refuseNowhere(ports, placement.reasons, known, request.host));
    if (placement.kind !== 'placed') return refused(placement);
    const rig = await draftRig(ports, policy, request, placement.host, round - lost.length);
    const outcome = await ports.rigs.claim({
      rig,
      limits: { perUser: policy.rigsPerUser, fleet: policy.rigsMax },
      slots: placement.host.slots,
      request: request.request,
      told: numberNews(rig, 1, [card]),
      audit: auditOfUp(rig),
    });
    const settled = await settle(ports, policy, request, placement.host, outcome, lost);
    if (settled !== 'again') return settled;
    wanted = await lookCloser(ports, wanted, outcome);
  }
  return refused(await refuseNowhere(ports, lost, await ports.hosts.current(), request.host));
};

/** Asked only where a claim was lost to it: there may be more such hosts than rounds, and mostly there is none. */
const lookCloser = async (
  { epochs, licences }: Pick<LaunchPorts, 'epochs' | 'licences'>,
  wanted: Wanted,
  { kind }: ClaimOutcome,
): Promise<Wanted> => {
  if (kind === 'adopting' && wanted.adopting === undefined)
    return { ...wanted, adopting: new Set((await epochs.adopting()).keys()) };
  if (kind === 'licences-unknown') return { ...wanted, licencesUnknown: true };
  if (kind !== 'no-licence') return wanted;
  const empty = [...(await licences.pools())].filter(([, { free }]) => free === 0);
  return { ...wanted, emptyPools: new Set(empty.map(([pool]) => pool)) };
};

/** Made-up names that were taken; after so many the fleet is large, and a number makes them many more. */
const patience = 3;

const draftRig = async (
  { clock, hosts, newId, random }: LaunchPorts,
  policy: LaunchPolicy,
  { name, owner, lease: length, host: wish, tag, asked }: LaunchRequest,
  host: Host,
  clashes: number,
): Promise<UnplacedRig> => {
  const now = clock.now();
  const { lease, cut } = grantLease(length, policy.lease, now);
  return {
    id: newId(),
    name: name ?? makeUpName(random(), clashes < patience ? undefined : random()),
    generation: 1,
    owner: personOf(owner),
    shared: [],
    host: host.name,
    network: host.network,
    tag: tag ?? host.tag,
    keyId: host.keyId,
    created: now,
    lease,
    asked: { ...asked, cut, host: wish },
    state: { kind: 'placed', since: now },
    usual: await hosts.usualTook(host.name),
  };
};

const settle = async (
  ports: LaunchPorts,
  policy: LaunchPolicy,
  request: LaunchRequest,
  host: Host,
  outcome: ClaimOutcome,
  lost: Reason[],
): Promise<LaunchOutcome | 'again'> => {
  switch (outcome.kind) {
    case 'claimed':
      return begin(ports, policy, outcome.rig);
    case 'repeated':
      return { kind: 'repeated' };
    case 'name-taken':
      return nameTaken(ports, request, outcome.holder);
    case 'user-quota':
      return refused({
        kind: 'user-quota',
        limit: policy.rigsPerUser,
        mine: await ports.rigs.ownedBy(request.owner.id),
      });
    case 'fleet-quota':
      return refused({ kind: 'fleet-quota', limit: policy.rigsMax ?? 0 });
    case 'host-draining':
    case 'host-full':
    case 'no-licence':
    case 'no-address':
    case 'adopting':
    case 'licences-unknown':
      lost.push(lostTo(outcome.kind, host));
      return 'again';
    default:
      return assertNever(outcome);
  }
};

const begin = async (ports: LaunchPorts, policy: LaunchPolicy, rig: Rig): Promise<LaunchOutcome> => {
  // The rig exists from here on. Should Redis go away between claim and job, resume-jobs sends the job.
  await ports.jobs.send(rig.host, launchJob(rig, rig.created + policy.deadline));
  await wakeTeller(ports.jobs, rig.id);
  return { kind: 'launched', rig };
};

const nameTaken = async (
  { rigs, cards }: LaunchPorts,
  { name, owner }: LaunchRequest,
  holder: string,
): Promise<LaunchOutcome | 'again'> => {
  const taken = await rigs.get(holder);
  // Either it ended in this very moment, or a made-up name met a living one: both are worth another try.
  if (!taken || !isLiving(taken.rig) || name === undefined) return 'again';
  const { rig } = taken;
  return isOwnedBy(rig, owner.id)
    ? { kind: 'already-yours', rig, card: await cards.get(rig.id) }
    : refused({ kind: 'name-taken', name, holder: rig.owner });
};
