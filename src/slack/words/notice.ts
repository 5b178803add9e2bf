// What operators are told in their channel.

import { assertNever } from '../../rig/assert-never.ts';
import type { Notice } from '../../rig/notice.ts';
import { isMac } from '../../rig/quarantine.ts';
import { bounded, code, escapeText, nameOf, oneLine } from './escape.ts';

/** As many as one reads. */
const mostNamed = 30;

export const noticeText = (notice: Notice): string => {
  switch (notice.kind) {
    case 'gone-person':
      return `The account of ${nameOf(notice.person)} is closed, so nobody reads what is said of their rigs, ${code(notice.rig)} among them. They end by themselves; an admin can stop them, or \`give\` them to somebody.`;
    case 'endless-rigs':
      return endless(notice);
    case 'unfit-redis':
      return `The Redis that I am connected to now is not fit for me, and I would not start with it: ${escapeText(bounded(oneLine(notice.why), 400))}`;
    case 'untold':
      return `Nothing can be told about ${code(notice.rig)} any more (${escapeText(bounded(oneLine(notice.why), 150))}); its owner is ${nameOf(notice.owner)}.`;
    case 'address-taken':
      return addressTaken(notice);
    case 'proxy-arp':
      return proxyArp(notice);
    case 'adoption':
      return 'My memory (Redis) was lost, or restored from an older copy. I ask every host what it has, and take all of that in again; nothing is removed, and for about a minute nothing new is started. Leases that went on meanwhile end no earlier than in half an hour, and their owners are told.';
    case 'too-many-removals':
      return `Host ${code(notice.host)} has ${notice.of} containers, and ${notice.would} of them should not be there. That many I do not remove by myself: ${code(`/wcs allow ${notice.host}`)} says yes; ${code('node src/main.ts reconcile --dry-run')} says which.`;
    case 'unknown-containers':
      return `Host ${code(notice.host)} had ${notice.count === 1 ? 'a container' : `${notice.count} containers`} with my labels that nobody knows, and without a note of the host's that I could believe. I have seen ${notice.count === 1 ? 'it' : 'them'} twice and remove ${notice.count === 1 ? 'it' : 'them'} now.`;
    case 'moved-containers':
      return movedContainers(notice);
    default:
      return assertNever(notice);
  }
};

const movedContainers = ({ host, of, count }: Notice & { kind: 'moved-containers' }): string => {
  const [what, them, their] =
    count === 1
      ? [`a container of a rig`, 'it', 'its rig']
      : [`${count} containers of rigs`, 'them', 'their rigs'];
  return `Host ${code(host)} has ${what} of host ${code(of)}: was it given another name? I leave ${them} alone. If it was, start its worker with ${code(`WCS_HOST=${of}`)} again, and I know ${their} as before. If ${code(of)} is gone for good, ${code(`/wcs forget ${of}`)} gives ${their} up, and what is left on ${code(host)} is removed.`;
};

const endless = ({ rigs }: Notice & { kind: 'endless-rigs' }): string => {
  const lines = rigs
    .slice(0, mostNamed)
    .map(({ name, owner, host }) => `• ${code(name)} · ${nameOf(owner)} · ${code(host)}`);
  const rest = rigs.length > mostNamed ? [`• and ${rigs.length - mostNamed} more`] : [];
  const head = rigs.length === 1 ? 'One rig has no end:' : `${rigs.length} rigs have no end:`;
  return [head, ...lines, ...rest, 'They stay until somebody stops them; is each still wanted?'].join('\n');
};

/** `command` is not known here: several may be in use. */
const addressTaken = ({ address, host, lan, why, mac }: Notice & { kind: 'address-taken' }): string => {
  const range = `It is in the range for rigs of host ${code(host)} (LAN ${code(lan)})`;
  // On an address of the host's own it is no machine that answers, but a program of the host.
  if (why === 'answered' && mac !== undefined && !isMac(mac))
    return `A program on host ${code(host)} listens on ${code(address)}, ${code(mac)}. ${range}, so I give it to no rig; it comes back by itself when nothing has listened there for a while. ${code('ss -ltnp')} on the host says which program it is; or take the address out of ${code('WCS_RANGE')}.`;
  return why === 'answered'
    ? `Something else answers on ${code(address)}${mac === undefined ? '' : `: the machine ${code(mac)}`}. ${range}, so I give it to no rig; it comes back by itself when nothing has answered there for a while. Find that machine, or take the address out of ${code('WCS_RANGE')}.`
    : `Docker on ${code(host)} says that ${code(address)} is in use, though no rig of mine has it: mostly a container that somebody put on the rigs' network by hand. ${range}, so I give it to no rig until an admin types ${code(`/wcs addresses release ${address}`)}.`;
};

const proxyArp = ({ mac, host, lan, addresses }: Notice & { kind: 'proxy-arp' }): string =>
  `One machine, ${code(mac)}, answers for ${addresses
    .slice(0, 3)
    .map((one) => code(one))
    .join(
      ', ',
    )}${addresses.length > 3 ? ` and ${addresses.length - 3} more` : ''}, as host ${code(host)} sees it (LAN ${code(lan)}). That is proxy ARP: a router or firewall that answers for addresses which are not its own. So its answers count for nothing and no address is set aside for them; rigs start as usual, but I cannot see strangers behind it, and neighbours may reach the router instead of a rig. Switch proxy ARP off there, for this range at least.`;
