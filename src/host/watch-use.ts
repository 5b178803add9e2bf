// Looks whether the rigs of this host are in use, and tells the registry all of it at once. It reports what it saw and
// decides nothing: whether a rig is kept for it is the bot's to say.

import type { Clock } from '../ports/clock.ts';
import type { Engine, RigContainer } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Uses } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import type { RigId } from '../rig/rig.ts';
import { type Counters, decideUse, type Use } from '../rig/use.ts';
import type { UseSample } from '../rig/use-sample.ts';
import { atMost } from './at-most.ts';
import { type HostNetworking, lookedAtOn } from './container-network.ts';

export type UseWatch = {
  /** One look at all rigs that run. */
  readonly look: () => Promise<void>;
};

export type UsePorts = {
  readonly engine: Pick<Engine, 'rigs' | 'networkBytes' | 'statistics'>;
  readonly uses: Pick<Uses, 'record'>;
  readonly clock: Clock;
  readonly log: Log;
};

export type UseSettings = {
  readonly networking: HostNetworking;
  /** Bytes a second; more than that is media. */
  readonly rate: number;
};

/** Rigs that are looked at side by side: each costs two execs of 30 ms, and those with media need the host's cores. */
const sideBySide = 2;

/** `isBusy`: a job for this rig is under way, so that it boots or goes. `elapsed`: a clock that never jumps. */
export const createUseWatch = (
  { engine, uses, clock, log }: UsePorts,
  { networking, rate }: UseSettings,
  isBusy: (rig: RigId) => boolean,
  elapsed: () => Duration = () => performance.now(),
): UseWatch => {
  /** Of each container the counters of its last two looks. */
  let trails = new Map<string, readonly Counters[]>();
  /** What was last said of each container in the log. */
  let said = new Map<string, string>();

  const see = async ({ container, address }: RigContainer): Promise<Use> => {
    const on = lookedAtOn(networking, address);
    const statistics = await engine.statistics(container, on);
    // What a shared network carries is not this rig's.
    const bytes = on === undefined ? await engine.networkBytes(container) : undefined;
    const before = trails.get(container) ?? [];
    const now = bytes && { at: elapsed(), ...bytes };
    if (now) trails.set(container, [...before, now].slice(-2));
    return decideUse(statistics, before, now, rate);
  };

  const sayOnce = ({ container, rig, generation }: RigContainer, use: Use, fault?: unknown): void => {
    const text = fault === undefined ? use.kind : String(fault);
    if (said.get(container) === text) return;
    said.set(container, text);
    if (fault === undefined) log.info({ rig, generation, use }, 'the use of a rig changed');
    else log.warn({ rig, generation, err: fault }, 'the use of a rig cannot be seen');
  };

  /** A fault of one rig is that rig's: its use is unknown, and the others are looked at. */
  const look = async (one: RigContainer): Promise<Use> => {
    if (one.state === 'paused') return { kind: 'unknown' };
    try {
      const use = await see(one);
      sayOnce(one, use);
      return use;
    } catch (error) {
      const use: Use = { kind: 'unknown' };
      sayOnce(one, use, error);
      return use;
    }
  };

  return {
    look: async () => {
      const up = (await engine.rigs()).filter(({ state }) => state === 'running' || state === 'paused');
      const there = new Set(up.map(({ container }) => container));
      trails = new Map([...trails].filter(([container]) => there.has(container)));
      said = new Map([...said].filter(([container]) => there.has(container)));
      const settled = up.filter(({ rig }) => !isBusy(rig));
      const samples = await atMost(sideBySide, settled, async (one): Promise<UseSample> => {
        const { rig, generation } = one;
        const use = await look(one);
        return { rig, generation, at: clock.now(), use };
      });
      if (samples.length > 0) await uses.record(samples);
    },
  };
};
