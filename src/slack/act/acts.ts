// What can be done with a rig, the same by command and by click: the use case, its line in the audit, and the answer.

import { askLog } from '../../control/ask-log.ts';
import { extendRig, keepRig, wantRig } from '../../control/extend-rig.ts';
import type { Refused, Which } from '../../control/find-rig.ts';
import { noteDone, noteRefusal } from '../../control/note-act.ts';
import { restartRig } from '../../control/restart-rig.ts';
import { giveRig, shareRig } from '../../control/share-rig.ts';
import { stopRig } from '../../control/stop-rig.ts';
import { tellPassword } from '../../control/tell-password.ts';
import type { Extension } from '../../rig/lease.ts';
import type { Person } from '../../rig/rig.ts';
import { refusalAnswer } from '../draw/answers.ts';
import { sentence } from '../draw/message.ts';
import { passwordSentence, stoppingSentence } from '../words/answers.ts';
import { endlessSentence, extendedSentence, wantedSentence } from '../words/lease.ts';
import { sshCommand } from '../words/links.ts';
import { logAsked } from '../words/log.ts';
import { givenSentence, sharedSentence } from '../words/people.ts';
import { restartingSentence } from '../words/restart.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';
import type { Asking } from './asking.ts';

const no = ({ ports }: World, { refusal }: Refused, { command }: Asking): Answer =>
  refusalAnswer(refusal, command, ports.clock.now());

export const stopAct = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const act = { what: 'stop', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, stopRig(world.ports, which, asking.by));
  return outcome.kind === 'refused' ? no(world, outcome, asking) : sentence(stoppingSentence(outcome.rig));
};

export const extendAct = async (
  world: World,
  which: Which,
  wanted: Extension,
  asking: Asking,
): Promise<Answer> => {
  const act = { what: 'extend', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, extendRig(world.ports, which, wanted, asking.by));
  return outcome.kind === 'refused'
    ? no(world, outcome, asking)
    : sentence(extendedSentence(outcome.rig, outcome.most));
};

export const keepAct = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const act = { what: 'keep', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, keepRig(world.ports, which, asking.by));
  return outcome.kind === 'refused' ? no(world, outcome, asking) : sentence(endlessSentence(outcome.rig));
};

/** *Keep it*, of a rig that nobody uses. */
export const wantAct = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const act = { what: 'want', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, wantRig(world.ports, which, asking.by));
  return outcome.kind === 'refused' ? no(world, outcome, asking) : sentence(wantedSentence(outcome.rig));
};

export const restartAct = async (
  world: World,
  which: Which,
  tag: string | undefined,
  asking: Asking,
): Promise<Answer> => {
  const { ports, policy } = world;
  const act = { what: 'restart', by: asking.by, name: which.name };
  const outcome = await noteRefusal(ports, act, restartRig(ports, policy, which, tag, asking.by));
  return outcome.kind === 'refused' ? no(world, outcome, asking) : sentence(restartingSentence(outcome.rig));
};

export const passwordAct = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const act = { what: 'password', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, tellPassword(world.ports, which, asking.by));
  if (outcome.kind === 'refused') return no(world, outcome, asking);
  await noteDone(world.ports, act, outcome.rig);
  return sentence(passwordSentence(outcome.rig, outcome.password, sshCommand(world.ssh, outcome.rig)));
};

/** As many as a person reads, if they did not say. */
export const usualLines = 100;

export const logAct = async (world: World, which: Which, lines: number, asking: Asking): Promise<Answer> => {
  const act = { what: 'logs', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, askLog(world.ports, which, lines, asking.by));
  if (outcome.kind === 'refused') return no(world, outcome, asking);
  await noteDone(world.ports, act, outcome.rig, `${lines} lines`);
  return sentence(logAsked(outcome.rig, lines));
};

export const shareAct = async (
  world: World,
  which: Which,
  people: readonly Person[],
  asking: Asking,
): Promise<Answer> => {
  const act = { what: 'share', by: asking.by, name: which.name };
  const outcome = await noteRefusal(world.ports, act, shareRig(world.ports, which, people, asking.by));
  return outcome.kind === 'refused'
    ? no(world, outcome, asking)
    : sentence(sharedSentence(outcome.rig, outcome.with));
};

export const giveAct = async (world: World, which: Which, to: Person, asking: Asking): Promise<Answer> => {
  const { ports, policy } = world;
  const act = { what: 'give', by: asking.by, name: which.name };
  const outcome = await noteRefusal(ports, act, giveRig(ports, policy.rigsPerUser, which, to, asking.by));
  return outcome.kind === 'refused'
    ? no(world, outcome, asking)
    : sentence(givenSentence(outcome.rig, to, outcome.from));
};
