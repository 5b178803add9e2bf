// What can be looked at and done of hosts: the use case, its line in the audit, and the answer.

import { allowHost } from '../../control/allow-host.ts';
import { drainHost, emptyHost, undrainHost } from '../../control/drain-host.ts';
import { findHostFor, type HostVerb, rigsOn } from '../../control/find-host.ts';
import type { Refused } from '../../control/find-rig.ts';
import { forgetHost, lookBeforeForget } from '../../control/forget-host.ts';
import { lookHosts } from '../../control/look-hosts.ts';
import { isRefused, noteHost, noteRefusal } from '../../control/note-act.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { HostName, Rig, RigId } from '../../rig/rig.ts';
import type { Use } from '../../rig/use.ts';
import { refusalAnswer } from '../draw/answers.ts';
import { drawHosts } from '../draw/hosts.ts';
import { plainText, sentence, withButtons } from '../draw/message.ts';
import { actions, writeHostValue } from '../draw/values.ts';
import type { Command } from '../parse/command.ts';
import { drawHostHistory, mostEntries } from '../words/history.ts';
import {
  allowedSentence,
  askEmpty,
  askForget,
  cameBackSentence,
  drainingSentence,
  emptyingSentence,
  forgottenSentence,
  nothingWaits,
  undrainedSentence,
} from '../words/hosts.ts';
import type { World } from '../world.ts';
import type { Answer } from './answering.ts';
import type { Asking } from './asking.ts';

export type OnHosts = Command & { readonly kind: 'hosts' | 'history-on' | HostVerb };

export const runOnHosts = async (world: World, command: OnHosts, asking: Asking): Promise<Answer> => {
  switch (command.kind) {
    case 'hosts':
      return hostsAct(world, command.host, asking);
    case 'history-on':
      return historyOn(world, command.host, asking);
    case 'drain':
      return command.now
        ? emptyAskingFirst(world, command.host, asking)
        : drainAct(world, command.host, asking);
    case 'undrain':
      return undrainAct(world, command.host, asking);
    case 'forget':
      return forgetAskingFirst(world, command.host, asking);
    case 'allow':
      return allowAct(world, command.host, asking);
    default:
      return assertNever(command);
  }
};

const hostsAct = async (
  { ports, policy }: World,
  host: HostName | undefined,
  { command }: Asking,
): Promise<Answer> => {
  const list = await lookHosts(ports, policy.keyIds, host);
  return list.kind === 'refused'
    ? refusalAnswer(list.refusal, command, ports.clock.now())
    : drawHosts(list.hosts, command);
};

/** Also of one that was forgotten. */
const historyOn = async ({ ports }: World, host: HostName, { command }: Asking): Promise<Answer> =>
  drawHostHistory(host, await ports.audit.ofHost(host, mostEntries), command);

/** Notes a refusal, and says how it came out. */
const act = async <T extends { readonly kind: string }>(
  { ports }: World,
  what: string,
  host: HostName,
  { by, command }: Asking,
  asked: Promise<T | Refused>,
  answer: (done: T) => Answer | Promise<Answer>,
): Promise<Answer> => {
  const outcome = await noteRefusal(ports, { what, by, host }, asked);
  return isRefused(outcome) ? refusalAnswer(outcome.refusal, command, ports.clock.now()) : answer(outcome);
};

const drainAct = (world: World, host: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'drain', host, asking, drainHost(world.ports, host, asking.by), async (done) => {
    if (done.before === undefined)
      await noteHost(world.ports, { what: 'drain', by: asking.by }, done.host.name);
    return sentence(drainingSentence(done.host, done.rigs, done.before, asking.command));
  });

/** What was last seen of each; nothing is not nobody. */
const usesOf = async ({ ports }: World, rigs: readonly Rig[]): Promise<ReadonlyMap<RigId, Use>> => {
  const seen = await Promise.all(rigs.map(({ id }) => ports.uses.of(id)));
  return new Map(
    rigs.flatMap(({ id, generation }, index) => {
      const one = seen[index];
      return one?.generation === generation ? [[id, one.use] as const] : [];
    }),
  );
};

const ask = (text: string, label: string, action: string, host: HostName, command: string): Answer =>
  withButtons(text, [
    {
      type: 'button',
      action_id: action,
      text: plainText(label),
      style: 'danger',
      value: writeHostValue(host, command),
    },
  ]);

/** Where nothing would be lost nobody is asked. */
const emptyAskingFirst = (world: World, asked: HostName, asking: Asking): Promise<Answer> =>
  act(
    world,
    'drain',
    asked,
    asking,
    findHostFor(world.ports.hosts, 'drain', asked, asking.by),
    async ({ host }) => {
      const rigs = (await rigsOn(world.ports.rigs, host)).filter(({ state }) => state.kind !== 'stopping');
      if (rigs.length === 0) return emptyAct(world, asked, asking);
      const label = rigs.length === 1 ? 'Stop it' : `Stop all ${rigs.length}`;
      const text = askEmpty(host, rigs, await usesOf(world, rigs));
      return ask(text, label, actions.sureEmpty, host.name, asking.command);
    },
  );

export const emptyAct = (world: World, host: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'drain', host, asking, emptyHost(world.ports, host, asking.by), async (done) => {
    const why = `now; ${done.stopping.length} stopped`;
    await noteHost(world.ports, { what: 'drain', by: asking.by }, done.host.name, why);
    return sentence(emptyingSentence(done.host, done.stopping, asking.command));
  });

const undrainAct = (world: World, host: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'undrain', host, asking, undrainHost(world.ports, host, asking.by), async (done) => {
    const wasDraining = done.kind === 'undrained';
    if (wasDraining) await noteHost(world.ports, { what: 'undrain', by: asking.by }, done.host.name);
    return sentence(undrainedSentence(done.host, wasDraining));
  });

const forgetAskingFirst = (world: World, asked: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'forget', asked, asking, lookBeforeForget(world.ports, asked, asking.by), ({ host, rigs }) =>
    ask(askForget(host, rigs), 'Forget it', actions.sureForget, host.name, asking.command),
  );

export const forgetAct = (world: World, host: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'forget', host, asking, forgetHost(world.ports, host, asking.by), async (done) => {
    const given = `${done.lost.length} given up`;
    const why = done.kind === 'forgotten' ? given : `came back; ${given}`;
    await noteHost(world.ports, { what: 'forget', by: asking.by }, done.host.name, why);
    return sentence(
      done.kind === 'forgotten'
        ? forgottenSentence(done.host, done.lost, asking.command)
        : cameBackSentence(done, asking.command),
    );
  });

const allowAct = (world: World, host: HostName, asking: Asking): Promise<Answer> =>
  act(world, 'allow', host, asking, allowHost(world.ports, host, asking.by), async (done) => {
    if (done.kind === 'nothing-waits') return sentence(nothingWaits(done.host, asking.command));
    const why = `to remove ${done.waited.would} of ${done.waited.of} rigs`;
    await noteHost(world.ports, { what: 'allow', by: asking.by }, done.host.name, why);
    return sentence(allowedSentence(done.host, done.waited));
  });
