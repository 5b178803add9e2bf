// The buttons and menus: of cards, of answers and of the list.

import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Which } from '../../control/find-rig.ts';
import { listRigs } from '../../control/list-rigs.ts';
import { stopAllOf } from '../../control/stop-rig.ts';
import { hour } from '../../rig/duration.ts';
import type { Extension } from '../../rig/lease.ts';
import type { Person, RigId } from '../../rig/rig.ts';
import { beforehand } from '../beforehand.ts';
import { drawList } from '../draw/list.ts';
import { sentence } from '../draw/message.ts';
import {
  actions,
  type ChoiceValue,
  commandIn,
  readChoiceValue,
  readHostValue,
  readListValue,
  readRestartValue,
  readRigValue,
} from '../draw/values.ts';
import { nextEvening } from '../parse/until.ts';
import { answerInView, type Place } from '../views/answer-modal.ts';
import { openShare } from '../views/share-form.ts';
import { openStart } from '../views/start-form.ts';
import {
  oldButton,
  queueDown,
  queueDownExtend,
  queueDownHost,
  queueDownStop,
  queueDownUp,
  stoppingAllSentence,
} from '../words/answers.ts';
import { eveningPassed } from '../words/lease.ts';
import type { World } from '../world.ts';
import {
  extendAct,
  inItsPlace,
  logAct,
  passwordAct,
  restartAct,
  stopAct,
  stopListedAct,
  usualLines,
  wantAct,
} from './acts.ts';
import { admitted } from './admit.ts';
import type { Answer, Turn } from './answering.ts';
import { restartAskingFirst } from './ask-first.ts';
import type { Press } from './asking.ts';
import { emptyAct, forgetAct } from './host-acts.ts';
import { historyAct } from './look.ts';
import { upAgain } from './up-again.ts';

