// The ways into Redis: one to look it over, one to read its registry. Whichever is closed says so later, in its own words.

import type { RegistryPlace } from '../config.ts';
import { silent } from '../ports/log.ts';
import { connectExaminer, type Reached } from '../redis/examine.ts';
import { connectRegistry, type Registry } from '../redis/registry.ts';
import { type Duration, second } from '../rig/duration.ts';

/** For the first connection. */
export const patience: Duration = 5 * second;

export type OpenFleet = {
  readonly reached: Reached;
  /** `undefined`: it cannot be read. */
  readonly registry: Registry | undefined;
  readonly close: () => void;
};

export const openFleet = async ({ redis: address, installation }: RegistryPlace): Promise<OpenFleet> => {
  const options = { address, installation, log: silent, connectTimeout: patience };
  const reached = await connectExaminer(options);
  const registry =
    reached.kind === 'reached' ? await connectRegistry(options).catch(() => undefined) : undefined;
  return {
    reached,
    registry,
    close: () => {
      registry?.close();
      if (reached.kind === 'reached') reached.examiner.close();
    },
  };
};
