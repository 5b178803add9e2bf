// The card: one message for each rig, which says how it stands and is edited in place. Pure.
//
// Ready: (1) what and where, with the button that people came for, (2) the other doors, (3) one line of facts,
// (4) password and stop. In every other state (1) and (3). In a direct message a line says why it is there.

import type { Button, KnownBlock } from '@slack/types';
import type { CardPlace } from '../ports.ts';
import { assertNever } from '../rig/assert-never.ts';
import { formatTook } from '../rig/duration.ts';
import { isLiving, type Rig } from '../rig/rig.ts';
import { bounded, code, escapeText, nameOf, oneLine } from './escape.ts';
import { player, rtmp, secureSocket, sshCommand, twoWayStreaming, webInterface } from './links.ts';
import { type Message, mrkdwn, plainText, section } from './message.ts';
import { actions, writeRigValue } from './values.ts';
import { failureSentence, longestLease, stateSign, stateWords, timeOf } from './words-rig.ts';

export type CardView = {
  /** Why it is in a direct message; absent in the channel. */
  readonly because?: CardPlace['because'];
  /** The bot's name, for `/invite @…`. */
  readonly bot: string;
  /** `ssh root@{ip}` */
  readonly ssh: string;
};

export const drawCard = (rig: Rig, view: CardView): Message => {
  const ready = rig.state.kind === 'running';
  const notes = isLiving(rig) ? placeNotes(rig, view) : [];
  return {
    text: notification(rig),
    blocks: ready
      ? [readyHead(rig), doors(rig, view), facts(rig), buttons(rig), ...notes]
      : [section(head(rig)), facts(rig), ...notes],
  };
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
      return `${name} is ready · <${webInterface(rig)}|${rig.address}>`;
    case 'stopping':
      return `${name} · stopping${rig.state.reason.kind === 'expired' ? ', its time is up' : ''}`;
    case 'stopped':
      return `${name} · ended${rig.state.reason.kind === 'expired' ? ', its time was up' : ''}`;
    case 'failed':
      return `${name} · failed: ${failureSentence(rig.state.reason)}`;
    default:
      return assertNever(rig.state);
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
  const [socket, stream, shell] = [secureSocket(rig), rtmp(rig), sshCommand(ssh, rig)].map((door) =>
    code(door, 150),
  );
  return section(`${[...pages, socket].join(' · ')}\n${[stream, shell].join(' · ')}`);
};

const facts = (rig: Rig): KnownBlock => {
  const { state, image } = rig;
  const digest = image === undefined ? '' : ` ${escapeText(bounded(image.digest, 12))}`;
  const line = [
    nameOf(rig.owner),
    escapeText(bounded(oneLine(rig.host), 64)),
    `${escapeText(bounded(oneLine(rig.tag), 128))}${digest}`,
    until(rig),
    ...(state.kind === 'running' && rig.took !== undefined ? [`ready in ${formatTook(rig.took)}`] : []),
    ...(image?.unchecked === true && isLiving(rig) ? ['registry silent: local image, may be old'] : []),
  ];
  return { type: 'context', elements: [mrkdwn(line.join(' · '))] };
};

/** Its end, or since when it is at an end: what a lease says is no longer true of what is being stopped. */
const until = (rig: Rig): string => {
  const { state } = rig;
  switch (state.kind) {
    case 'placed':
    case 'starting':
    case 'running':
      return `ends ${timeOf(rig.lease.end)}${rig.asked.cut ? ` (${longestLease(rig)} is the most)` : ''}`;
    case 'stopping':
      return `stopping since ${timeOf(state.since)}`;
    case 'stopped':
    case 'failed':
      return `${stateWords(rig)} ${timeOf(state.since)}`;
    default:
      return assertNever(state);
  }
};

const buttons = (rig: Rig): KnownBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: actions.password,
      text: plainText('Password'),
      value: writeRigValue(rig, rig.asked.command),
    },
    stopButton(rig, rig.asked.command),
  ],
});

/** Also beside a rig in an answer; `label` where its name has to be on it. */
export const stopButton = (rig: Pick<Rig, 'id' | 'name'>, command: string, label = 'Stop'): Button => ({
  type: 'button',
  action_id: actions.stop,
  text: plainText(label),
  style: 'danger',
  value: writeRigValue(rig, command),
  confirm: {
    title: plainText(`Stop ${rig.name}?`, 100),
    text: plainText('It ends for everybody who uses it, and what was recorded on it is lost.', 300),
    confirm: plainText('Stop it', 30),
    deny: plainText('Keep it', 30),
    style: 'danger',
  },
});

const placeNotes = (rig: Rig, { because, bot }: CardView): KnownBlock[] => {
  switch (because) {
    case undefined:
      return [];
    case 'quietly':
      return [note('Only you see this, since you said `quietly`.')];
    case 'shared-channel':
      return [
        note(
          `The card is here and not in ${place(rig)}, since that is shared with another organisation and the card shows LAN addresses.`,
        ),
      ];
    case 'cannot-post':
      return [inviteNote(rig, bot)];
    default:
      return assertNever(because);
  }
};

const note = (text: string): KnownBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** Direct messages have no name to show. */
const isDirect = (rig: Rig): boolean => rig.asked.channel.startsWith('D');
const place = (rig: Rig): string =>
  isDirect(rig) ? 'that direct message' : `<#${escapeText(rig.asked.channel)}>`;

const inviteNote = (rig: Rig, bot: string): KnownBlock => ({
  type: 'section',
  text: mrkdwn(
    `I cannot post in ${place(rig)}, so the card is here. To have it there, invite me with ${code(`/invite @${bot}`)}, then press *Post there*.${
      isDirect(rig) ? ' (Slack lets nobody invite me into a message between two people: use a channel.)' : ''
    }`,
  ),
  accessory: {
    type: 'button',
    action_id: actions.postThere,
    text: plainText('Post there'),
    value: writeRigValue(rig, rig.asked.command),
  },
});
