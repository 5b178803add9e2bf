// One that cannot be done does not keep the others from theirs.

import { QueueDown } from '../ports/faults.ts';

/**
 * One after another; what failed is thrown together, once all had their turn. Throws QueueDown at once, since then none can
 * be done.
 */
export const doEach = async <T>(
  all: Iterable<T> | AsyncIterable<T>,
  act: (one: T) => Promise<void>,
): Promise<void> => {
  const faults: unknown[] = [];
  let count = 0;
  for await (const one of all) {
    count += 1;
    try {
      await act(one);
    } catch (fault) {
      if (fault instanceof QueueDown) throw fault;
      faults.push(fault);
    }
  }
  if (faults.length > 0) {
    throw new AggregateError(
      faults,
      `${faults.length} of ${count} rigs could not be looked at: ${String(faults[0])}`,
    );
  }
};
