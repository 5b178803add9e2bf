// Questions before something is lost: a stop of a rig that somebody uses, a restart.

import { findRig, type Which } from '../../control/find-rig.ts';
import type { Rig } from '../../rig/rig.ts';
import { isInUse, type Use } from '../../rig/use.ts';
import { plainText, withButtons } from '../draw/message.ts';
import { actions, writeRestartValue, writeRigValue } from '../draw/values.ts';
import { askRestart, askStop } from '../words/restart.ts';
import type { World } from '../world.ts';
import { restartAct, stopAct } from './acts.ts';
import type { Answer } from './answering.ts';
import type { Asking } from './asking.ts';

/** What was last seen of this generation; nothing is not nobody. */
const useOf = async ({ ports }: World, rig: Rig): Promise<Use | undefined> => {
  const seen = await ports.uses.of(rig.id);
  return seen?.generation === rig.generation ? seen.use : undefined;
};

const ask = (text: string, label: string, action: string, value: string): Answer =>
  withButtons(text, [{ type: 'button', action_id: action, text: plainText(label), style: 'danger', value }]);

/** By name, as typed: a button has asked already. */
export const stopAskingFirst = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const found = await findRig(world.ports.rigs, which, asking.by, 'act');
  const use =
    found.kind === 'found' && found.rig.state.kind === 'running' ? await useOf(world, found.rig) : undefined;
  if (found.kind === 'refused' || use === undefined || !isInUse(use)) return stopAct(world, which, asking);
  const value = writeRigValue(found.rig, asking.command);
  return ask(askStop(found.rig, use), 'Stop it', actions.sureStop, value);
};

/** `unused`: asked about even if nobody uses it, since a menu is quickly slipped in. One that crashed has nothing left to lose. */
export const restartAskingFirst = async (
  world: World,
  which: Which,
  tag: string | undefined,
  asking: Asking,
  unused: boolean,
): Promise<Answer | undefined> => {
  const found = await findRig(world.ports.rigs, which, asking.by, 'act');
  if (found.kind === 'refused' || found.rig.state.kind !== 'running')
    return restartAct(world, which, tag, asking);
  const use = await useOf(world, found.rig);
  if (!unused && (use === undefined || !isInUse(use))) return restartAct(world, which, tag, asking);
  const value = writeRestartValue(found.rig, asking.command, tag);
  return ask(askRestart(found.rig, use), 'Restart it', actions.sureRestart, value);
};
