// The list of rigs, in pages that fit into one message. Pure.

import type { Button, KnownBlock } from '@slack/types';
import type { ListFilter, ListPage } from '../../control/list-rigs.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Instant } from '../../rig/duration.ts';
import { isSameHost } from '../../rig/host.ts';
import { shownAddress } from '../../rig/outside.ts';
import { type HostName, isOwnedBy, type Rig, type UserId } from '../../rig/rig.ts';
import { noSuchHost } from '../words/answers.ts';
import { bounded, code, escapeText, nameOf, oneLine } from '../words/escape.ts';
import { webInterface } from '../words/links.ts';
import { stateAndLeft, stateSign } from '../words/rig.ts';
import { type Message, plainText, section, sections } from './message.ts';
import { actions, writeListValue } from './values.ts';

export type ListView = {
  readonly filter: ListFilter;
  readonly now: Instant;
  readonly reader: UserId;
  /** As it was typed. */
  readonly command: string;
  /** The hosts that have joined, where somebody may have named another. */
  readonly hosts?: readonly HostName[] | undefined;
};

export const drawList = ({ rigs, total, page, pages }: ListPage, view: ListView): Message => {
  if (total === 0) {
    const text = nothing(view);
    return { text, blocks: [section(text)] };
  }
  const title = titleOf(total, page, pages, view.filter);
  const lines = rigs.map((rig) => lineOf(rig, view));
  const turn = pages > 1 ? [turnButtons(page, pages, view)] : [];
  return { text: title, blocks: [section(`*${title}*`), ...sections(lines), ...turn] };
};

const titleOf = (count: number, page: number, pages: number, filter: ListFilter): string => {
  const rigs = count === 1 ? '1 rig' : `${count} rigs`;
  const which =
    filter.kind === 'on'
      ? ` on ${escapeText(bounded(oneLine(filter.host), 64))}`
      : filter.kind === 'mine'
        ? ' of yours'
        : '';
  return `${rigs}${which}${pages > 1 ? ` · page ${page + 1} of ${pages}` : ''}`;
};

const nothing = ({ filter, command, hosts }: ListView): string => {
  const up = code(`${command} up`);
  switch (filter.kind) {
    case 'all':
      return `There are no rigs at the moment. ${up} starts one.`;
    case 'mine':
      return `You have no rigs at the moment. ${up} starts one; ${code(`${command} list`)} shows everybody's.`;
    case 'on':
      if (hosts && !hosts.some((host) => isSameHost(host, filter.host)))
        return noSuchHost(filter.host, hosts, command);
      return `There are no rigs on a host ${code(filter.host)}. ${code(`${command} list`)} shows those on all hosts.`;
    default:
      return assertNever(filter);
  }
};

const lineOf = (rig: Rig, { now, reader }: ListView): string => {
  const mine = isOwnedBy(rig, reader);
  return [
    `${stateSign(rig)} *${escapeText(rig.name)}*`,
    mine ? 'you' : nameOf(rig.owner),
    `<${webInterface(rig)}|${shownAddress(rig)}>`,
    escapeText(bounded(oneLine(rig.host), 64)),
    stateAndLeft(rig, now),
  ].join(' · ');
};

const turnButtons = (page: number, pages: number, { filter, command }: ListView): KnownBlock => {
  const button = (label: string, action_id: string, to: number): Button => ({
    type: 'button',
    action_id,
    text: plainText(label),
    value: writeListValue(filter, to, command),
  });
  return {
    type: 'actions',
    elements: [
      ...(page > 0 ? [button('Previous', actions.listPrevious, page - 1)] : []),
      ...(page < pages - 1 ? [button('Next', actions.listNext, page + 1)] : []),
    ],
  };
};
