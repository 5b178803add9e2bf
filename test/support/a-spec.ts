// Container specifications to test with: whole ones, of which a test names only what matters to it.

import type { ContainerNetwork, ContainerSpec } from '../../src/ports/engine.ts';
import { launchJob } from '../../src/rig/job.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { aRig, noon } from './a-rig.ts';

/** `network`: the name of one on which the address is the container's own, or all of it. */
export type SpecFacts = Partial<Omit<ContainerSpec, 'job' | 'network'>> & {
  readonly network?: string | ContainerNetwork;
} & Partial<Pick<Rig, 'id' | 'name' | 'generation' | 'address'>>;

export const aSpec = ({
  id,
  name,
  generation,
  address,
  network = 'wcs-test',
  ...facts
}: SpecFacts): ContainerSpec => {
  const rig = aRig();
  const job = launchJob(
    {
      ...rig,
      id: id ?? rig.id,
      name: name ?? rig.name,
      generation: generation ?? rig.generation,
      address: address ?? rig.address,
    },
    noon + 60_000,
  );
  return {
    job,
    image: 'sha256:none',
    network: typeof network === 'string' ? { kind: 'own-address', network } : network,
    external: job.address,
    password: 'pass-word-of-the-rig',
    licence: undefined,
    licenceId: undefined,
    keyId: 'key1',
    memoryBytes: 256 * 2 ** 20,
    cpus: undefined,
    ...facts,
  };
};
