// `addresses` for everybody, and `addresses release` for those who run the bot.

import { lookAtAddresses, releaseAddress } from '../../control/look-addresses.ts';
import { isRefused, noteRefusal } from '../../control/note-act.ts';
import { refusalAnswer } from '../draw/answers.ts';
import { sentence } from '../draw/message.ts';
import type { Command } from '../parse/command.ts';
import { drawAddresses, releasedSentence } from '../words/addresses.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';
import type { Asking } from './asking.ts';

export const addressesAct = async (
  { ports }: World,
  of: string | undefined,
  { command }: Asking,
): Promise<Answer> => {
  const seen = await lookAtAddresses(ports, of);
  return isRefused(seen)
    ? refusalAnswer(seen.refusal, command, ports.clock.now())
    : drawAddresses(seen, command);
};

export const releaseAddressAct = async (
  { ports }: World,
  { address, lan }: Command & { readonly kind: 'release-address' },
  { by, command }: Asking,
): Promise<Answer> => {
  const asked = releaseAddress(ports, address, lan, by);
  const outcome = await noteRefusal(ports, { what: 'release address', by }, asked);
  return isRefused(outcome)
    ? refusalAnswer(outcome.refusal, command, ports.clock.now())
    : sentence(releasedSentence(outcome));
};
