// The form that asks whom to share a rig with: opened at a click, and shared from when it is submitted.

import type { ModalView } from '@slack/types';
import { findRig, type Refused, type Which } from '../../control/find-rig.ts';
import { noteRefusal, noteTurnedAway } from '../../control/note-act.ts';
import { shareRig } from '../../control/share-rig.ts';
import { mostShared } from '../../rig/advance-people.ts';
import type { Rig } from '../../rig/rig.ts';
import type { Answer } from '../act/answering.ts';
import type { Asking } from '../act/asking.ts';
import { knownPeople } from '../act/known-people.ts';
import { refusalAnswer } from '../draw/answers.ts';
import { formTitle, plainText, section, sentence } from '../draw/message.ts';
import { readRigValue, writeRigValue } from '../draw/values.ts';
import { escapeText } from '../words/escape.ts';
import { notWelcomeInForm, refusalInForm, shareTooLate } from '../words/modal.ts';
import { sharedSentence } from '../words/people.ts';
import type { World } from '../world.ts';
import { plainOf } from './inline.ts';
import { openForm } from './open-form.ts';
import { done, type Submission, type Verdict, wrong } from './submission.ts';

export const shareForm = 'share-rig';
/** Its one field. */
export const sharePeople = 'people';

export const drawShareForm = (rig: Pick<Rig, 'id' | 'name'>, command: string): ModalView => ({
  type: 'modal',
  callback_id: shareForm,
  private_metadata: writeRigValue(rig, command),
  title: formTitle('Share a rig'),
  submit: formTitle('Share'),
  close: formTitle('Cancel'),
  blocks: [
    section(`*${escapeText(rig.name)}*: they may stop, extend and restart it, and see its password and log.`),
    {
      type: 'input',
      block_id: sharePeople,
      label: plainText('With whom'),
      element: {
        type: 'multi_users_select',
        action_id: sharePeople,
        max_selected_items: mostShared,
        placeholder: plainText('choose people', 150),
      },
    },
  ],
});

export const openShare = async (
  world: World,
  which: Which,
  { by, command }: Asking,
  trigger: string | undefined,
): Promise<Answer | undefined> => {
  const { ports } = world;
  const act = { what: 'share', by, name: which.name };
  const found = await noteRefusal(ports, act, findRig(ports.rigs, which, by, 'hand-over'));
  if (found.kind === 'refused') return refusalAnswer(found.refusal, command, ports.clock.now());
  const { rig } = found;
  return openForm(world, trigger, drawShareForm(rig, command), shareTooLate(rig.name, command));
};

export const submitShare = async (world: World, submission: Submission): Promise<Verdict> => {
  const { ports, access } = world;
  const { rig: id, name, command } = readRigValue(submission.metadata);
  const admission = await access.admit(submission.by, undefined);
  if (admission.kind !== 'welcome') {
    await noteTurnedAway(ports, 'share', submission.by, admission.kind);
    return wrong(sharePeople, notWelcomeInForm(admission));
  }
  const by = admission.asker;
  const read = await knownPeople(
    world,
    submission.fields.users(sharePeople).map((user) => ({ id: user })),
  );
  if (read.kind === 'no-use') return wrong(sharePeople, plainOf(read.why));
  const asking = shareRig(ports, { id, name }, read.people, by);
  const outcome = await noteRefusal(ports, { what: 'share', by, name }, asking);
  return outcome.kind === 'refused'
    ? refusedShare(outcome, command)
    : done(sentence(sharedSentence(outcome.rig, outcome.with)));
};

const refusedShare = ({ refusal }: Refused, command: string): Verdict =>
  wrong(sharePeople, refusalInForm(refusal, command));
