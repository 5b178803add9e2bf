// Remembers which start of the engine was seen last, over this worker's own restarts, and which rigs are to be started again
// since then: an engine that was restarted ends its containers, and starts none of them.

import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import { sightingOf, type Which } from '../rig/reconcile.ts';

export type SeenLife = {
  /** Of the host, by its kernel. */
  readonly boot: string | undefined;
  readonly engine: string | undefined;
  /** `RIG.GENERATION` of those that are to be started again, and told of. */
  readonly waiting: readonly string[];
};

export type LifeFile = {
  /** `undefined`: there is none, or it is not whole. */
  readonly read: () => Promise<SeenLife | undefined>;
  readonly write: (seen: SeenLife) => Promise<void>;
};

export type EngineLife = {
  /** True at the call site: was it, or its host, started anew since what is remembered? Throws where it does not answer. */
  readonly isAnew: () => Promise<boolean>;
  /** What `isAnew` saw last is remembered from now on, and that these are to be started again. */
  readonly settle: (waiting: readonly Which[]) => Promise<void>;
  readonly isWaiting: (which: Which) => boolean;
  /** It is up again, or it is over, or somebody else sees to it. */
  readonly drop: (which: Which) => Promise<void>;
  /** Of those that are not here any more nobody sees to any: they ended while they waited. */
  readonly keepOnly: (there: readonly Which[]) => Promise<void>;
  /** It did not answer, or told of no events any more: where it cannot say which start it is of, that says it. */
  readonly noteAway: () => void;
};

export const openEngineLife = async (
  {
    engine,
    file,
    log,
  }: { readonly engine: Pick<Engine, 'incarnation'>; readonly file: LifeFile; readonly log: Log },
  boot: string | undefined,
): Promise<EngineLife> => {
  let known = await file.read();
  let current: string | undefined;
  let wasAway = false;
  const waiting = new Set(known?.waiting);

  const remember = async (seen: Omit<SeenLife, 'waiting'>): Promise<void> => {
    known = { ...seen, waiting: [...waiting] };
    // Without it the next worker does not know; this one does.
    await file
      .write(known)
      .catch((err: unknown) => log.error({ err }, 'the state directory cannot be written'));
  };

  return {
    isAnew: async () => {
      current = await engine.incarnation();
      if (known === undefined) return false;
      if (boot !== undefined && known.boot !== undefined && boot !== known.boot) return true;
      return current === undefined || known.engine === undefined ? wasAway : current !== known.engine;
    },
    settle: async (more) => {
      wasAway = false;
      for (const one of more) waiting.add(sightingOf(one));
      if (more.length === 0 && known?.engine === current && known?.boot === boot) return;
      await remember({ boot, engine: current });
    },
    isWaiting: (which) => waiting.has(sightingOf(which)),
    drop: async (which) => {
      if (waiting.delete(sightingOf(which)) && known) await remember(known);
    },
    keepOnly: async (there) => {
      const left = new Set(there.map(sightingOf));
      const gone = [...waiting].filter((which) => !left.has(which));
      for (const which of gone) waiting.delete(which);
      if (gone.length > 0 && known) await remember(known);
    },
    noteAway: () => {
      wasAway = true;
    },
  };
};
