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
