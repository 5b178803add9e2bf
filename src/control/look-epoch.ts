// Before anything is decided from state: is this still the registry that we know?

import type { Log } from '../ports/log.ts';
import type { Epochs } from '../ports/surveys.ts';

/** Where it is not, the LANs concerned are marked, and `reconcile` asks their hosts what they have. */
export const lookEpoch = async ({
  epochs,
  log,
}: {
  readonly epochs: Epochs;
  readonly log: Log;
}): Promise<void> => {
  const before = epochs.known();
  const { epoch, verdict } = await epochs.look({ seen: before, rise: true });
  if (verdict === 'lost' || verdict === 'restored') {
    log.error(
      { verdict, before: before?.id, epoch: epoch.id },
      'this is not the registry that was there before',
    );
  }
};
