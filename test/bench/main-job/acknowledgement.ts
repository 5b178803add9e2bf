// How soon a command is acknowledged: 500 of them at 50 a second, sent by the clock and not after one another, through Bolt in
// Socket Mode. The emulated Slack is in this process and the bot in another; how late this process's own loop was is shown
// beside it, since that is in the figures, too.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from '../../support/fleet.ts';
import { below, median, quantile, type Row, row } from '../rows.ts';

const count = 500;
const perSecond = 50;

/** All but help and the typing error read the registry; none starts anything. */
const mix = [
  'list',
  'help',
  'list mine',
  'up another for 1h on nowhere',
  'down nobody',
  'dwon nobody',
] as const;

const send = async (fleet: Fleet, text: string): Promise<number> => {
  const begun = performance.now();
  await fleet.type(text);
  return performance.now() - begun;
};

/** `rigs` of that many are living meanwhile, for `list` to draw. */
export const measureAcknowledgement = async (fleet: Fleet, rigs: number): Promise<readonly Row[]> => {
  const answersBefore = answers(fleet);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const begun = performance.now();
  loop.enable();
  const under: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = begun + (index * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await delay(early);
    under.push(send(fleet, mix[index % mix.length] ?? 'help'));
  }
  const took = await Promise.all(under);
  loop.disable();
  await fleet.slack.until(() => answers(fleet) - answersBefore >= count, 30_000, 'an answer to each command');
  const what = `${count} commands at ${perSecond}/s (${mix.map((text) => text.split(' ').slice(0, 2).join(' ')).join(', ')}; ${rigs} rigs)`;
  return [
    row(`acknowledgement, median: ${what}`, 'ms', median(took), below(50)),
    row('acknowledgement, p99', 'ms', quantile(took, 0.99), below(300)),
    row('acknowledgement, slowest', 'ms', Math.max(...took)),
    row("the emulated Slack's own delay in it, p99", 'ms', Math.max(0, loop.percentile(99) / 1e6 - 1)),
  ];
};

const answers = ({ slack }: Fleet): number => slack.ephemerals('anna', '#rigs').length;
