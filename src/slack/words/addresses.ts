// `addresses`: the map of a LAN, a line for each run of free addresses and for each that is not free, and what is said when
// one is given back.

import type { AddressView, LanView, Released } from '../../control/look-addresses.ts';
import { type Run, shortSpan } from '../../rig/address-map.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Quarantined } from '../../rig/quarantine.ts';
import type { Rig } from '../../rig/rig.ts';
import { type Message, sections } from '../draw/message.ts';
import { bounded, code, escapeText, nameOf, oneLine } from './escape.ts';
import { timeOf } from './rig.ts';

/** Of one LAN: more are only counted, as nobody reads them. */
const mostLines = 40;
const mostHosts = 10;
/** Slack takes about 12,000 characters in all blocks of a message. */
const mostCharacters = 9_000;

type SetAside = Run & { readonly kind: 'set-aside' };

/** Why, by whom it was seen, since when, and what becomes of it. */
const whySetAside = ({ why, host, at, mac }: Quarantined): string => {
  const since = `since ${timeOf(at)}`;
  switch (why) {
    case 'answered':
      return `something else answers there${mac === undefined ? '' : ` (${code(mac)})`}, as ${code(host)} saw, ${since}; comes back by itself when it is silent`;
    case 'in-use':
      return `Docker on ${code(host)} said that it is in use, ${since}; until an admin releases it`;
    case 'host-vanished':
      return `its host ${code(host)} was forgotten, ${since}, and a rig may still run there; until that host is back, or an admin releases it`;
    case 'doctor':
      return `the doctor on ${code(host)} tries it with a rig of its own, ${since}; comes back in a moment, or with the next doctor there`;
    default:
      return assertNever(why);
  }
};

const heldBy = (rig: Rig | undefined): string =>
  rig === undefined
    ? 'held by a rig that ends just now'
    : `${code(rig.name)} · ${nameOf(rig.owner)} · ${escapeText(bounded(oneLine(rig.host), 40))}`;

const outside = (isOutside: boolean): string => (isOutside ? ' (in no range any more)' : '');

const lineOf = (run: Run, rigs: AddressView['rigs']): string => {
  switch (run.kind) {
    case 'free': {
      const count = run.span.last - run.span.first + 1;
      return `⚪ ${shortSpan(run.span)} free${count > 1 ? ` (${count})` : ''}`;
    }
    case 'held':
      return `🟢 ${run.address} ${heldBy(rigs.get(run.rig))}${outside(run.isOutside)}`;
    case 'set-aside':
      return `⛔ ${run.address} set aside${outside(run.isOutside)}: ${whySetAside(run.entry)}`;
    default:
      return assertNever(run);
  }
};

const isSetAside = (run: Run): run is SetAside => run.kind === 'set-aside';

/** What matters most stays: first those that are set aside, then those that are held. */
const fitting = (runs: readonly Run[], most: number): readonly Run[] => {
  if (runs.length <= most) return runs;
  const taken = runs.filter(({ kind }) => kind !== 'free');
  if (taken.length <= most) return taken;
  const aside = taken.filter(isSetAside);
  return aside.length > 0 ? aside.slice(0, most) : taken.slice(0, most);
};

const restOf = (all: readonly Run[], shown: readonly Run[]): readonly string[] => {
  const left = (kind: Run['kind']): number =>
    all.filter((run) => run.kind === kind).length - shown.filter((run) => run.kind === kind).length;
  const [held, aside] = [left('held'), left('set-aside')];
  return [
    ...(aside > 0 ? [`⛔ … and ${aside} more that are set aside`] : []),
    ...(held > 0 ? [`🟢 … and ${held} more that rigs have`] : []),
    ...(left('free') > 0 ? ['⚪ all others are free'] : []),
  ];
};

const hostLine = ({ name, range, size, free, shared, notes }: LanView['hosts'][number]): string => {
  const [head, ...more] = range.split(',');
  const written = `${head ?? ''}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  const noted = notes.map((note) => `; ${escapeText(bounded(oneLine(note), 120))}`).join('');
  return `Host ${code(name)} ${code(written)}: ${free} of ${size} free${shared ? ', shared with other hosts' : ''}${noted}`;
};

const linesOf = ({ lan, hosts, runs, size }: LanView, rigs: AddressView['rigs']): readonly string[] => {
  const count = (kind: Run['kind']): number => runs.filter((run) => run.kind === kind).length;
  const inside = runs.filter((run) => run.kind !== 'free' && !run.isOutside).length;
  const head = `*LAN* ${code(lan)}: ${size - inside} of ${size} free, ${count('held')} held by rigs, ${count('set-aside')} set aside`;
  const shown = fitting(runs, mostLines);
  return [
    head,
    ...hosts.slice(0, mostHosts).map(hostLine),
    ...(hosts.length > mostHosts ? [`… and ${hosts.length - mostHosts} more hosts`] : []),
    ...shown.map((run) => lineOf(run, rigs)),
    ...restOf(runs, shown),
  ];
};

export const drawAddresses = ({ lans, rigs }: AddressView, command: string): Message => {
  const lines: string[] = [];
  let room = mostCharacters;
  let left = 0;
  for (const lan of lans) {
    const own = linesOf(lan, rigs);
    const length = own.reduce((sum, line) => sum + line.length + 1, 0);
    // The first one is shown whatever it takes: forty lines always fit.
    if (lines.length > 0 && length > room) left += 1;
    else {
      lines.push(...own);
      room -= length;
    }
  }
  const rest = left === 0 ? [] : [`… and ${left} more LANs: ${code(`${command} addresses LAN`)} shows one.`];
  const isAnyAside = lans.some(({ runs }) => runs.some(isSetAside));
  const wayOut = isAnyAside
    ? [
        `No rig gets an address that is set aside. Admins give one back with ${code(`${command} addresses release ADDRESS`)}.`,
      ]
    : [];
  const [head = ''] = lines;
  return { text: head, blocks: sections([...lines, ...rest, ...wayOut]) };
};

export const releasedSentence = ({ address, lan, entry }: Released): string => {
  const again =
    entry.why === 'answered'
      ? ' If something still answers there it is set aside again in a moment.'
      : ' If something still has it, the next rig that gets it is moved to another one.';
  return `${code(address)} is back among the free addresses of ${code(lan)}, as the last one in the row.${again}`;
};
