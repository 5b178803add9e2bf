// What a try-out leaves on the machine besides its processes: a directory, and on an engine that is not its own its rigs,
// network and image. A helper holds it, so that nothing of it stays, even if the try-out is killed.

import { z } from 'zod';
import { startKept } from './kept.ts';

export type Ground = {
  /** New, below the system's temporary directory. */
  readonly directory: string;
  /** Removes all of it; throws a sentence if something could not be removed. May be repeated. */
  readonly stop: () => Promise<void>;
};

export type GroundOptions = {
  readonly installation: string;
  /** The engine that was found; `undefined` if the try-out has one of its own, which goes as a whole. */
  readonly dockerHost: string | undefined;
};

const toldSchema = z.object({ directory: z.string() });

export const holdGround = async (options: GroundOptions): Promise<Ground> => {
  const keeper = new URL('ground-keeper.ts', import.meta.url);
  const { told, stop } = await startKept(keeper, options, toldSchema);
  return { ...told, stop };
};
