// What is said before and at a restart, and before a rig is stopped that somebody uses.

import type { Rig } from '../../rig/rig.ts';
import type { Use } from '../../rig/use.ts';
import { code } from './escape.ts';
import { useWords } from './lease.ts';

export const restartingSentence = (rig: Rig): string =>
  `${code(rig.name)} is being restarted with ${code(rig.tag, 128)}, at the same address; its card and its thread say when it is ready. Its SSH password will be another one.`;

export const askRestart = (rig: Rig, use: Use | undefined): string =>
  `Restart ${code(rig.name)}${using(use)}? Its container is made anew: whoever is on it is cut off, and what was recorded on it is lost. Name, address and end stay.`;

export const askStop = (rig: Rig, use: Use): string =>
  `${code(rig.name)} is ${useWords(use)}. Stop it all the same? It ends for everybody who uses it, and what was recorded on it is lost.`;

const using = (use: Use | undefined): string =>
  use === undefined || use.kind === 'idle' || use.kind === 'unknown' ? '' : `, which is ${useWords(use)}`;
