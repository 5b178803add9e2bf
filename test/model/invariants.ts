// What holds after every step: the registry's parts agree with one another and with what was written, and the engines with
// the registry. Each rule has the number that the design gives it.

import { indicesOf } from '../../src/rig/indices.ts';
import { earliestStop } from '../../src/rig/lease.ts';
import { hasOpenLease, isTerminal, type Rig, type RigId } from '../../src/rig/rig.ts';
import { laidOver } from '../../src/rig/wcs-conf.ts';
import type { View } from './redis-view.ts';
import { conf as laid, launchPolicy, people } from './setting.ts';
import { isLate, type Story } from './story.ts';

const rule = {
  address: '1: no two living rigs hold one address on a LAN',
  licence: '1: no two living rigs hold one licence',
  claim: '2: a claim is all or nothing',
  released: '2: released only as the design says',
  told: '4: nobody is told less than once',
  foreign: "6: a container without our installation's labels is never touched",
  quota: 'quotas are never exceeded',
  note: 'a rig that runs has its note on the host',
  conf: "nothing is started before its settings are laid over WCS's own",
  audit: 'an entry of the audit for each change',
} as const;

const repeated = (list: readonly string[]): readonly string[] =>
  list.filter((one, index) => list.indexOf(one) !== index);

const difference = (one: Iterable<string>, other: Iterable<string>): string => {
  const [left, right] = [new Set(one), new Set(other)];
  return [...left]
    .filter((item) => !right.has(item))
    .map((item) => `+${item}`)
    .concat([...right].filter((item) => !left.has(item)).map((item) => `-${item}`))
    .join(' ');
};

/** One look at everything. */
export const checkInvariants = async (story: Story): Promise<View> => {
  const view = await story.ground.view.look();
  const living = [...view.rigs.values()].map(({ rig }) => rig).filter(({ state }) => !isTerminal(state));
  checkWritten(story, view);
  checkIndexes(story, view, living);
  for (const rig of living) checkClaim(story, view, rig);
  checkPlaces(story, view, living);
  checkLicences(story, view, living);
  checkQuotas(story, view, living);
  checkContainers(story, view);
  checkNotes(story, living);
  checkOutbox(story, view);
  return view;
};

/** What the registry holds is what was saved last, and nothing of it is half there. */
const checkWritten = ({ ledger, violate }: Story, view: View): void => {
  for (const { rig, version } of ledger.pages()) {
    const seen = view.rigs.get(rig.id);
    // An ended one is forgotten after a week.
    if (seen === undefined && isTerminal(rig.state)) continue;
    if (seen?.version !== version || seen.rig.state.kind !== rig.state.kind)
      violate(
        rule.claim,
        `${rig.id} is ${seen?.rig.state.kind} v${seen?.version}, saved ${rig.state.kind} v${version}`,
      );
  }
  if (view.auditLength !== ledger.auditCount())
    violate(rule.audit, `${view.auditLength} entries for ${ledger.auditCount()} changes`);
};

const checkIndexes = ({ ground, violate }: Story, view: View, living: readonly Rig[]): void => {
  const { keys } = ground.view;
  const compare = (what: string, seen: Iterable<string>, wanted: Iterable<string>): void => {
    const found = difference(seen, wanted);
    if (found !== '') violate(rule.claim, `${what} differs from the living: ${found}`);
  };
  const ids = (list: readonly Rig[]): readonly string[] => list.map(({ id }) => id);
  compare('living', view.scores(keys.living).keys(), ids(living));
  compare('claims', view.claims.keys(), ids(living));
  compare(
    'names',
    [...view.hash(keys.names)].map(([name, id]) => `${name}=${id}`),
    living.map(({ name, id }) => `${name}=${id}`),
  );
  for (const { id } of people) {
    const mine = living.filter(({ owner }) => owner.id === id);
    compare(`rigs of ${id}`, view.scores(keys.owner(id)).keys(), ids(mine));
  }
  const indices = new Set(['unsettled', 'endless', 'idling', ...people.map(({ id }) => `shared:${id}`)]);
  for (const name of indices) {
    const wanted = living.filter((rig) => indicesOf(rig).includes(name));
    compare(`index ${name}`, view.scores(keys.index(name)).keys(), ids(wanted));
  }
  const ends = living.filter((rig) => hasOpenLease(rig) && earliestStop(rig.lease) !== undefined);
  compare(
    'ends',
    [...view.scores(keys.ends)].map(([id, end]) => `${id}@${end}`),
    ends.map(({ id, lease }) => `${id}@${earliestStop(lease)}`),
  );
};

const checkClaim = ({ violate }: Story, view: View, rig: Rig): void => {
  const claim = view.claims.get(rig.id);
  if (!claim) return;
  const isClosed = rig.state.kind === 'stopping' || rig.state.kind === 'crashed';
  const wanted = {
    generation: String(rig.generation),
    host: rig.host,
    lan: rig.network.lan,
    address: rig.address,
    stopping: isClosed ? '1' : '0',
  };
  for (const [field, value] of Object.entries(wanted)) {
    const seen = claim.get(field);
    if (seen !== value) violate(rule.claim, `${rig.id}: its claim says ${field} ${seen}, the rig ${value}`);
  }
};

