// The commands about rigs that there are already, each named.

import { findRig } from '../../control/find-rig.ts';
import { noteRefusal } from '../../control/note-act.ts';
import { QueueDown } from '../../ports/faults.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Extension } from '../../rig/lease.ts';
import type { RigName } from '../../rig/name.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { Person } from '../../rig/rig.ts';
import { beforehand } from '../beforehand.ts';
import { sentence } from '../draw/message.ts';
import type { Command, Mentioned, Wanted } from '../parse/command.ts';
import { resolveUntil } from '../parse/until.ts';
import { noneCalled, queueDownStop } from '../words/answers.ts';
import { code } from '../words/escape.ts';
import { notAPerson } from '../words/people.ts';
import type { World } from '../world.ts';
import { extendAct, giveAct, keepAct, logAct, passwordAct, shareAct, usualLines } from './acts.ts';
import type { Answer } from './answering.ts';
import { restartAskingFirst, stopAskingFirst } from './ask-first.ts';
import type { Asking } from './asking.ts';
import type { OnHosts } from './host-acts.ts';
import { knownPeople } from './known-people.ts';
import { historyAct, showAct } from './look.ts';

export type OnRig = Exclude<
  Command,
  {
    kind:
      | ('up' | 'list' | 'down-which' | 'down-all' | 'addresses' | 'release-address' | 'help' | 'nothing')
      | OnHosts['kind'];
  }
>;

export const runOnRig = async (world: World, command: OnRig, asking: Asking): Promise<Answer | undefined> => {
  switch (command.kind) {
    case 'show':
      return showAct(world, command, asking);
    case 'history':
      return historyAct(world, command, asking);
    case 'down':
      return down(world, command.names, asking);
    case 'extend':
      return extendAct(world, command, await extensionOf(world, command.wanted, asking.by), asking);
    case 'keep':
      return keepAct(world, command, asking);
    case 'restart':
      return restartAskingFirst(world, command, command.tag, asking, false);
    case 'logs':
      return logAct(world, command, command.lines ?? usualLines, asking);
    case 'password':
      return passwordAct(world, command, asking);
    case 'share':
      return withPeople(world, command.with, (people) => shareAct(world, command, people, asking));
    case 'give':
      return withPeople(world, [command.to], ([to]) =>
        to === undefined
          ? Promise.resolve(sentence(notAPerson(command.to)))
          : giveAct(world, command, to, asking),
      );
    default:
      return assertNever(command);
  }
};

/** `until 18:00` is meant in the asker's own zone. */
const extensionOf = async ({ ports, people }: World, wanted: Wanted, by: Person): Promise<Extension> => {
  if (wanted.kind === 'by') return wanted;
  const { zone } = await beforehand(people.profile(by.id));
  return { kind: 'until', end: resolveUntil(wanted.time, zone, ports.clock.now()) };
};

const withPeople = async (
  world: World,
  mentioned: readonly Mentioned[],
  act: (known: readonly Person[]) => Promise<Answer>,
): Promise<Answer> => {
  const read = await knownPeople(world, mentioned);
  return read.kind === 'known' ? act(read.people) : sentence(read.why);
};

const down = async (world: World, names: readonly RigName[], asking: Asking): Promise<Answer> => {
  const answers: Answer[] = [];
  const missing: NoSuchRig[] = [];
  let firstMissing = 0;
  for (const name of names) {
    try {
      const none = await noSuchRigOf(world, name, asking);
      if (none === undefined) answers.push(await stopAskingFirst(world, { name }, asking));
      else if (missing.push(none) === 1) firstMissing = answers.length;
    } catch (error) {
      // What was stopped before is said, too.
      if (!(error instanceof QueueDown) || answers.length + missing.length === 0) throw error;
      answers.push(sentence(`${code(name)} and what follows: ${queueDownStop()}`));
      break;
    }
  }
  const told = answers.toSpliced(firstMissing, 0, ...saidOf(missing, asking.command));
  // A question has two blocks, and there are 25 names at most: Slack takes 50.
  return {
    text: told.map(({ text }) => text).join('\n'),
    blocks: told.flatMap(({ blocks }) => blocks),
  };
};

type NoSuchRig = Refusal & { readonly kind: 'no-such-rig' };

/** Found out beforehand, since all such names together get one sentence; noted as any other refusal. */
const noSuchRigOf = async (
  { ports }: World,
  name: RigName,
  { by }: Asking,
): Promise<NoSuchRig | undefined> => {
  const found = await findRig(ports.rigs, { name }, by, 'look');
  if (found.kind === 'found' || found.refusal.kind !== 'no-such-rig') return undefined;
  await noteRefusal(ports, { what: 'stop', by, name }, Promise.resolve(found));
  return found.refusal;
};

const saidOf = (missing: readonly NoSuchRig[], command: string): readonly Answer[] => {
  const [first] = missing;
  if (first === undefined) return [];
  const names = missing.map(({ name }) => name);
  return [sentence(noneCalled(names, first.mine, command))];
};
