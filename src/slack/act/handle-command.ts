// The slash command: what was typed becomes a use case, and its outcome an answer.

import type { SlackCommandMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { type LaunchOutcome, launchRig } from '../../control/launch-rig.ts';
import { type ListFilter, listRigs } from '../../control/list-rigs.ts';
import { noteRefusal } from '../../control/note-act.ts';
import type { Asker } from '../../rig/access.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Person, Rig } from '../../rig/rig.ts';
import { beforehand } from '../beforehand.ts';
import { askAllAnswer, chooseAnswer, linkTo, refusalAnswer } from '../draw/answers.ts';
import { drawList } from '../draw/list.ts';
import { sentence } from '../draw/message.ts';
import { greetingAnswer } from '../draw/start-one.ts';
import type { Command } from '../parse/command.ts';
import { parseCommand } from '../parse/parse.ts';
import { resolveUntil } from '../parse/until.ts';
import {
  allStopping,
  alreadyYours,
  cardInDirectMessage,
  noneToStop,
  queueDown,
  queueDownExtend,
  queueDownHost,
  queueDownStop,
  queueDownUp,
} from '../words/answers.ts';
import { help, moreHelp } from '../words/help.ts';
import { mistakeSentence } from '../words/mistakes.ts';
import { stateWords } from '../words/rig.ts';
import type { World } from '../world.ts';
import { addressesAct, releaseAddressAct } from './address-acts.ts';
import { admitted } from './admit.ts';
import type { Answer, Turn } from './answering.ts';
import { runOnHosts } from './host-acts.ts';
import { runOnRig } from './run-on-rig.ts';

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
  readonly by: Asker;
  readonly channel: string;
  readonly trigger: string;
};

export const commandTurn = (world: World, { body, ack, respond }: SlackCommandMiddlewareArgs): Turn => {
  const read = payload.parse(body);
  const parsed = parseCommand(read.text);
  const person: Person = { id: read.user_id, name: read.user_name === '' ? read.user_id : read.user_name };
  const what = parsed.kind === 'command' ? parsed.command.kind : parsed.mistake.kind;
  world.home.heard(read.command);
  const work = async (by: Asker): Promise<Answer | undefined> => {
    if (parsed.kind === 'mistake') return sentence(mistakeSentence(parsed.mistake, read.command));
    const { command, channel_id: channel, trigger_id: trigger } = read;
    return runCommand(world, parsed.command, { command, by, channel, trigger });
  };
  return {
    what: `command ${what}`,
    user: read.user_id,
    command: read.command,
    trigger: read.trigger_id,
    ack,
    respond: ({ text, blocks }) => respond({ response_type: 'ephemeral', text, blocks }),
    work: () => admitted(world, what, person, read.channel_id, work),
    whenQueueDown:
      parsed.kind === 'command' ? () => withoutQueue(parsed.command.kind, read.command) : undefined,
  };
};

const withoutQueue = (kind: Command['kind'], command: string): string => {
  switch (kind) {
    case 'up':
      return queueDownUp();
    case 'down':
    case 'down-all':
    case 'down-which':
      return queueDownStop();
    case 'extend':
      return queueDownExtend();
    case 'restart':
    case 'share':
    case 'give':
    case 'keep':
    case 'release-address':
      return queueDown('nothing was changed');
    case 'drain':
    case 'undrain':
    case 'forget':
    case 'allow':
      return queueDownHost(command);
    case 'hosts':
    case 'history-on':
    case 'list':
    case 'addresses':
    case 'show':
    case 'logs':
    case 'history':
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
  const { policy } = world;
  switch (command.kind) {
    case 'up':
      return up(world, command, typed);
    case 'list':
      return list(world, command.filter, typed);
    case 'down-which':
    case 'down-all':
      return offer(world, command.kind, typed);
    case 'help': {
      const facts = { usualLease: policy.lease.usual, longestLease: policy.lease.most };
      return sentence(command.more ? moreHelp(typed.command, facts) : help(typed.command));
    }
    case 'hosts':
    case 'history-on':
    case 'drain':
    case 'undrain':
    case 'forget':
    case 'allow':
      return runOnHosts(world, command, typed);
    case 'nothing':
      return greetingAnswer(typed);
    case 'addresses':
      return addressesAct(world, command.of, typed);
    case 'release-address':
      return releaseAddressAct(world, command, typed);
    default:
      return runOnRig(world, command, typed);
  }
};

const list = async ({ ports }: World, filter: ListFilter, { by, command }: Typed): Promise<Answer> => {
  const listed = await listRigs(ports, filter, by, 0);
  const mayBeMistyped = filter.kind === 'on' && listed.total === 0;
  const hosts = mayBeMistyped ? (await ports.hosts.current()).map(({ name }) => name) : undefined;
  return drawList(listed, { filter, now: listed.now, reader: by.id, command, hosts });
};

/** How long until a time of day in the asker's own zone. */
const lengthOf = async (
  { ports, people }: World,
  { lease, until }: Pick<Command & { kind: 'up' }, 'lease' | 'until'>,
  by: Person,
): Promise<number | undefined> => {
  if (until === undefined) return lease;
  const { zone } = await beforehand(people.profile(by.id));
  const now = ports.clock.now();
  return resolveUntil(until, zone, now) - now;
};

export const launch = async (
  world: World,
  wanted: Command & { kind: 'up' },
  { command, by, channel, trigger }: Typed,
): Promise<LaunchOutcome> => {
  const { ports, policy } = world;
  const { name, host, tag, quietly } = wanted;
  const asking = launchRig(ports, policy, {
    owner: by,
    name,
    lease: await lengthOf(world, wanted, by),
    host,
    tag,
    asked: { channel, command, quietly },
    request: trigger,
  });
  return noteRefusal(ports, { what: 'up', by, name }, asking);
};

export const up = async (
  world: World,
  wanted: Command & { kind: 'up' },
  typed: Typed,
): Promise<Answer | undefined> => {
  const { ports, client, log } = world;
  const { command } = typed;
  const outcome = await launch(world, wanted, typed);
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