/** Slots and addresses: each is free, set aside, or held by one living rig. */
const checkPlaces = ({ ground, hosts, violate }: Story, view: View, living: readonly Rig[]): void => {
  const { keys } = ground.view;
  const twice = repeated(living.map(({ network, address }) => `${network.lan} ${address}`));
  if (twice.length > 0) violate(rule.address, twice.join(', '));
  for (const { registration } of hosts) {
    const { name, lan, addresses } = registration;
    const here = living.filter(({ host }) => host === name);
    const slots = difference(
      view.set(keys.hostRigs(name)),
      here.map(({ id }) => id),
    );
    if (slots !== '') violate(rule.claim, `slots of ${name}: ${slots}`);
    const held = view.hash(keys.lanHeld(lan));
    const setAside = view.hash(keys.lanQuarantine(lan));
    const there = living.filter(({ network }) => network.lan === lan);
    const holders = difference(
      [...held].map(([address, id]) => `${address}=${id}`),
      there.map(({ address, id }) => `${address}=${id}`),
    );
    if (holders !== '') violate(rule.claim, `held on ${lan}: ${holders}`);
    // A host is known from its worker's first word on.
    if (!view.keyNames.includes(keys.hostLan(name))) continue;
    const free = difference(
      view.scores(keys.free(lan, name)).keys(),
      addresses.filter((address) => !held.has(address) && !setAside.has(address)),
    );
    if (free !== '') violate(rule.claim, `free on ${name}: ${free}`);
  }
};

/** Each is one living rig's at most, and a rig has one where its host has some to claim. */
const checkLicences = ({ ground, hosts, violate }: Story, view: View, living: readonly Rig[]): void => {
  const own = living.flatMap(({ id, licenceId }) => (licenceId === undefined ? [] : [{ id, licenceId }]));
  const twice = repeated(own.map(({ licenceId }) => licenceId));
  if (twice.length > 0) violate(rule.licence, twice.join(', '));
  const holders = difference(
    [...view.hash(ground.view.keys.licencesHeld)].map(([licence, id]) => `${licence}=${id}`),
    own.map(({ licenceId, id }) => `${licenceId}=${id}`),
  );
  if (holders !== '') violate(rule.claim, `licences held: ${holders}`);
  for (const { registration } of hosts) {
    const { name, licences = [] } = registration;
    for (const { id, licenceId } of living.filter(({ host }) => host === name)) {
      const isRight = licences.length === 0 ? licenceId === undefined : licences.includes(licenceId ?? '');
      if (!isRight) violate(rule.claim, `${id} on ${name} has licence ${licenceId}`);
    }
  }
};

const checkQuotas = ({ hosts, violate }: Story, _: View, living: readonly Rig[]): void => {
  const { rigsMax, rigsPerUser } = launchPolicy;
  if (rigsMax !== undefined && living.length > rigsMax) violate(rule.quota, `${living.length} rigs in all`);
  for (const { id } of people) {
    const mine = living.filter(({ owner }) => owner.id === id);
    if (mine.length > rigsPerUser) violate(rule.quota, `${id} has ${mine.length}`);
  }
  for (const { registration } of hosts) {
    const here = living.filter(({ host }) => host === registration.name);
    if (here.length > registration.slots) violate(rule.quota, `${registration.name} has ${here.length}`);
  }
};

/** With its note a rig can be brought back after a loss of the registry. */
const checkNotes = ({ hosts, violate }: Story, living: readonly Rig[]): void => {
  for (const { id, name, generation, state } of living) {
    const runs = hosts.find(({ containers }) =>
      containers().some(({ spec }) => spec?.job.rig === id && spec.job.generation === generation),
    );
    const note = runs?.files.get(id);
    if (runs && state.kind === 'running' && note?.generation !== generation)
      violate(
        rule.note,
        `${name} (${id}) g${generation} runs, its note is of generation ${note?.generation}`,
      );
    if (runs && state.kind === 'running' && note?.ended)
      violate(rule.note, `${name} (${id}) g${generation} runs, its note says ${note.ended.reason.kind}`);
  }
};

const checkContainers = (story: Story, view: View): void => {
  const { hosts, violate } = story;
  const isLiving = (rig: RigId): boolean => view.claims.has(rig);
  const up: string[] = [];
  const used: string[] = [];
  for (const { registration, containers } of hosts) {
    const foreign = containers().filter(({ spec }) => spec === undefined);
    if (foreign.length !== 1 || foreign[0]?.state !== 'running')
      violate(
        rule.foreign,
        `on ${registration.name}: ${foreign.map(({ name, state }) => `${name} ${state}`).join(' ')}`,
      );
    for (const { spec, state, name, conf } of containers()) {
      if (spec === undefined) continue;
      if (state !== 'created' && laidOver(laid, conf).size > 0) violate(rule.conf, `${name} (${state})`);
      if (isLate(story, spec.job.rig)) continue;
      if (!isLiving(spec.job.rig)) violate(rule.released, `${name} is there (${state}), its claim is not`);
      if (state !== 'running' && state !== 'paused') continue;
      up.push(`${registration.lan} ${spec.job.address}`);
      if (spec.job.licenceId !== undefined) used.push(spec.licence ?? 'none');
    }
  }
  const twice = repeated(up);
  if (twice.length > 0) violate(rule.address, `two containers run with ${twice.join(', ')}`);
  if (repeated(used).length > 0)
    violate(rule.licence, `two containers run with ${repeated(used).join(', ')}`);
};

/** All news of a rig are told or wait, in the order in which they came to be. */
const checkOutbox = ({ ledger, notes, ground, violate }: Story, view: View): void => {
  const waiting = view.scores(ground.view.keys.outbox);
  for (const { rig, news } of ledger.pages()) {
    const there = view.news(rig.id).map(({ id }) => id);
    const wanted = news.map(({ id }) => id);
    const seen = [...notes.left(rig.id), ...there];
    if (seen.join() !== wanted.join())
      violate(rule.told, `${rig.id}: told and waiting ${seen.join(' ')}, written ${wanted.join(' ')}`);
    if (there.length > 0 !== waiting.has(rig.id))
      violate(rule.told, `${rig.id}: ${there.length} wait, and the outbox says otherwise`);
  }
};
