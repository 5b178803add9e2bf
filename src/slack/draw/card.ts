// The card: one message for each rig, which says how it stands and is edited in place. Pure.
//
// Ready: (1) what and where, with the button that people came for, (2) the other doors, (3) one line of facts,
// (4) what can be done with it. One that crashed can be restarted; in every other state it is (1) and (3). In a direct
// message a line says why it is there.

import type { KnownBlock } from '@slack/types';
import { assertNever } from '../../rig/assert-never.ts';
import { formatTook, type Instant } from '../../rig/duration.ts';
import { shownAddress } from '../../rig/outside.ts';
import { isLiving, type Rig, type StopReason } from '../../rig/rig.ts';
import { bounded, code, escapeText, nameOf, oneLine } from '../words/escape.ts';
import { failureSentence } from '../words/failure.ts';
import { player, rtmp, secureSocket, sshCommand, twoWayStreaming, webInterface } from '../words/links.ts';
import { longestLease, stateSign, stateWords, timeOf } from '../words/rig.ts';
import { buttons, crashButtons } from './card-buttons.ts';
import { type NoteView, placeNotes } from './card-notes.ts';
import { type Message, mrkdwn, plainText, section } from './message.ts';
import { actions } from './values.ts';

export type CardView = NoteView & {
  /** `ssh root@{ip}` */
  readonly ssh: string;
  /** 18:00 in its owner's zone is still to come, and soon enough to make sense. */
  readonly evening?: Instant | undefined;
};

export const drawCard = (rig: Rig, view: CardView): Message => {
  const notes = isLiving(rig) ? placeNotes(rig, view) : [];
  return { text: notification(rig), blocks: [...body(rig, view), ...notes] };
};

const body = (rig: Rig, view: CardView): KnownBlock[] => {
  switch (rig.state.kind) {
    case 'running':
      return [readyHead(rig), doors(rig, view), facts(rig), buttons(rig, view.evening)];
    case 'crashed':
      return [section(head(rig)), facts(rig), crashButtons(rig)];
    case 'placed':
    case 'starting':
    case 'stopping':
    case 'stopped':
    case 'failed':
      return [section(head(rig)), facts(rig)];
    default:
      return assertNever(rig.state);
  }
};

/** For notifications: name, state and link. */
const notification = (rig: Rig): string =>
  rig.state.kind === 'running'
    ? `🟢 ${rig.name} is ready · ${webInterface(rig)}`
    : `${stateSign(rig)} ${rig.name} · ${stateWords(rig)}${isLiving(rig) ? ` · ${webInterface(rig)}` : ''}`;

const usual = (rig: Rig): string =>
  rig.usual === undefined ? '' : ` · usually ${formatTook(rig.usual)} here`;

const head = (rig: Rig): string => {
  const name = `${stateSign(rig)} *${escapeText(rig.name)}*`;
  switch (rig.state.kind) {
    case 'placed':
    case 'starting':
      return `${name} · ${stateWords(rig)}${usual(rig)}`;
    case 'running':
      return `${name} is ready · <${webInterface(rig)}|${shownAddress(rig)}>`;
    case 'stopping':
      return `${name} · stopping${whyStopping(rig.state.reason, 'is')}`;
    case 'stopped':
      return `${name} · ended${whyStopping(rig.state.reason, 'was')}`;
    case 'crashed':
      return `${name} · failed: ${failureSentence(rig.state.crash.reason)}`;
    case 'failed':
      return `${name} · failed: ${failureSentence(rig.state.reason)}`;
    default:
      return assertNever(rig.state);
  }
};

const whyStopping = (reason: StopReason, is: 'is' | 'was'): string => {
  switch (reason.kind) {
    case 'asked':
      return '';
    case 'expired':
      return `, its time ${is} up`;
    case 'idle':
      return ', since nobody used it';
    case 'drained':
      return `, since ${nameOf(reason.by)} ${is === 'is' ? 'empties' : 'emptied'} its host`;
    case 'not-restarted':
      return ', since its host did not come to it';
    case 'not-there':
    case 'overdue':
      return ', it was no longer on its host';
    case 'address-twice':
      return ', since another rig has its address';
    case 'licence-twice':
      return ', since another rig has its licence';
    default:
      return assertNever(reason);
  }
};

const readyHead = (rig: Rig): KnownBlock => ({
  type: 'section',
  text: mrkdwn(head(rig)),
  accessory: {
    type: 'button',
    action_id: actions.open,
    text: plainText('Two Way Streaming'),
    url: twoWayStreaming(rig),
    style: 'primary',
  },
});

/** Two lines that both fit into the 600 pixels that Slack gives a section, with the longest address, too. */
const doors = (rig: Rig, { ssh }: CardView): KnownBlock => {
  const pages = [`<${webInterface(rig)}|Web interface>`, `<${player(rig)}|Player>`];
  const socket = code(secureSocket(rig), 150);
  const others = [rtmp(rig), sshCommand(ssh, rig)].flatMap((door) =>
    door === undefined ? [] : [code(door, 150)],
  );
  return section(`${[...pages, socket].join(' · ')}\n${others.join(' · ')}`);
};

const facts = (rig: Rig): KnownBlock => {
  const { state, image } = rig;
  const digest = image === undefined ? '' : ` ${escapeText(bounded(image.digest, 12))}`;
  const line = [
    nameOf(rig.owner),
    ...(rig.shared.length > 0 ? [`shared with ${sharers(rig)}`] : []),
    escapeText(bounded(oneLine(rig.host), 64)),
    `${escapeText(bounded(oneLine(rig.tag), 128))}${digest}`,
    until(rig),
    ...(state.kind === 'running' && rig.took !== undefined ? [`ready in ${formatTook(rig.took)}`] : []),
    ...(image?.unchecked === true && isLiving(rig) ? ['registry silent: local image, may be old'] : []),
  ];
  return { type: 'context', elements: [mrkdwn(line.join(' · '))] };
};

/** By name while there are few. */
const sharers = ({ shared }: Rig): string =>
  shared.length <= 3 ? shared.map(nameOf).join(', ') : `${shared.length} people`;

/** Its end, or since when it is at an end: what a lease says is no longer true of what is being stopped. */
const until = (rig: Rig): string => {
  const { state } = rig;
  switch (state.kind) {
    case 'placed':
    case 'starting':
    case 'running':
      return ending(rig);
    case 'crashed':
      return `can be restarted until ${timeOf(state.until)}`;
    case 'stopping':
      return `stopping since ${timeOf(state.since)}`;
    case 'stopped':
    case 'failed':
      return `${stateWords(rig)} ${timeOf(state.since)}`;
    default:
      return assertNever(state);
  }
};

const ending = ({ lease, ...rig }: Rig): string => {
  if (lease.end === undefined) return 'no end';
  const cut = rig.asked.cut ? ` (${longestLease({ lease, ...rig })} is the most)` : '';
  if (lease.idleStop !== undefined) return `unused, stops ${timeOf(lease.idleStop)}`;
  return `${lease.keptFrom === undefined ? 'ends' : 'kept until'} ${timeOf(lease.end)}${cut}`;
};
