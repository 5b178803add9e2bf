// What is said of licences: who has them, and until when. None of them is ever named.

import type { LicenceHolders, PoolSize } from '../../rig/licence.ts';
import type { Rig } from '../../rig/rig.ts';
import { escapeText, nameOf } from './escape.ts';
import { timeOf } from './rig.ts';

/** `1 of 2 licences free` */
export const freeLicences = ({ size, free }: PoolSize): string =>
  `${free} of ${size} licence${size === 1 ? '' : 's'} free`;

const untilWhen = ({ state, lease }: Rig): string => {
  if (state.kind === 'stopping') return ' (being stopped)';
  // It keeps its licence for a restart, and no longer.
  if (state.kind === 'crashed') return ` (failed; kept for a restart until ${timeOf(state.until)})`;
  return lease.end === undefined ? ' (no end)' : ` until ${timeOf(lease.end)}`;
};

/** `onOneHost`: others may know other ones. */
export const licencesTaken = ({ size, taken, rigs }: LicenceHolders, onOneHost: boolean): string => {
  if (taken < size || rigs.length === 0) return 'A licence was given back just now: ask once more.';
  const of = onOneHost ? ' of that host' : '';
  const head = size === 1 ? `The only licence${of} is taken` : `All ${size} licences${of} are taken`;
  const shown = rigs.map((rig) => `*${escapeText(rig.name)}* of ${nameOf(rig.owner)}${untilWhen(rig)}`);
  const rest = taken - rigs.length;
  return `${head}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
};
