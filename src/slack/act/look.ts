// What everybody may look at: one rig, and what happened to it.

import { findRig, type Which } from '../../control/find-rig.ts';
import { refusalAnswer } from '../draw/answers.ts';
import { drawRig } from '../draw/show.ts';
import { drawHistory, mostEntries } from '../words/history.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';
import type { Asking } from './asking.ts';

export const showAct = async (world: World, which: Which, { by, command }: Asking): Promise<Answer> => {
  const { ports, ssh, useFresh } = world;
  const found = await findRig(ports.rigs, which, by, 'look');
  const now = ports.clock.now();
  if (found.kind === 'refused') return refusalAnswer(found.refusal, command, now);
  const { rig } = found;
  const [use, evening] = await Promise.all([ports.uses.of(rig.id), world.eveningOf(rig.owner.id)]);
  const seen = use?.generation === rig.generation ? use : undefined;
  return drawRig(rig, { now, seen, useFresh, reader: by, bot: '', ssh, evening });
};

export const historyAct = async ({ ports }: World, { name }: Which, { command }: Asking): Promise<Answer> =>
  drawHistory(name, await ports.audit.ofRig(name, mostEntries), command);
