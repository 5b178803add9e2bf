// What is said about a rig in its thread and on its card: its state in words, that it is ready, failed or gone.

import { assertNever } from '../rig/assert-never.ts';
import { type Duration, formatDuration, formatTook, type Instant, second } from '../rig/duration.ts';
import type { FailReason, Rig, StopReason } from '../rig/rig.ts';
import { bounded, code, codeBlock, escapeText, nameOf, oneLine } from './escape.ts';
import { secureSocketPage, twoWayStreaming, webInterface } from './links.ts';
import { formatLimit } from './words-help.ts';

/** The words that people read for states. */
export const stateWords = (rig: Pick<Rig, 'state'>): string => {
  switch (rig.state.kind) {
    case 'placed':
      return 'waiting';
    case 'starting': {
      const { phase } = rig.state;
      if (phase.kind === 'booting') return 'starting';
      return phase.percent === undefined
        ? 'pulling'
        : `pulling ${Math.floor(Math.min(100, Math.max(0, phase.percent)))} %`;
    }
    case 'running':
      return 'ready';
    case 'stopping':
      return 'stopping';
    case 'stopped':
      return 'ended';
    case 'failed':
      return 'failed';
    default:
      return assertNever(rig.state);
  }
};

/** Beside the words, never instead of them. */
export const stateSign = ({ state }: Pick<Rig, 'state'>): string => {
  switch (state.kind) {
    case 'placed':
    case 'starting':
      return '🟡';
    case 'running':
      return '🟢';
    case 'stopping':
      return '🟠';
    case 'stopped':
      return '⚫';
    case 'failed':
      return '🔴';
    default:
      return assertNever(state);
  }
};

/** `ready · 3 h 12 m left`. What is being stopped has nothing left, whatever its lease says. */
export const stateAndLeft = (rig: Pick<Rig, 'state' | 'lease'>, now: Instant): string => {
  if (rig.state.kind === 'stopping') return stateWords(rig);
  const left = rig.lease.end - now;
  return `${stateWords(rig)} · ${left > 0 ? `${formatDuration(left)} left` : 'time is up'}`;
};

