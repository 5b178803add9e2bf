// What operators are told in their channel.

import { assertNever } from '../../rig/assert-never.ts';
import type { Notice } from '../../rig/notice.ts';
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
    case 'adoption':
      return 'My memory (Redis) was lost, or restored from an older copy. I ask every host what it has, and take all of that in again; nothing is removed, and for about a minute nothing new is started. Leases that went on meanwhile end no earlier than in half an hour, and their owners are told.';
    case 'too-many-removals':
      return `Host ${code(notice.host)} has ${notice.of} containers, and ${notice.would} of them should not be there. That many I do not remove by myself: ${code(`/wcs allow ${notice.host}`)} says yes; ${code('node src/main.ts reconcile --dry-run')} says which.`;
    case 'unknown-containers':
      return `Host ${code(notice.host)} had ${notice.count === 1 ? 'a container' : `${notice.count} containers`} with my labels that nobody knows, and without a note of the host's that I could believe. I have seen ${notice.count === 1 ? 'it' : 'them'} twice and remove ${notice.count === 1 ? 'it' : 'them'} now.`;
    default:
      return assertNever(notice);
  }
};

const endless = ({ rigs }: Notice & { kind: 'endless-rigs' }): string => {
  const lines = rigs
    .slice(0, mostNamed)
    .map(({ name, owner, host }) => `• ${code(name)} · ${nameOf(owner)} · ${code(host)}`);
  const rest = rigs.length > mostNamed ? [`• and ${rigs.length - mostNamed} more`] : [];
  const head = rigs.length === 1 ? 'One rig has no end:' : `${rigs.length} rigs have no end:`;
  return [head, ...lines, ...rest, 'They stay until somebody stops them; is each still wanted?'].join('\n');
};
