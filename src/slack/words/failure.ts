// What is said of a rig that failed: what happened, why as far as anybody knows, and what to do.

import { assertNever } from '../../rig/assert-never.ts';
import { formatTook } from '../../rig/duration.ts';
import type { Crash, FailReason, Person, Rig } from '../../rig/rig.ts';
import { code, codeBlock, escapeText, nameOf } from './escape.ts';
import { mention, timeOf } from './rig.ts';

type Failure = {
  readonly what: string;
  /** A machine's own words: for the thread, too long for the card. */
  readonly detail?: string;
  readonly todo: string;
};

/** `logged`: its last lines stand below. */
const failure = (reason: FailReason, logged: boolean): Failure => {
  switch (reason.kind) {
    case 'exited':
      return exited(reason, logged);
    case 'not-ready':
      return notReady(reason, logged);
    case 'no-image':
      return {
        what: `the image ${code(reason.reference, 100)} could not be pulled`,
        detail: reason.detail,
        todo: 'If you chose a tag, see whether it exists; if not, whoever runs the host can make sense of this line.',
      };
    case 'address-in-use':
      return {
        what: `something else already has the address ${code(reason.address)}${othersOf(reason)}`,
        todo: 'Try again later, or on another host if there is one. Whoever runs this network should know that strangers are in the range for rigs.',
      };
    case 'ports-taken':
      return {
        what: `something on its host already listens on ${portsWords(reason.ports)}, on every address`,
        todo: 'If that is another rig, this host takes one at a time; if not, whoever runs the host can make sense of it. Another host may do.',
      };
    case 'licence-in-use':
      return {
        what: 'an older rig has the same licence, which came out when my memory was rebuilt',
        todo: 'A licence is for one rig, so the later one had to go.',
      };
    case 'died':
      return died(reason, logged);
    case 'removed':
      return {
        what: 'its container was removed on the host, and not by me',
        todo: 'Whoever works on that host may know why.',
      };
    case 'too-late':
      return {
        what: 'its host came to it too late: it was busy or away',
        todo: 'Try again, on another host if there is one.',
      };
    case 'superseded':
      return {
        what: 'its place was given up while it was starting',
        todo: 'Try again. If that happens often, tell whoever runs this bot.',
      };
    case 'not-resumed':
      return {
        what: 'Docker on its host was restarted, and it was not started again, since its time was up',
        todo: 'If it was extended at that moment, its host did not know yet.',
      };
    case 'overdue':
      return {
        what: 'it was long past its end, and nobody was there to end it, so its host did',
        todo: 'Whoever runs this bot may know why it was away for so long.',
      };
    case 'host-forgotten':
      return {
        what: `its host does not answer any more, and ${nameOf(reason.by)} has given it up`,
        todo: 'Whether it still runs there nobody can tell, so do not count on it. Nobody else gets its address until that is known.',
      };
    case 'engine':
      return {
        what: 'its host could not start it',
        detail: reason.detail,
        todo: 'Try again, on another host if there is one; whoever runs the host can make sense of this line.',
      };
    default:
      return assertNever(reason);
  }
};

const portsWords = (ports: readonly number[]): string =>
  `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;

const othersOf = ({ others }: FailReason & { kind: 'address-in-use' }): string => {
  switch (others) {
    case 'none-free':
      return ', and its host has no other that is free';
    case 'taken-too':
      return ', and so it was with the others that I tried';
    case undefined:
      return '';
    default:
      return assertNever(others);
  }
};

const exited = (reason: FailReason & { kind: 'exited' }, logged: boolean): Failure =>
  reason.outOfMemory
    ? {
        what: 'it ran out of memory while it was starting',
        todo: 'Whoever runs this host can give rigs more memory (`WCS_RIG_MEMORY`); trying again as it is will hardly help.',
      }
    : {
        what: `it ended by itself while it was starting (exit code ${reason.exitCode})`,
        todo: `${logged ? 'Its last lines are below' : 'It left no lines that could say why'}; if you chose a tag, try without it.`,
      };

const died = ({ exitCode, outOfMemory }: FailReason & { kind: 'died' }, logged: boolean): Failure =>
  outOfMemory
    ? {
        what: 'it ran out of memory',
        todo: 'Whoever runs this host can give rigs more memory (`WCS_RIG_MEMORY`).',
      }
    : {
        what: `it ended by itself (exit code ${exitCode})`,
        todo: logged ? 'Its last lines are below.' : 'It left no lines that could say why.',
      };

const notReady = ({ missingPorts, waited }: FailReason & { kind: 'not-ready' }, logged: boolean): Failure => {
  const ports = missingPorts.slice(0, 8).join(', ');
  const missing =
    missingPorts.length === 0
      ? 'did not come up'
      : `did not listen on port${missingPorts.length === 1 ? '' : 's'} ${ports}`;
  return {
    what: `it was started, but ${missing} within ${formatTook(waited)}`,
    todo: `Try again: a busy host can be slow. If it stays like this, ${logged ? 'its last lines below are for' : 'tell'} whoever runs the host.`,
  };
};

/** For the card: what happened, in a few words; the thread has the rest. */
export const failureSentence = (reason: FailReason): string => failure(reason, false).what;

type Told = { readonly text: string; readonly log: string };

/** `log`: its last lines as a code block, empty if there are none; a block of its own, since it is long. */
const told = (rig: Rig, { reason, tail }: Crash, wayOut: string, call: string): Told => {
  const log = codeBlock(tail);
  const { what, detail, todo } = failure(reason, log !== '');
  const why = detail === undefined ? what : `${what}: ${code(detail, 200)}`;
  const lines = [`${call}*${escapeText(rig.name)}* failed on host ${code(rig.host)}: ${why}.`, todo, wayOut];
  return { text: lines.join('\n'), log };
};

const again = (rig: Rig): string => code(`${rig.asked.command} up ${rig.name}`, 120);

export const failedReply = (rig: Rig, crash: Crash): Told => {
  // What became of its container nobody knows.
  const isLost = crash.reason.kind === 'host-forgotten';
  const wayOut = isLost
    ? `${again(rig)} starts a new one.`
    : `Nothing of it is left: ${again(rig)} tries again.`;
  return told(rig, crash, wayOut, `${mention(rig)} `);
};

/** It was up: its name and address wait for a while. */
export const crashedReply = (rig: Rig, crash: Crash, until: number): Told =>
  told(
    rig,
    crash,
    `*Restart* brings it back with the same name and address, until ${timeOf(until)}; then both are given up. What was on it is lost.`,
    `${mention(rig)} `,
  );

/** The same message once nobody needs its button any more. */
export const crashAnswered = (rig: Rig, crash: Crash, how: string): Told => told(rig, crash, how, '');

export const givenUp = (rig: Rig): string =>
  `Nobody restarted it in time, so its name and address are free again: ${again(rig)} starts a new one.`;

export const restartedText = (by: Person): string => `${nameOf(by)} restarted it.`;