const payload = z.object({
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  trigger_id: z.string().optional(),
  channel: z.object({ id: z.string().min(1) }).nullish(),
  view: z.object({ id: z.string().min(1), type: z.string() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});

export const actionTurn = (world: World, { body, ack, respond }: SlackActionMiddlewareArgs): Turn => {
  const { user, trigger_id: trigger, actions: pressed, channel, view } = payload.parse(body);
  const id = pressed[0]?.action_id ?? '';
  const value = pressed[0]?.value ?? pressed[0]?.selected_option?.value;
  const person: Person = { id: user.id, name: user.name ?? user.username ?? user.id };
  const command = commandIn(value);
  const place = placeOf(view, channel?.id);
  return {
    what: `action ${id}`,
    user: user.id,
    command,
    trigger,
    ack: () => ack(),
    respond: (answer) => {
      if (place.kind !== 'message')
        return answerInView(world, { place, user: user.id, trigger, command }, answer);
      const { text, blocks, replace = false } = answer;
      return respond({ response_type: 'ephemeral', replace_original: replace, text, blocks });
    },
    work: async () => {
      // The browser opens the link; Slack only wants to hear that we know.
      if (id === actions.open) return undefined;
      return admitted(world, id, person, undefined, (by) =>
        press(world, { id, value, by, command, trigger, place }),
      );
    },
    whenQueueDown: () => withoutQueue(id, command),
  };
};

const placeOf = (
  view: { readonly id: string; readonly type: string } | null | undefined,
  channel: string | undefined,
): Place => {
  if (!view) return { kind: 'message', channel };
  return view.type === 'home' ? { kind: 'home' } : { kind: 'modal', view: view.id };
};

const withoutQueue = (id: string, command: string): string => {
  switch (id) {
    case actions.stop:
    case actions.stopAll:
    case actions.stopListed:
    case actions.sureStop:
      return queueDownStop();
    case actions.extendByOne:
    case actions.extendByFour:
    case actions.extendEvening:
    case actions.extendChoice:
    case actions.want:
      return queueDownExtend();
    case actions.sureEmpty:
    case actions.sureForget:
      return queueDownHost(command);
    case actions.upAgain:
      return queueDownUp();
    case actions.startOne:
      return queueDown('nothing can be started');
    default:
      return queueDown('I cannot do that now');
  }
};

const press = async (world: World, pressed: Press): Promise<Answer | undefined> => {
  const { id, value, by, command } = pressed;
  switch (id) {
    case actions.password:
      return passwordAct(world, whichIn(value), pressed);
    case actions.stop:
      return stopAct(world, whichIn(value), pressed);
    case actions.stopListed:
      return stopListedAct(world, whichIn(value), pressed);
    case actions.sureStop:
      return { ...(await stopAct(world, whichIn(value), pressed)), replace: true };
    case actions.extendByOne:
      return extendAct(world, whichIn(value), { kind: 'by', length: hour }, pressed);
    case actions.extendByFour:
      return extendAct(world, whichIn(value), { kind: 'by', length: 4 * hour }, pressed);
    case actions.extendEvening:
      return extendToEvening(world, whichIn(value), pressed);
    case actions.want:
      return wantAct(world, whichIn(value), pressed);
    case actions.restart:
      return restartAct(world, whichIn(value), undefined, pressed);
    case actions.sureRestart: {
      const { tag } = readRestartValue(value);
      return inItsPlace(await restartAct(world, whichIn(value), tag, pressed));
    }
    case actions.sureEmpty:
      return { ...(await emptyAct(world, readHostValue(value).host, pressed)), replace: true };
    case actions.sureForget:
      return { ...(await forgetAct(world, readHostValue(value).host, pressed)), replace: true };
    case actions.extendChoice:
    case actions.more:
      return choose(world, readChoiceValue(value), pressed);
    case actions.upAgain:
      return upAgain(world, pressed);
    case actions.startOne:
      return startOne(world, pressed);
    case actions.stopAll:
      return { ...sentence(stoppingAllSentence(await stopAllOf(world.ports, by), command)), replace: true };
    case actions.postThere:
      return world.postThere(readRigValue(value), by);
    case actions.listPrevious:
    case actions.listNext:
      return turnPage(world, pressed);
    default:
      return sentence(oldButton(command));
  }
};

const whichIn = (value: unknown) => {
  const { rig, name } = readRigValue(value);
  return { id: rig, name };
};

const choose = async (
  world: World,
  { do: what, rig, name }: ChoiceValue,
  pressed: Press,
): Promise<Answer | undefined> => {
  const which = { id: rig, name };
  switch (what) {
    case '1h':
      return extendAct(world, which, { kind: 'by', length: hour }, pressed);
    case '4h':
      return extendAct(world, which, { kind: 'by', length: 4 * hour }, pressed);
    case 'evening':
      return extendToEvening(world, which, pressed);
    case 'logs':
      return logAct(world, which, usualLines, pressed);
    case 'restart':
      return restartAskingFirst(world, which, undefined, pressed, true);
    case 'share':
      return openShare(world, which, pressed, pressed.trigger);
    case 'history':
      return historyAct(world, which, pressed);
  }
};

/** Its card goes where the button was pressed; from the Home tab the form asks where. */
const startOne = (world: World, { place, command, trigger }: Press): Promise<Answer | undefined> => {
  const channel = place.kind === 'message' ? place.channel : undefined;
  return openStart(world, { command, ...(channel === undefined ? {} : { channel }) }, trigger);
};

/** By the owner's clock, as the button is offered, whoever presses it; typed, `until` means the asker's. */
const extendToEvening = async (
  world: World,
  which: Which & { readonly id: RigId },
  pressed: Press,
): Promise<Answer | undefined> => {
  const stored = await world.ports.rigs.get(which.id);
  const owner = stored?.rig.owner ?? pressed.by;
  const { zone } = await beforehand(world.people.profile(owner.id));
  const end = nextEvening(zone, world.ports.clock.now());
  if (end === undefined) return sentence(eveningPassed(pressed.command));
  const wanted: Extension = { kind: 'until', end };
  return extendAct(world, which, wanted, pressed);
};

const turnPage = async ({ ports }: World, { value, by }: Press): Promise<Answer> => {
  const { filter, page, command } = readListValue(value);
  const listed = await listRigs(ports, filter, by, page);
  return { ...drawList(listed, { filter, now: listed.now, reader: by.id, command }), replace: true };
};
