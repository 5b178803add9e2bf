// The Home tab: my rigs and what can be done with each, those shared with me, the hosts. Pure.

import type { KnownBlock } from '@slack/types';
import type { AtHome } from '../../control/look-home.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Instant } from '../../rig/duration.ts';
import type { Host } from '../../rig/host.ts';
import { shownAddress } from '../../rig/outside.ts';
import type { Rig } from '../../rig/rig.ts';
import { buttons, crashButtons, stopButton } from '../draw/card-buttons.ts';
import { type Message, mrkdwn, plainText, section, sections } from '../draw/message.ts';
import { actions, writeCommandValue } from '../draw/values.ts';
import { bounded, escapeText, nameOf, oneLine } from '../words/escape.ts';
import {
  bar,
  homeGreeting,
  homeHelp,
  moreHosts,
  moreMine,
  moreShared,
  noHosts,
  noneMine,
} from '../words/home.ts';
import { webInterface } from '../words/links.ts';
import { stateAndLeft, stateSign, timeOf } from '../words/rig.ts';

export type HomeView = Omit<AtHome, 'command'> & {
  readonly command: string;
  /** 18:00 of this person is still to come, and soon enough to make sense. */
  readonly evening: Instant | undefined;
};

/** Slack takes 100 blocks: a rig has two, a host a line in a block of many. */
const mostMine = 30;
const mostSharedRigs = 12;
const mostHosts = 40;
export const drawHome = (view: HomeView): Message => {
  const { mine, shared, hosts, command } = view;
  return {
    text: homeGreeting(),
    blocks: [
      start(command),
      header(mine.length === 0 ? 'My rigs' : `My rigs (${mine.length})`),
      ...(mine.length === 0 ? [section(noneMine())] : rows(mine, mostMine, view, true)),
      ...(mine.length > mostMine ? [section(moreMine(mine.length - mostMine, command))] : []),
      ...(shared.length === 0 ? [] : [header(`Shared with me (${shared.length})`)]),
      ...rows(shared, mostSharedRigs, view, false),
      ...(shared.length > mostSharedRigs
        ? [section(moreShared(shared.length - mostSharedRigs, command))]
        : []),
      header('Hosts'),
      ...hostBlocks(hosts),
      { type: 'context', elements: [mrkdwn(homeHelp(command))] },
    ],
  };
};

const header = (text: string): KnownBlock => ({ type: 'header', text: plainText(text, 150) });

const start = (command: string): KnownBlock => ({
  type: 'section',
  text: mrkdwn(homeGreeting()),
  accessory: {
    type: 'button',
    action_id: actions.startOne,
    text: plainText('Start a rig …'),
    style: 'primary',
    value: writeCommandValue(command),
  },
});

const rows = (rigs: readonly Rig[], most: number, view: HomeView, mine: boolean): KnownBlock[] =>
  rigs
    .slice(0, most)
    .flatMap((rig) => [section(rigLine(rig, view.now, mine)), ...rigButtons(rig, view, mine)]);

const shownHost = (name: string): string => escapeText(bounded(oneLine(name), 64));

const rigLine = (rig: Rig, now: Instant, mine: boolean): string => {
  const { end } = rig.lease;
  const facts = [
    `${stateSign(rig)} *${escapeText(rig.name)}*`,
    ...(mine ? [] : [nameOf(rig.owner)]),
    `<${webInterface(rig)}|${shownAddress(rig)}>`,
    stateAndLeft(rig, now),
    // What is left is true of now; this stays true while the tab is open.
    ...(rig.state.kind === 'running' && end !== undefined ? [`until ${timeOf(end)}`] : []),
    shownHost(rig.host),
  ];
  return facts.join(' · ');
};

const rigButtons = (rig: Rig, { evening }: HomeView, mine: boolean): KnownBlock[] => {
  switch (rig.state.kind) {
    case 'running':
      // *Until 18:00* is by its owner's clock, and only of a rig of mine is that mine.
      return [buttons(rig, mine ? evening : undefined, mine)];
    case 'crashed':
      return [crashButtons(rig)];
    case 'placed':
    case 'starting':
      return [{ type: 'actions', elements: [stopButton(rig, rig.asked.command)] }];
    case 'stopping':
    case 'stopped':
    case 'failed':
      return [];
    default:
      return assertNever(rig.state);
  }
};

const hostBlocks = (hosts: readonly Host[]): KnownBlock[] => {
  if (hosts.length === 0) return [section(noHosts())];
  const rest = hosts.length - mostHosts;
  return sections([...hosts.slice(0, mostHosts).map(hostLine), ...(rest > 0 ? [moreHosts(rest)] : [])]);
};

const hostLine = ({ name, state, slots, freeSlots, freeAddresses }: Host): string => {
  const used = slots - freeSlots;
  const figures = `${bar(used, slots)} ${used}/${slots} · ${freeAddresses} free address${freeAddresses === 1 ? '' : 'es'}`;
  switch (state) {
    case 'ready':
      return `🟢 *${shownHost(name)}* · ready · ${figures}`;
    case 'draining':
      return `🟠 *${shownHost(name)}* · draining · ${figures}`;
    case 'unreachable':
      return `🔴 *${shownHost(name)}* · unreachable · ${figures}`;
    default:
      return assertNever(state);
  }
};
