// Sees to it that every living rig stands in the registry's indices. Each claim and save keeps them; what a bot of a version
// without indices wrote, before an upgrade or beside us during one, is found here.

import type { Log } from '../ports/log.ts';
import type { Rigs } from '../ports/registry.ts';

export const keepIndices = async ({
  rigs,
  log,
}: {
  readonly rigs: Rigs;
  readonly log: Log;
}): Promise<void> => {
  const mended = await rigs.mendIndices();
  if (mended > 0) log.info({ rigs: mended }, 'put into the indices what an older version had written');
};
