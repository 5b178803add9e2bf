// What can be done with a rig, as buttons and menus on its card. Pure.

import type { Button, KnownBlock, Overflow, StaticSelect } from '@slack/types';
import type { Instant } from '../../rig/duration.ts';
import type { Rig } from '../../rig/rig.ts';
import { plainText } from './message.ts';
import { actions, type ChoiceValue, writeChoiceValue, writeRigValue } from './values.ts';

export type StopAction = typeof actions.stop | typeof actions.stopListed;

const choice = (rig: Rig, text: string, what: ChoiceValue['do']) => ({
  text: plainText(text),
  value: writeChoiceValue(rig, rig.asked.command, what),
});

/** A rig without an end, or at its cap, has nothing to extend. */
const extendSelect = (rig: Rig, evening: Instant | undefined): StaticSelect[] => {
  const { end, cap } = rig.lease;
  if (end === undefined || (cap !== undefined && end >= cap)) return [];
  const options = [
    choice(rig, '+1 h', '1h'),
    choice(rig, '+4 h', '4h'),
    ...(evening !== undefined && evening > end ? [choice(rig, 'Until 18:00', 'evening')] : []),
  ];
  return [
    { type: 'static_select', action_id: actions.extendChoice, placeholder: plainText('Extend'), options },
  ];
};

const overflow = (rig: Rig, handsOver: boolean): Overflow => ({
  type: 'overflow',
  action_id: actions.more,
  options: [
    choice(rig, 'Logs', 'logs'),
    choice(rig, 'Restart', 'restart'),
    ...(handsOver ? [choice(rig, 'Share', 'share')] : []),
    choice(rig, 'History', 'history'),
  ],
});

export const crashButtons = (rig: Rig): KnownBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: actions.restart,
      text: plainText('Restart'),
      value: writeRigValue(rig, rig.asked.command),
    },
    stopButton(rig, rig.asked.command, 'Give it up'),
  ],
});

/**
 * `evening`: when it is 18:00 for its owner, where that is soon enough to make sense. `handsOver`: for somebody who may share it; a card is
 * for everybody.
 */
export const buttons = (rig: Rig, evening: Instant | undefined, handsOver = true): KnownBlock => ({
  type: 'actions',
  elements: [
    ...extendSelect(rig, evening),
    {
      type: 'button',
      action_id: actions.password,
      text: plainText('Password'),
      value: writeRigValue(rig, rig.asked.command),
    },
    stopButton(rig, rig.asked.command),
    overflow(rig, handsOver),
  ],
});

/** Also beside a rig in an answer; `label` where its name has to be on it. */
export const stopButton = (
  rig: Pick<Rig, 'id' | 'name'>,
  command: string,
  label = 'Stop',
  action: StopAction = actions.stop,
): Button => ({
  type: 'button',
  action_id: action,
  text: plainText(label),
  style: 'danger',
  value: writeRigValue(rig, command),
  confirm: {
    title: plainText(`Stop ${rig.name}?`, 100),
    text: plainText('It ends for everybody who uses it, and what was recorded on it is lost.', 300),
    confirm: plainText('Stop it', 30),
    deny: plainText('Keep it', 30),
    style: 'danger',
  },
});
