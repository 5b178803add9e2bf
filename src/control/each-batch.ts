// All living rigs, some at a time, so that neither Redis nor this process is kept from other work by a large fleet.

import type { Rigs } from '../ports/registry.ts';
import type { Rig } from '../rig/rig.ts';

export const eachBatch = async function* ({ batch }: Pick<Rigs, 'batch'>): AsyncGenerator<readonly Rig[]> {
  let from: number | undefined;
  do {
    const { rigs, next } = await batch(from);
    yield rigs;
    from = next;
  } while (from !== undefined);
};
