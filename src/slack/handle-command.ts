// The slash command: what was typed becomes a use case, and its outcome an answer.

import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { extendRig } from '../control/extend-rig.ts';
import { launchRig } from '../control/launch-rig.ts';
import { listRigs } from '../control/list-rigs.ts';
import { stopRigNamed } from '../control/stop-rig.ts';
import { tellPassword } from '../control/tell-password.ts';
import { QueueDown } from '../ports.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { RigName } from '../rig/name.ts';
import type { Person, Rig } from '../rig/rig.ts';
import type { Answer, Turn } from './answering.ts';
import { askAllAnswer, chooseAnswer, linkTo, refusalAnswer } from './answers.ts';
import type { Command } from './command.ts';
import { code } from './escape.ts';
import { sshCommand } from './links.ts';
import { drawList } from './list.ts';
import { sentence } from './message.ts';
import { parseCommand } from './parse.ts';
import {
  allStopping,
  alreadyYours,
  cardInDirectMessage,
  noneToStop,
  passwordSentence,
  queueDown,
  queueDownExtend,
  queueDownStop,
  queueDownUp,
  refusalSentence,
  stoppingSentence,
} from './words.ts';
import { greeting, help, moreHelp } from './words-help.ts';
import { extendedSentence } from './words-lease.ts';
import { mistakeSentence } from './words-mistakes.ts';
import { stateWords } from './words-rig.ts';
import type { World } from './world.ts';

const payload = z.object({
  command: z.string().regex(/^\/\S{1,32}$/),
  text: z.string().default(''),
  user_id: z.string().min(1).max(64),
  user_name: z.string().default(''),
  channel_id: z.string().min(1).max(64),
  trigger_id: z.string().min(1).max(255),
});

/** A command, read. */
export type Typed = {
  readonly command: string;
  readonly by: Person;
  readonly channel: string;
  readonly trigger: string;
};

export const commandTurn = (world: World, { body, ack, respond }: SlackCommandMiddlewareArgs): Turn => {
  const read = payload.parse(body);
  const parsed = parseCommand(read.text);
  const typed: Typed = {
    command: read.command,
    by: { id: read.user_id, name: read.user_name === '' ? read.user_id : read.user_name },
    channel: read.channel_id,
    trigger: read.trigger_id,
  };
  return {
    what: `command ${parsed.kind === 'command' ? parsed.command.kind : parsed.mistake.kind}`,
    user: read.user_id,
    command: read.command,
    trigger: read.trigger_id,
    ack,
    respond: ({ text, blocks }) => respond({ response_type: 'ephemeral', text, blocks }),
    work: async () =>
      parsed.kind === 'mistake'
        ? sentence(mistakeSentence(parsed.mistake, read.command))
        : runCommand(world, parsed.command, typed),
    whenQueueDown: parsed.kind === 'command' ? () => withoutQueue(parsed.command.kind) : undefined,
  };
};

const withoutQueue = (kind: Command['kind']): string => {
  switch (kind) {
    case 'up':
      return queueDownUp();
    case 'down':
    case 'down-all':
    case 'down-which':
      return queueDownStop();
    case 'extend':
      return queueDownExtend();
    case 'list':
    case 'show':
    case 'restart':
    case 'logs':
    case 'share':
    case 'give':
    case 'history':
    case 'keep':
    case 'password':
    case 'help':
    case 'nothing':
      return queueDown('I cannot look it up');
    default:
      return assertNever(kind);
  }
};

export const runCommand = async (
  world: World,
  command: Command,
  typed: Typed,
): Promise<Answer | undefined> => {
  const { ports, policy } = world;
  switch (command.kind) {
    case 'up':
      return up(world, command, typed);
    case 'list': {
      const { rigs, now } = await listRigs(ports, command.filter, typed.by);
      const { filter } = command;
      return drawList(rigs, { filter, page: 0, now, reader: typed.by.id, command: typed.command });
    }
    case 'down':
      return down(world, command.names, typed);
    case 'down-which':
    case 'down-all':
      return offer(world, command.kind, typed);
    case 'extend':
      return extend(world, command, typed);
    case 'password':
      return password(world, command.name, typed);
    case 'help': {
      const facts = { usualLease: policy.lease.usual, longestLease: policy.lease.most };
      return sentence(command.more ? moreHelp(typed.command, facts) : help(typed.command));
    }
    case 'show':
    case 'restart':
    case 'logs':
    case 'share':
    case 'give':
    case 'history':
    case 'keep':
      throw new Error('not yet');
    case 'nothing':
      return sentence(greeting(typed.command));
    default:
      return assertNever(command);
  }
};

