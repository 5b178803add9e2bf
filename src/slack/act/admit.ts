// Lets somebody in, or tells them why not; whoever is turned away is noted in the audit.

import { noteTurnedAway } from '../../control/note-act.ts';
import type { Asker } from '../../rig/access.ts';
import type { ChannelId, Person } from '../../rig/rig.ts';
import { sentence } from '../draw/message.ts';
import { notWelcome } from '../words/access.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';

/** `channel`: where a command was typed; a click is taken wherever its button is. */
export const admitted = async (
  { access, ports }: World,
  what: string,
  person: Person,
  channel: ChannelId | undefined,
  work: (asker: Asker) => Promise<Answer | undefined>,
): Promise<Answer | undefined> => {
  const admission = await access.admit(person, channel);
  if (admission.kind === 'welcome') return work(admission.asker);
  await noteTurnedAway(ports, what, person, admission.kind);
  return sentence(notWelcome(admission));
};
