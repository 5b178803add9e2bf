// The buttons: of cards, of answers and of the list.

import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { extendRig } from '../control/extend-rig.ts';
import { listRigs } from '../control/list-rigs.ts';
import { stopAllOf, stopRigById } from '../control/stop-rig.ts';
import { tellPassword } from '../control/tell-password.ts';
import { type Duration, hour } from '../rig/duration.ts';
import type { Person } from '../rig/rig.ts';
import type { Answer, Turn } from './answering.ts';
import { runCommand } from './handle-command.ts';
import { sshCommand } from './links.ts';
import { drawList } from './list.ts';
import { sentence } from './message.ts';
import { actions, readCommandValue, readListValue, readRigValue } from './values.ts';
import {
  forgotten,
  oldButton,
  passwordSentence,
  queueDown,
  queueDownExtend,
  queueDownStop,
  queueDownUp,
  refusalSentence,
  stoppingAllSentence,
  stoppingSentence,
} from './words.ts';
import { extendedSentence } from './words-lease.ts';
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
    work: () => press(world, id, value, by, trigger_id),
    whenQueueDown: () => withoutQueue(id),
  };
};

const withoutQueue = (id: string): string => {
  switch (id) {
    case actions.stop:
    case actions.stopAll:
      return queueDownStop();
    case actions.extendByOne:
    case actions.extendByFour:
      return queueDownExtend();
    case actions.upAgain:
      return queueDownUp();
    default:
      return queueDown('I cannot do that now');
  }
};

/** Every value of ours holds the command as it was typed; only sentences need it. */
const commandIn = (value: unknown): string => {
  try {
    return readCommandValue(value).command;
  } catch {
    return '/wcs';
  }
};

const press = async (
  world: World,
  id: string,
  value: unknown,
  by: Person,
  trigger: string | undefined,
): Promise<Answer | undefined> => {
  switch (id) {
    // The browser opens the link; Slack only wants to hear that we know.
    case actions.open:
      return undefined;
    case actions.password:
      return password(world, value, by);
    case actions.stop:
      return stop(world, value, by);
    case actions.extendByOne:
      return extend(world, value, hour, by);
    case actions.extendByFour:
      return extend(world, value, 4 * hour, by);
    case actions.upAgain:
      return upAgain(world, value, by, trigger);
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

const extend = async ({ ports }: World, value: unknown, by: Duration, who: Person): Promise<Answer> => {
  const { rig, name, command } = readRigValue(value);
  const outcome = await extendRig(ports, { name, id: rig }, { kind: 'by', length: by }, who);
  return sentence(
    outcome.kind === 'extended'
      ? extendedSentence(outcome.rig, outcome.most)
      : refusalSentence(outcome.refusal, command),
  );
};

/** The same name, tag and host wish as the rig that ended; whoever presses it owns the new one. */
const upAgain = async (
  world: World,
  value: unknown,
  by: Person,
  trigger: string | undefined,
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
  return runCommand(world, again, { command, by, channel: asked.channel, trigger });
};

const turnPage = async ({ ports }: World, value: unknown, by: Person): Promise<Answer> => {
  const { filter, page, command } = readListValue(value);
  const { rigs, now } = await listRigs(ports, filter, by);
  return { ...drawList(rigs, { filter, page, now, reader: by.id, command }), replace: true };
};