const up = async (
  world: World,
  { name, lease, until, host, tag, quietly }: Command & { kind: 'up' },
  { command, by, channel, trigger }: Typed,
): Promise<Answer | undefined> => {
  if (until !== undefined) throw new Error('not yet');
  const { ports, policy, client, log } = world;
  const asked = { channel, command, quietly };
  const outcome = await launchRig(ports, policy, {
    owner: by,
    name,
    lease,
    host,
    tag,
    asked,
    request: trigger,
  });
  switch (outcome.kind) {
    case 'launched':
      return whereItsCardIs(world, outcome.rig);
    case 'repeated':
      return undefined;
    case 'already-yours': {
      const link = await linkTo(client, outcome.card, log);
      return sentence(alreadyYours(outcome.rig, stateWords(outcome.rig), link, command));
    }
    case 'refused':
      return refusalAnswer(outcome.refusal, command, ports.clock.now());
    default:
      return assertNever(outcome);
  }
};

/** In a channel the card itself is the answer. */
const whereItsCardIs = async ({ destinations, log }: World, rig: Rig): Promise<Answer | undefined> => {
  try {
    const destination = await destinations.of(rig);
    return destination.kind === 'direct'
      ? sentence(cardInDirectMessage(rig, destination.because))
      : undefined;
  } catch (err) {
    // The rig is on its way, and the teller asks Slack again for its card.
    log.info({ rig: rig.id, err }, 'Slack does not say where the card may go');
    return undefined;
  }
};

const down = async ({ ports }: World, names: readonly RigName[], { by, command }: Typed): Promise<Answer> => {
  const lines: string[] = [];
  for (const name of names) {
    try {
      const outcome = await stopRigNamed(ports, name, by);
      lines.push(
        outcome.kind === 'stopping'
          ? stoppingSentence(outcome.rig)
          : refusalSentence(outcome.refusal, command),
      );
    } catch (error) {
      // What was stopped before is said, too.
      if (!(error instanceof QueueDown) || lines.length === 0) throw error;
      lines.push(`${code(name)} and what follows: ${queueDownStop()}`);
      break;
    }
  }
  // A block for each line: 25 at most, and Slack takes 50.
  const text = lines.join('\n');
  return { text, blocks: lines.flatMap((line) => sentence(line).blocks) };
};

const offer = async (
  { ports }: World,
  kind: 'down-which' | 'down-all',
  { by, command }: Typed,
): Promise<Answer> => {
  const mine = await ports.rigs.ownedBy(by.id);
  const stoppable = mine.filter(({ state }) => state.kind !== 'stopping');
  if (mine.length === 0) return sentence(noneToStop(command));
  if (stoppable.length === 0) return sentence(allStopping(mine.map(({ name }) => name)));
  return kind === 'down-all'
    ? askAllAnswer(stoppable, command)
    : chooseAnswer(mine, command, ports.clock.now());
};

const extend = async (
  { ports }: World,
  { name, wanted }: Command & { kind: 'extend' },
  typed: Typed,
): Promise<Answer> => {
  if (wanted.kind === 'until') throw new Error('not yet');
  const outcome = await extendRig(ports, { name }, wanted, typed.by);
  return sentence(
    outcome.kind === 'extended'
      ? extendedSentence(outcome.rig, outcome.most)
      : refusalSentence(outcome.refusal, typed.command),
  );
};

const password = async ({ ports, ssh }: World, name: RigName, { by, command }: Typed): Promise<Answer> => {
  const outcome = await tellPassword(ports, { name }, by);
  return outcome.kind === 'password'
    ? sentence(passwordSentence(outcome.rig, outcome.password, sshCommand(ssh, outcome.rig)))
    : sentence(refusalSentence(outcome.refusal, command));
};
