// What is said about hosts: what was decided, what is asked before that, and what was mistyped.

import type { ForgetOutcome } from '../../control/forget-host.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Tripped } from '../../rig/breaker.ts';
import type { Draining, Host } from '../../rig/host.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { Rig } from '../../rig/rig.ts';
import { isInUse, type Use } from '../../rig/use.ts';
import type { Mistake, VerbOfHost } from '../parse/command.ts';
import { code, nameOf } from './escape.ts';
import { useWords } from './lease.ts';
import { timeOf } from './rig.ts';

const say = (command: string, text: string): string => code(`${command} ${text}`, 120);

const count = (rigs: number): string => (rigs === 1 ? '1 rig' : `${rigs} rigs`);

/** `demo` (anna), …: so many at most. */
const named = (rigs: readonly Rig[], more: (rig: Rig) => string = () => '', most = 15): string => {
  const shown = rigs.slice(0, most).map((rig) => `${code(rig.name)} (${nameOf(rig.owner)}${more(rig)})`);
  const rest = rigs.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
};

// ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type HostRefusal = Refusal & { readonly kind: 'no-such-host' | 'only-admins' | 'host-present' };

export const hostRefusal = (refusal: HostRefusal, command: string): string => {
  switch (refusal.kind) {
    case 'no-such-host':
      return noSuchHost(refusal, command);
    case 'only-admins':
      return `${code(refusal.what)} is for those who run this bot (\`WCS_ADMINS\`), so nothing was changed. Ask them; how the hosts are is for everybody: ${say(command, 'hosts')}.`;
    case 'host-present':
      return `Host ${code(refusal.host)} answers, so it was not forgotten: its rigs would run on without anybody knowing them. Stop them with ${say(command, `drain ${refusal.host} now`)}, then its worker; when it shows as unreachable in ${say(command, 'hosts')}, it can be forgotten.`;
    default:
      return assertNever(refusal);
  }
};

const noSuchHost = ({ asked, known }: Refusal & { kind: 'no-such-host' }, command: string): string => {
  if (known.length === 0)
    return `There is no host ${code(asked)}, and no other has joined yet. Whoever runs this bot has to start a worker on a host first.`;
  const shown = known.slice(0, 15).map((name) => code(name));
  const rest = known.length - shown.length;
  return `There is no host ${code(asked)}. Known: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}. ${say(command, 'hosts')} shows how they are.`;
};

// ── drain ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of those that are there: until when. */
const untilWhen = (rigs: readonly Rig[]): string => {
  const ends = rigs.flatMap(({ lease }) => lease.end ?? []);
  const endless = rigs.length - ends.length;
  const last = ends.length === 0 ? undefined : timeOf(Math.max(...ends));
  if (endless === 0)
    return `${rigs.length === 1 ? 'until' : 'the last until'} ${last}, unless somebody extends it`;
  if (last === undefined) return rigs.length === 1 ? 'and it has no end' : 'and none of them has an end';
  return `${endless} of them without an end, the others until ${last} at the latest, unless somebody extends them`;
};

export const drainingSentence = (
  { name, state }: Host,
  rigs: readonly Rig[],
  before: Draining | undefined,
  command: string,
): string => {
  const head =
    before === undefined
      ? `Host ${code(name)} takes no new rigs from now on.`
      : `Host ${code(name)} is draining already: ${nameOf(before.by)} decided that ${timeOf(before.at)}.`;
  const there =
    rigs.length === 0
      ? 'There are no rigs on it, so its worker can be stopped.'
      : `${rigs.length === 1 ? '1 rig is' : `${rigs.length} rigs are`} on it and may live to ${rigs.length === 1 ? 'its' : 'their'} end, ${untilWhen(rigs)}: ${named(rigs)}.`;
  const away = state === 'unreachable' ? ['It does not answer at the moment.'] : [];
  const wayOut = [
    ...(rigs.length === 0
      ? []
      : [`${say(command, `drain ${name} now`)} stops ${rigs.length === 1 ? 'it' : 'them'}.`]),
    `${say(command, `undrain ${name}`)} lets it take rigs again.`,
  ];
  return [head, there, ...away, ...wayOut].join(' ');
};

export const askEmpty = ({ name }: Host, rigs: readonly Rig[], uses: ReadonlyMap<string, Use>): string => {
  const used = ({ id }: Rig): string => {
    const use = uses.get(id);
    return use !== undefined && isInUse(use) ? `, ${useWords(use)}` : '';
  };
  const which = rigs.length === 1 ? 'the rig' : `all ${rigs.length} rigs`;
  return `Stop ${which} on host ${code(name)}, and let it take no new ones? ${named(rigs, used)}. Whoever owns ${rigs.length === 1 ? 'it' : 'one'} is told that it was you. Nothing has been done yet.`;
};

export const emptyingSentence = ({ name, state }: Host, rigs: readonly Rig[], command: string): string => {
  const head = `Host ${code(name)} takes no new rigs from now on.`;
  const back = `${say(command, `undrain ${name}`)} lets it take rigs again.`;
  if (rigs.length === 0) return `${head} There was nothing left to stop on it. ${back}`;
  const stopping = `${count(rigs.length)} on it ${rigs.length === 1 ? 'is' : 'are'} being stopped: ${named(rigs)}. Each card says when its rig is gone.`;
  const away =
    state === 'unreachable'
      ? `It does not answer at the moment: they are stopped when it does; if it is gone for good, ${say(command, `forget ${name}`)}.`
      : back;
  return `${head} ${stopping} ${away}`;
};

