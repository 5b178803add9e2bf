// The list of hosts: a block for each, those first that want an eye, and a line for the rest. Pure.

import type { SeenHost } from '../../control/look-hosts.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { HostState } from '../../rig/host.ts';
import { bounded, code, escapeText, hostOf, nameOf, oneLine } from '../words/escape.ts';
import { bar, noHosts } from '../words/home.ts';
import { wouldRemove } from '../words/hosts.ts';
import { freeLicences } from '../words/licences.ts';
import { timeOf } from '../words/rig.ts';
import { type Message, section, sentence } from './message.ts';

/** Slack takes 50 blocks, and about 12,000 characters in all of them. */
const mostHosts = 40;
const mostCharacters = 10_000;
const mostNotes = 3;

export const drawHosts = (hosts: readonly SeenHost[], command: string): Message => {
  if (hosts.length === 0) return sentence(noHosts());
  const shown = fitting(hosts.map((one) => blockOf(one, command)));
  const rest = hosts.slice(shown.length);
  const head = headOf(hosts);
  return {
    text: head,
    blocks: [
      ...(hosts.length === 1 ? [] : [section(head)]),
      ...shown.map(section),
      ...(rest.length === 0
        ? []
        : [section(`${restOf(rest)}. ${code(`${command} hosts HOST`)} shows one of them.`)]),
    ],
  };
};

const fitting = (texts: readonly string[]): readonly string[] => {
  let room = mostCharacters;
  const fit = texts.slice(0, mostHosts).findIndex((text) => {
    room -= text.length;
    return room < 0;
  });
  return texts.slice(0, fit < 0 ? mostHosts : Math.max(1, fit));
};

const sum = (hosts: readonly SeenHost[], of: (one: SeenHost['host']) => number): number =>
  hosts.reduce((all, { host }) => all + of(host), 0);

/** `2 ready · 1 draining`, without those of which there are none. */
const statesOf = (hosts: readonly SeenHost[], between: string): string => {
  const states: readonly HostState[] = ['ready', 'draining', 'unreachable'];
  return states
    .map((state) => [hosts.filter(({ host }) => host.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(between);
};

const headOf = (hosts: readonly SeenHost[]): string => {
  const many = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
  const [rigs, slots] = [sum(hosts, (host) => host.rigs), sum(hosts, (host) => host.slots)];
  return `*${many}* · ${statesOf(hosts, ' · ')} · ${bar(rigs, slots)} ${rigs} of ${slots} rigs`;
};

const restOf = (rest: readonly SeenHost[]): string => {
  const [first, ...others] = new Set(rest.map(({ host }) => host.state));
  if (first === undefined || others.length > 0) return `… and ${rest.length} more: ${statesOf(rest, ', ')}`;
  return rest.length === 1 ? `… and 1 more, ${first}` : `… and ${rest.length} more, all ${first}`;
};

const signOf = (state: HostState): string => {
  switch (state) {
    case 'ready':
      return '🟢';
    case 'draining':
      return '🟠';
    case 'unreachable':
      return '🔴';
    default:
      return assertNever(state);
  }
};

const blockOf = (seen: SeenHost, command: string): string =>
  [factsOf(seen), detailsOf(seen), ...troubleOf(seen, command)].join('\n');

const factsOf = ({ host, licences }: SeenHost): string => {
  const { name, state, draining, rigs, slots, freeAddresses } = host;
  const also = state === 'unreachable' && draining !== undefined ? ', draining' : '';
  const addresses = `${freeAddresses} free address${freeAddresses === 1 ? '' : 'es'}`;
  return [
    `${signOf(state)} *${hostOf(name)}*`,
    `${state}${also}`,
    `${bar(rigs, slots)} ${rigs} of ${slots} rigs`,
    addresses,
    ...(licences === undefined ? [] : [freeLicences(licences)]),
  ].join(' · ');
};

const short = (text: string): string => escapeText(bounded(oneLine(text), 60));

const detailsOf = ({ host: { network, tag, tags, versions } }: SeenHost): string =>
  [
    `${network.mode} on ${short(network.lan)}`,
    `image ${code(tag)}${tags.includes(tag) ? '' : ', still to be pulled'}`,
    `worker ${short(versions.worker)}`,
    `Docker ${short(versions.engine)}`,
  ].join(' · ');

const troubleOf = ({ host, tripped, isForeign }: SeenHost, command: string): readonly string[] => {
  const { name, state, draining, seen } = host;
  const lines: string[] = [];
  if (tripped !== undefined) {
    const { allowed } = tripped;
    lines.push(
      allowed === undefined
        ? `⚠️ waits for a yes: would remove ${wouldRemove(tripped)}: ${code(`${command} allow ${name}`, 120)}`
        : `⚠️ will remove what it found, ${wouldRemove(tripped)}: ${nameOf(allowed.by)} said yes ${timeOf(allowed.at)}`,
    );
  }
  if (state !== 'ready' && seen !== undefined) lines.push(`last seen ${timeOf(seen)}`);
  if (draining !== undefined)
    lines.push(`takes no new rigs: ${nameOf(draining.by)} decided that ${timeOf(draining.at)}`);
  for (const note of (host.notes ?? []).slice(0, mostNotes))
    lines.push(`▲ ${escapeText(bounded(oneLine(note), 200))}`);
  const more = (host.notes?.length ?? 0) - mostNotes;
  if (more > 0) lines.push(`▲ … and ${more} more, in its worker's log`);
  if (isForeign) lines.push('⚠️ works with another `WCS_SECRET` than I do, so it gets no rigs');
  return lines;
};
