// One that cannot be done does not keep the others from theirs.

import { EngineDown, QueueDown } from '../ports/faults.ts';

export type Undone<T> = { readonly one: T; readonly fault: unknown };

/** One after another; what failed comes back. Throws at once where the engine or Redis is away: then none can be done. */
export const inTurn = async <T>(
  all: Iterable<T>,
  act: (one: T) => Promise<void>,
): Promise<readonly Undone<T>[]> => {
  const undone: Undone<T>[] = [];
  for (const one of all) {
    try {
      await act(one);
    } catch (fault) {
      if (fault instanceof EngineDown || fault instanceof QueueDown) throw fault;
      undone.push({ one, fault });
    }
  }
  return undone;
};

export const throwUndone = (undone: readonly Undone<unknown>[]): void => {
  const [first, ...more] = undone.map(({ fault }) => fault);
  if (more.length > 0) {
    throw new AggregateError(
      [first, ...more],
      `${undone.length} rigs could not be seen to: ${String(first)}`,
    );
  }
  if (undone.length > 0) throw first;
};