export const undrainedSentence = ({ name, state }: Host, wasDraining: boolean): string => {
  if (!wasDraining) return `Host ${code(name)} is not draining, so nothing was changed.`;
  return state === 'unreachable'
    ? `Host ${code(name)} takes rigs again as soon as it answers.`
    : `Host ${code(name)} takes rigs again.`;
};

// ── forget ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const askForget = ({ name, seen }: Host, rigs: readonly Rig[]): string => {
  const head = `Forget host ${code(name)}${seen === undefined ? '' : `, last seen ${timeOf(seen)}`}?`;
  const lost =
    rigs.length === 0
      ? 'No rigs are known on it.'
      : `${count(rigs.length)} on it ${rigs.length === 1 ? 'counts' : 'count'} as failed then, and ${rigs.length === 1 ? 'its owner is' : 'their owners are'} told that it was you: ${named(rigs)}. ${rigs.length === 1 ? 'Its address goes' : 'Their addresses go'} to nobody, since something may still answer there.${licencesFree(rigs)}`;
  return `${head} ${lost} If it is only away for a while, wait: it comes back with all that is on it. Nothing has been done yet.`;
};

/** Nobody can set them aside: they are few, and a host that burnt down would keep them for ever. */
const licencesFree = (rigs: readonly Rig[]): string => {
  const count = rigs.filter(({ licenceId }) => licenceId !== undefined).length;
  if (count === 0) return '';
  return count === 1
    ? ' A licence is free again with that, whatever still runs there.'
    : ` ${count} licences are free again with that, whatever still runs there.`;
};

/** Which rigs, and which addresses. */
const givenUp = (lost: readonly Rig[]): { readonly rigs: string; readonly aside: string } => {
  const addresses = lost.slice(0, 15).map(({ address }) => code(address));
  const rest = lost.length - addresses.length;
  const [counts, owners, them] =
    lost.length === 1 ? ['counts', 'its owner is', 'it'] : ['count', 'their owners are', 'them'];
  return {
    rigs: `${count(lost.length)} on it ${counts} as failed: ${named(lost)}; ${owners} told.`,
    aside: `Set aside, so that nobody gets ${them}: ${addresses.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
  };
};

export const forgottenSentence = ({ name }: Host, lost: readonly Rig[], command: string): string => {
  const head = `Host ${code(name)} is forgotten.`;
  const back = 'Should its worker ever start again, it joins as a new one.';
  if (lost.length === 0) return `${head} There were no rigs on it. ${back}`;
  const { rigs, aside } = givenUp(lost);
  return `${head} ${rigs} ${aside} Once you know that nothing answers there, ${say(command, 'addresses release ADDRESS')} gives one back. ${back}`;
};

/** Its worker was quicker than whoever forgot it, but not than all of it. */
export const cameBackSentence = (
  { host: { name }, lost, isDraining }: ForgetOutcome & { kind: 'came-back' },
  command: string,
): string => {
  const { rigs, aside } = givenUp(lost);
  const them = lost.length === 1 ? 'it' : 'them';
  const next = isDraining
    ? `It takes no new rigs, as before: ${say(command, `undrain ${name}`)} lets it.`
    : 'It takes rigs as before.';
  return `Host ${code(name)} answered again while it was being forgotten, so it was kept. But by then ${lost.length === 1 ? 'a rig' : 'rigs'} had been given up: ${rigs} ${aside} The host removes what is left of ${them} by itself, or asks for ${say(command, `allow ${name}`)} first where that is much, and the addresses are free again with that. ${next}`;
};

// ── allow ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `5 of 8 rigs` */
export const wouldRemove = ({ would, of }: Tripped): string => `${would} of ${of} rigs`;

export const allowedSentence = ({ name }: Host, waited: Tripped): string =>
  `Host ${code(name)}: the next look removes what it finds to be removed; last time that was ${wouldRemove(waited)}. The thread of each says what became of it.`;

export const nothingWaits = ({ name }: Host, command: string): string =>
  `Nothing waits for a yes on host ${code(name)}, so nothing was changed. ${say(command, 'hosts')} shows where something does.`;

// ── mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────────

const questions: Readonly<Record<VerbOfHost, string>> = {
  drain: 'Which host is to take no new rigs?',
  undrain: 'Which host is to take rigs again?',
  forget: 'Which host is gone for good?',
  allow: 'Which host has something that waits for a yes?',
};

export const hostMistake = (
  mistake: Mistake & { kind: 'which-host' | 'one-host' },
  write: (text: string) => string,
): string => {
  if (mistake.kind === 'which-host')
    return `${questions[mistake.verb]} ${write(`${mistake.verb} HOST`)}. All of them are in ${write('hosts')}.`;
  const either = mistake.typed.slice(0, 3).map((name) => write(`${mistake.verb} ${name}`));
  return `One host at a time: ${either.join(' or ')}?`;
};
