// The buttons: of cards, of answers and of the list.

import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { listRigs } from '../control/list-rigs.ts';
import { stopAllOf, stopRigById } from '../control/stop-rig.ts';
import { tellPassword } from '../control/tell-password.ts';
import type { Person } from '../rig/rig.ts';
import type { Answer, Turn } from './answering.ts';
import { sshCommand } from './links.ts';
import { drawList } from './list.ts';
import { sentence } from './message.ts';
import { actions, readCommandValue, readListValue, readRigValue } from './values.ts';
import {
  oldButton,
  passwordSentence,
  queueDown,
  queueDownStop,
  refusalSentence,
  stoppingAllSentence,
  stoppingSentence,
} from './words.ts';
import type { World } from './world.ts';

const payload = z.object({
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  trigger_id: z.string().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

export const actionTurn = (world: World, { body, ack, respond }: SlackActionMiddlewareArgs): Turn => {
  const { user, trigger_id, actions: pressed } = payload.parse(body);
  const id = pressed[0]?.action_id ?? '';
  const value = pressed[0]?.value;
  const by: Person = { id: user.id, name: user.name ?? user.username ?? user.id };
  return {
    what: `action ${id}`,
    user: user.id,
    command: commandIn(value),
    trigger: trigger_id,
    ack: () => ack(),
    respond: ({ text, blocks, replace = false }) =>
      respond({ response_type: 'ephemeral', replace_original: replace, text, blocks }),
    work: () => press(world, id, value, by),
    whenQueueDown: () =>
      id === actions.stop || id === actions.stopAll ? queueDownStop() : queueDown('I cannot do that now'),
  };
};

/** Every value of ours holds the command as it was typed; only sentences need it. */
const commandIn = (value: unknown): string => {
  try {
    return readCommandValue(value).command;
  } catch {
    return '/wcs';
  }
};

const press = async (world: World, id: string, value: unknown, by: Person): Promise<Answer | undefined> => {
  switch (id) {
    // The browser opens the link; Slack only wants to hear that we know.
    case actions.open:
      return undefined;
    case actions.password:
      return password(world, value, by);
    case actions.stop:
      return stop(world, value, by);
    case actions.stopAll: {
      const stopped = await stopAllOf(world.ports, by);
      return { ...sentence(stoppingAllSentence(stopped, commandIn(value))), replace: true };
    }
    case actions.postThere:
      return world.postThere(readRigValue(value), by);
    case actions.listPrevious:
    case actions.listNext:
      return turnPage(world, value, by);
    default:
      return sentence(oldButton(commandIn(value)));
  }
};

const password = async ({ ports, ssh }: World, value: unknown, by: Person): Promise<Answer> => {
  const { rig, name, command } = readRigValue(value);
  const outcome = await tellPassword(ports, { name, id: rig }, by);
  return outcome.kind === 'password'
    ? sentence(passwordSentence(outcome.rig, outcome.password, sshCommand(ssh, outcome.rig)))
    : sentence(refusalSentence(outcome.refusal, command));
};

const stop = async ({ ports }: World, value: unknown, by: Person): Promise<Answer> => {
  const { rig, name, command } = readRigValue(value);
  const outcome = await stopRigById(ports, rig, name, by);
  return sentence(
    outcome.kind === 'stopping' ? stoppingSentence(outcome.rig) : refusalSentence(outcome.refusal, command),
  );
};

const turnPage = async ({ ports }: World, value: unknown, by: Person): Promise<Answer> => {
  const { filter, page, command } = readListValue(value);
  const { rigs, now } = await listRigs(ports, filter, by);
  return { ...drawList(rigs, { filter, page, now, reader: by.id, command }), replace: true };
};
