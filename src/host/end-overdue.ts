// The bot is dead for long: rigs that are far past their hard end are removed, and nothing else. All is measured by the
// registry's time, and by a clock of this process that never jumps; the host's own time of day may be anything.

import { QueueDown } from '../ports/faults.ts';
import type { Watch } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import { type BotSeen, isBotAway, isOverdue } from '../rig/overdue.ts';
import type { RigId } from '../rig/rig.ts';
import type { RigEnder } from './end-rig.ts';
import { inTurn, throwUndone } from './in-turn.ts';
import type { HostPorts } from './parts.ts';

export type OverdueWatch = {
  readonly look: () => Promise<void>;
};

export type OverduePorts = Pick<HostPorts, 'engine' | 'rigFiles' | 'clock' | 'log'> & {
  readonly watch: Pick<Watch, 'last'>;
  readonly ender: Pick<RigEnder, 'end'>;
};

/** `after`: for so long no bot was there, and so long past its cap a rig is. `elapsed`: a clock that never jumps. */
export const createOverdueWatch = (
  { engine, rigFiles, watch, clock, ender, log }: OverduePorts,
  after: Duration,
  isAtWork: (rig: RigId) => boolean,
  elapsed: () => Duration = () => performance.now(),
): OverdueWatch => {
  let seen: BotSeen | undefined;

  /** While Redis is away no bot can be seen: what was seen before counts on. */
  const seeBot = async (): Promise<BotSeen | undefined> => {
    try {
      const last = await watch.last();
      if (seen === undefined || seen.last !== last) seen = { last, stillSince: elapsed() };
    } catch (error) {
      if (!(error instanceof QueueDown)) throw error;
    }
    return seen;
  };

  return {
    look: async () => {
      // Throws until the clock was agreed with Redis since this process started.
      const now = clock.now();
      const bot = await seeBot();
      if (bot === undefined || !isBotAway(bot, now, elapsed(), after)) return;
      const containers = await engine.rigs();
      const undone = await inTurn(containers, async (one) => {
        const { rig, generation, birth } = one;
        if (isAtWork(rig)) return;
        const file = await rigFiles.read(rig);
        const noted = file?.generation === generation ? file.lease : undefined;
        if (!isOverdue({ noted, bornCap: birth?.cap }, now, after)) return;
        log.warn(
          { rig, generation, noted, bornCap: birth?.cap, bot },
          'long past its end, and no bot is there',
        );
        await ender.end(one, { kind: 'overdue' }).catch((error: unknown) => {
          // It is reported when Redis is back, and the next one is as overdue as this one.
          if (!(error instanceof QueueDown)) throw error;
        });
      });
      throwUndone(undone);
    },
  };
};
