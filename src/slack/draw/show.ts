// `show`: all that there is to know of one rig, for the one who asks. The card, and what does not fit on it. Pure.

import { type Asker, mayAct } from '../../rig/access.ts';
import { formatDuration, type Instant } from '../../rig/duration.ts';
import { useNow } from '../../rig/lease.ts';
import type { Rig } from '../../rig/rig.ts';
import type { SeenUse } from '../../rig/use.ts';
import { code, escapeText, nameOf } from '../words/escape.ts';
import { useWords } from '../words/lease.ts';
import { timeOf } from '../words/rig.ts';
import { type CardView, drawCard } from './card.ts';
import { type Message, mrkdwn } from './message.ts';

export type ShowView = CardView & {
  readonly now: Instant;
  readonly seen: SeenUse | undefined;
  /** What was seen of its use counts for so long. */
  readonly useFresh: number;
  readonly reader: Asker;
};

export const drawRig = (rig: Rig, view: ShowView): Message => {
  const { text, blocks } = drawCard(rig, view);
  const shown = mayAct(rig, view.reader) ? blocks : blocks.filter(({ type }) => type !== 'actions');
  const lines = [...leaseLines(rig, view), ...birthLines(rig, view)];
  return { text, blocks: [...shown, { type: 'context', elements: [mrkdwn(lines.join('\n'))] }] };
};

const leaseLines = ({ lease, state }: Rig, { now, seen, useFresh }: ShowView): string[] => {
  const left = lease.end === undefined ? 'no end' : `${formatDuration(Math.max(0, lease.end - now))} left`;
  const most = lease.cap === undefined ? 'no longest time' : `at most until ${timeOf(lease.cap)}`;
  const used =
    seen?.usedAt === undefined
      ? 'not seen in use since it started'
      : `last in use ${formatDuration(Math.max(0, now - seen.usedAt))} ago`;
  const use = useNow(seen, now, useFresh);
  return state.kind === 'running' ? [`${left}, ${most}`, `${useWords(use)} · ${used}`] : [];
};

const birthLines = (rig: Rig, { now }: ShowView): string[] => {
  const { created, generation, restarted, network, shared, image } = rig;
  const again =
    restarted === undefined ? '' : ` · restarted by ${nameOf(restarted.by)} ${timeOf(restarted.at)}`;
  return [
    `made ${timeOf(created)}, ${formatDuration(Math.max(0, now - created))} ago${generation > 1 ? ` · generation ${generation}` : ''}${again}`,
    `${network.mode} · ${escapeText(network.subnet)} · id ${code(rig.id)}`,
    ...(shared.length > 3 ? [`shared with ${shared.map(nameOf).join(', ')}`] : []),
    ...(image === undefined ? [] : [image.licensed ? 'licensed' : 'not licensed']),
  ];
};
