// What is said about a rig in its thread and on its card: its state in words, that it is ready, failed or gone.

import { assertNever } from '../../rig/assert-never.ts';
import { type Duration, formatDuration, type Instant, second } from '../../rig/duration.ts';
import type { Person, Rig, StopReason } from '../../rig/rig.ts';
import { bounded, code, escapeText, nameOf, oneLine } from './escape.ts';
import { formatLimit } from './help.ts';
import { secureSocketPage, twoWayStreaming, webInterface } from './links.ts';

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
    case 'crashed':
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
    case 'crashed':
    case 'failed':
      return '🔴';
    default:
      return assertNever(state);
  }
};

/** `ready · 3 h 12 m left`. What is being stopped has nothing left, whatever its lease says. */
export const stateAndLeft = (rig: Pick<Rig, 'state' | 'lease'>, now: Instant): string => {
  if (rig.state.kind === 'stopping') return stateWords(rig);
  if (rig.state.kind === 'crashed') return `${stateWords(rig)} · can be restarted`;
  if (rig.lease.end === undefined) return `${stateWords(rig)} · no end`;
  const left = rig.lease.end - now;
  return `${stateWords(rig)} · ${left > 0 ? `${formatDuration(left)} left` : 'time is up'}`;
};

/** Each reader sees their own time zone; whoever cannot (a notification) reads UTC. */
export const timeOf = (at: Instant): string => {
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} at {time}|${fallback}>`;
};

export const mentionOf = ({ id }: Person): string => `<@${escapeText(id)}>`;
export const mention = ({ owner }: Pick<Rig, 'owner'>): string => mentionOf(owner);

/** A person may have looked away after this long, and is called back. */
const attentionSpan: Duration = 20 * second;

const whence = ({ network, host }: Rig): string => {
  switch (network.mode) {
    case 'ipvlan':
    case 'macvlan':
      return `It can be reached from ${escapeText(network.subnet)}, not from host ${code(host)}.`;
    case 'bridge':
      return `It can be reached from host ${code(host)} itself; other machines need a route to ${escapeText(network.subnet)}.`;
    case 'publish':
    case 'host':
      return `It can be reached from wherever host ${code(host)} can, and from that host itself.`;
    default:
      return assertNever(network.mode);
  }
};

/** After a restart its address is the same, and its password another. */
const readyAgainReply = (rig: Rig, by: Person, call: string): string => {
  const who = by.id === rig.owner.id ? '' : `${nameOf(by)} restarted it. `;
  return [
    `${call}*${escapeText(rig.name)}* is ready again, at the same address: <${twoWayStreaming(rig)}|Two Way Streaming>`,
    `${who}It runs ${code(rig.tag, 128)}, with a new SSH password; whatever was on it before is gone.`,
  ].join('\n');
};

/** `note`: a sentence of the operator's, a VPN hint say. */
export const readyReply = (
  rig: Rig,
  { took, again }: { readonly took: Duration; readonly again?: Person | undefined },
  note: string | undefined,
): string => {
  const call = took < attentionSpan ? '' : `${mention(rig)} `;
  if (again !== undefined) return readyAgainReply(rig, again, call);
  const lines = [
    `${call}*${escapeText(rig.name)}* is ready: <${twoWayStreaming(rig)}|Two Way Streaming>`,
    // Whoever gave rigs names has a certificate for them.
    ...(rig.network.linkHost === undefined
      ? [
          `Your browser will warn twice: open <${webInterface(rig)}> and <${secureSocketPage(rig)}> and accept both, or Connect fails.`,
        ]
      : []),
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
export const longestLease = ({ lease, created }: Rig): string =>
  lease.cap === undefined ? 'no limit' : formatLimit(lease.cap - created);

export const endedReply = (rig: Rig, reason: StopReason): string => {
  const name = `*${escapeText(rig.name)}*`;
  const again = `${code(`${rig.asked.command} up ${rig.name}`, 120)} starts a new one.`;
  switch (reason.kind) {
    case 'asked':
      return reason.by.id === rig.owner.id
        ? `${name} has ended: its container is gone. ${again}`
        : `${mention(rig)} ${name} was stopped by ${nameOf(reason.by)}: its container is gone. Ask ${nameOf(reason.by)} why; ${again}`;
    // Its owner was called before that, and called off nothing: once more would be one too many.
    case 'expired':
      return `${name} has ended, since its time was up: its container is gone. ${again}`;
    case 'idle':
      return `${name} has ended, since nobody used it: its container is gone. ${again}`;
    // Nobody had called its owner before.
    case 'drained':
      return `${mention(rig)} ${name} has ended before its time, since ${nameOf(reason.by)} emptied host ${code(rig.host)}: its container is gone. Ask ${nameOf(reason.by)} why; ${again}`;
    case 'not-restarted':
      return `${mention(rig)} ${name} has ended: host ${code(rig.host)} did not come to its ${rig.generation > 1 ? 'restart' : 'start'} in time. ${again}`;
    case 'not-there':
      return `${mention(rig)} ${name} has ended: it is no longer on host ${code(rig.host)}. My memory was restored from an older copy, so I cannot say when it ended, or by whom. ${again}`;
    case 'overdue':
      return `${mention(rig)} ${name} has ended: it was long past its end, and I was not there to end it, so host ${code(rig.host)} did. Its container is gone. ${again}`;
    case 'address-twice':
      return `${mention(rig)} ${name} has ended: an older rig has the same address, ${code(rig.address)}, which came out when my memory was rebuilt, and two of one address are of no use. ${again}`;
    case 'licence-twice':
      return `${mention(rig)} ${name} has ended: an older rig has the same licence, which came out when my memory was rebuilt, and a licence is for one rig. ${again}`;
    default:
      return assertNever(reason);
  }
};
