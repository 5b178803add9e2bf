// What can be done with a rig, the same by command and by click: the use case, its line in the audit, and the answer.

import { askLog } from '../../control/ask-log.ts';
import { extendRig, keepRig, wantRig } from '../../control/extend-rig.ts';
import type { Refused, Which } from '../../control/find-rig.ts';
import { isRefused, noteDone, noteRefusal } from '../../control/note-act.ts';
import { restartRig } from '../../control/restart-rig.ts';
import { giveRig, shareRig } from '../../control/share-rig.ts';
import { stopRig } from '../../control/stop-rig.ts';
import { tellPassword } from '../../control/tell-password.ts';
import type { Extension } from '../../rig/lease.ts';
import type { Person } from '../../rig/rig.ts';
import { chooseAnswer, refusalAnswer } from '../draw/answers.ts';
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

/** Asks for it, notes a refusal, and says how it came out. */
const act = async <T extends { readonly kind: string }>(
  { ports }: World,
  what: string,
  { name }: Which,
  { by, command }: Asking,
  asked: Promise<T | Refused>,
  say: (done: T) => string | Promise<string>,
): Promise<Answer> => {
  const outcome = await noteRefusal(ports, { what, by, name }, asked);
  return isRefused(outcome)
    ? refusalAnswer(outcome.refusal, command, ports.clock.now())
    : sentence(await say(outcome));
};

/** In the place of the answer whose button was pressed. */
export const inItsPlace = (answer: Answer | undefined): Answer | undefined =>
  answer && { ...answer, replace: true };

export const stopAct = (world: World, which: Which, asking: Asking): Promise<Answer> =>
  act(world, 'stop', which, asking, stopRig(world.ports, which, asking.by), ({ rig }) =>
    stoppingSentence(rig),
  );

/** From the answer to `down`, which is drawn anew: with what is left, while anything is. */
export const stopListedAct = async (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const { ports } = world;
  const told = await stopAct(world, which, asking);
  const mine = await ports.rigs.ownedBy(asking.by.id);
  const left = mine.some(({ state }) => state.kind !== 'stopping')
    ? [chooseAnswer(mine, asking.command, ports.clock.now())]
    : [];
  return {
    text: [told, ...left].map(({ text }) => text).join('\n'),
    blocks: [told, ...left].flatMap(({ blocks }) => blocks),
    replace: true,
  };
};

export const extendAct = (
  world: World,
  which: Which,
  wanted: Extension,
  asking: Asking,
): Promise<Answer | undefined> => {
  const asked = extendRig(world.ports, which, wanted, asking.by, asking.trigger);
  return act(world, 'extend', which, asking, asked, ({ rig, most }) => extendedSentence(rig, most));
};

export const keepAct = (world: World, which: Which, asking: Asking): Promise<Answer> =>
  act(world, 'keep', which, asking, keepRig(world.ports, which, asking.by), ({ rig }) =>
    endlessSentence(rig),
  );

/** *Keep it*, of a rig that nobody uses. */
export const wantAct = (world: World, which: Which, asking: Asking): Promise<Answer> =>
  act(world, 'want', which, asking, wantRig(world.ports, which, asking.by), ({ rig }) => wantedSentence(rig));

export const restartAct = (
  world: World,
  which: Which,
  tag: string | undefined,
  asking: Asking,
): Promise<Answer | undefined> => {
  const asked = restartRig(world.ports, world.policy, which, tag, asking.by, asking.trigger);
  return act(world, 'restart', which, asking, asked, ({ rig }) => restartingSentence(rig));
};

export const passwordAct = (world: World, which: Which, asking: Asking): Promise<Answer> => {
  const asked = tellPassword(world.ports, which, asking.by);
  return act(world, 'password', which, asking, asked, async ({ rig, password }) => {
    await noteDone(world.ports, { what: 'password', by: asking.by }, rig);
    return passwordSentence(rig, password, sshCommand(world.ssh, rig));
  });
};

/** As many as a person reads, if they did not say. */
export const usualLines = 100;

export const logAct = (world: World, which: Which, lines: number, asking: Asking): Promise<Answer> => {
  const asked = askLog(world.ports, which, lines, asking.by);
  return act(world, 'logs', which, asking, asked, async ({ rig }) => {
    await noteDone(world.ports, { what: 'logs', by: asking.by }, rig, `${lines} lines`);
    return logAsked(rig, lines);
  });
};

export const shareAct = (
  world: World,
  which: Which,
  people: readonly Person[],
  asking: Asking,
): Promise<Answer> => {
  const asked = shareRig(world.ports, which, people, asking.by);
  return act(world, 'share', which, asking, asked, (done) => sharedSentence(done.rig, done.with));
};

export const giveAct = (world: World, which: Which, to: Person, asking: Asking): Promise<Answer> => {
  const asked = giveRig(world.ports, world.policy.rigsPerUser, which, to, asking.by);
  return act(world, 'give', which, asking, asked, ({ rig, from }) => givenSentence(rig, to, from));
};
