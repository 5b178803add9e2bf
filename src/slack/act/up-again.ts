// *Up again*, under a rig that ended.

import type { ChannelId, UserId } from '../../rig/rig.ts';
import { beforehand } from '../beforehand.ts';
import { sentence } from '../draw/message.ts';
import { readRigValue } from '../draw/values.ts';
import type { Place } from '../views/answer-modal.ts';
import { forgotten } from '../words/answers.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';
import type { Press } from './asking.ts';
import { runCommand } from './handle-command.ts';

/** The same name, tag and host wish as the rig that ended; whoever presses it owns the new one. */
export const upAgain = async (
  world: World,
  { value, by, trigger, place }: Press,
): Promise<Answer | undefined> => {
  const { rig: id, name, command } = readRigValue(value);
  const ended = await world.ports.rigs.get(id);
  if (!ended || trigger === undefined) return sentence(forgotten(name, command));
  const { tag, asked } = ended.rig;
  const again = {
    kind: 'up',
    name,
    lease: undefined,
    until: undefined,
    host: asked.host,
    tag,
    quietly: asked.quietly,
  } as const;
  const channel = await channelAgain(world, asked.channel, place, by.id);
  return runCommand(world, again, { command, by, channel, trigger });
};

/**
 * Where the rig that ended was asked for, unless the presser is not there to see its card, as when it was given to them: then
 * the direct message in which they pressed, which is theirs.
 */
const channelAgain = async (
  { destinations }: World,
  before: ChannelId,
  place: Place,
  user: UserId,
): Promise<ChannelId> => {
  const pressedIn = place.kind === 'message' ? place.channel : undefined;
  if (pressedIn === undefined) return before;
  if (before.startsWith('D')) return pressedIn;
  if (!pressedIn.startsWith('D')) return before;
  const present = await beforehand(destinations.present(before, [user]));
  return present === undefined || present.has(user) ? before : pressedIn;
};