/** Each reader sees their own time zone; whoever cannot (a notification) reads UTC. */
export const timeOf = (at: Instant): string => {
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} at {time}|${fallback}>`;
};

export const mention = ({ owner }: Pick<Rig, 'owner'>): string => `<@${escapeText(owner.id)}>`;

/** A person may have looked away after this long, and is called back. */
const attentionSpan: Duration = 20 * second;

const whence = ({ network, host }: Rig): string => {
  switch (network.mode) {
    case 'ipvlan':
    case 'macvlan':
      return `It can be reached from ${escapeText(network.subnet)}, not from host ${code(host)}.`;
    case 'bridge':
      return `It can be reached from host ${code(host)} itself; other machines need a route to ${escapeText(network.subnet)}.`;
    default:
      return assertNever(network.mode);
  }
};

/** `note`: a sentence of the operator's, a VPN hint say. */
export const readyReply = (rig: Rig, took: Duration, note: string | undefined): string => {
  const call = took < attentionSpan ? '' : `${mention(rig)} `;
  const lines = [
    `${call}*${escapeText(rig.name)}* is ready: <${twoWayStreaming(rig)}|Two Way Streaming>`,
    `Your browser will warn twice: open <${webInterface(rig)}> and <${secureSocketPage(rig)}> and accept both, or Connect fails.`,
    whence(rig),
  ];
  if (note !== undefined) lines.push(escapeText(bounded(oneLine(note), 500)));
  if (rig.image?.licensed === false) {
    lines.push(`It is not licensed: activate it in the <${webInterface(rig)}|web interface>.`);
  }
  if (rig.asked.cut) lines.push(`You asked for longer, but ${longestLease(rig)} is the most.`);
  return lines.join('\n');
};

/** The longest lease there was when the rig was made. */
export const longestLease = ({ lease, created }: Rig): string => formatLimit(lease.cap - created);

type Failure = {
  readonly what: string;
  /** A machine's own words: for the thread, too long for the card. */
  readonly detail?: string;
  readonly todo: string;
};

/** `logged`: its last lines stand below. */
const failure = (reason: FailReason, logged: boolean): Failure => {
  switch (reason.kind) {
    case 'exited':
      return exited(reason, logged);
    case 'not-ready':
      return notReady(reason, logged);
    case 'no-image':
      return {
        what: `the image ${code(reason.reference, 100)} could not be pulled`,
        detail: reason.detail,
        todo: 'If you chose a tag, see whether it exists; if not, whoever runs the host can make sense of this line.',
      };
    case 'address-in-use':
      return {
        what: `something else already has the address ${code(reason.address)}`,
        todo: 'Try again and you get another one. Whoever runs this network should know that a stranger is in the range for rigs.',
      };
    case 'died':
      return died(reason, logged);
    case 'removed':
      return {
        what: 'its container was removed on the host, and not by me',
        todo: 'Whoever works on that host may know why.',
      };
    case 'too-late':
      return {
        what: 'its host came to it too late: it was busy or away',
        todo: 'Try again, on another host if there is one.',
      };
    case 'superseded':
      return {
        what: 'its place was given up while it was starting',
        todo: 'Try again. If that happens often, tell whoever runs this bot.',
      };
    case 'engine':
      return {
        what: 'Docker on its host refused',
        detail: reason.detail,
        todo: 'Try again, on another host if there is one; whoever runs the host can make sense of this line.',
      };
    default:
      return assertNever(reason);
  }
};

const exited = (reason: FailReason & { kind: 'exited' }, logged: boolean): Failure =>
  reason.outOfMemory
    ? {
        what: 'it ran out of memory while it was starting',
        todo: 'Whoever runs this host can give rigs more memory (`WCS_RIG_MEMORY`); trying again as it is will hardly help.',
      }
    : {
        what: `it ended by itself while it was starting (exit code ${reason.exitCode})`,
        todo: `${logged ? 'Its last lines are below' : 'It left no lines that could say why'}; if you chose a tag, try without it.`,
      };

const died = ({ exitCode, outOfMemory }: FailReason & { kind: 'died' }, logged: boolean): Failure =>
  outOfMemory
    ? {
        what: 'it ran out of memory',
        todo: 'Whoever runs this host can give rigs more memory (`WCS_RIG_MEMORY`).',
      }
    : {
        what: `it ended by itself (exit code ${exitCode})`,
        todo: logged ? 'Its last lines are below.' : 'It left no lines that could say why.',
      };

const notReady = ({ missingPorts, waited }: FailReason & { kind: 'not-ready' }, logged: boolean): Failure => {
  const ports = missingPorts.slice(0, 8).join(', ');
  const missing =
    missingPorts.length === 0
      ? 'did not come up'
      : `did not listen on port${missingPorts.length === 1 ? '' : 's'} ${ports}`;
  return {
    what: `it was started, but ${missing} within ${formatTook(waited)}`,
    todo: `Try again: a busy host can be slow. If it stays like this, ${logged ? 'its last lines below are for' : 'tell'} whoever runs the host.`,
  };
};

/** For the card: what happened, in a few words; the thread has the rest. */
export const failureSentence = (reason: FailReason): string => failure(reason, false).what;

/** `log`: its last lines as a code block, empty if there are none; a block of its own, since it is long. */
export const failedReply = (
  rig: Rig,
  reason: FailReason,
  tail: readonly string[],
): { readonly text: string; readonly log: string } => {
  const log = codeBlock(tail);
  const { what, detail, todo } = failure(reason, log !== '');
  const why = detail === undefined ? what : `${what}: ${code(detail, 200)}`;
  const lines = [
    `${mention(rig)} *${escapeText(rig.name)}* failed on host ${code(rig.host)}: ${why}.`,
    todo,
    `Nothing of it is left: ${code(`${rig.asked.command} up ${rig.name}`, 120)} tries again.`,
  ];
  return { text: lines.join('\n'), log };
};

export const endedReply = (rig: Rig, reason: StopReason): string => {
  const name = `*${escapeText(rig.name)}*`;
  const again = `${code(`${rig.asked.command} up ${rig.name}`, 120)} starts a new one.`;
  switch (reason.kind) {
    case 'asked':
      return reason.by.id === rig.owner.id
        ? `${name} has ended: its container is gone. ${again}`
        : `${mention(rig)} ${name} was stopped by ${nameOf(reason.by)}: its container is gone. Ask ${nameOf(reason.by)} why; ${again}`;
    case 'expired':
      return `${mention(rig)} ${name} has ended, since its time was up: its container is gone. ${again}`;
    default:
      return assertNever(reason);
  }
};
