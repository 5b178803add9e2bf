// All that a rig's container is made of: what its job says, and what this host alone knows. Throws LaunchFailed where the host
// does not know what the job goes by.

import type { ContainerSpec } from '../ports/engine.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { LaunchJob } from '../rig/job.ts';
import { networkFor } from './container-network.ts';
import { LaunchFailed } from './launch-failed.ts';
import { type KnownLicence, licenceFor } from './licences.ts';
import type { HostPorts, HostSettings } from './parts.ts';

const unknown = (detail: string): LaunchFailed => new LaunchFailed({ kind: 'engine', detail });

/** The password is that of the key which the registry has noted for the rig: it may be older than this worker's own. */
export const specOf = (
  { secrets }: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
  image: string,
): ContainerSpec => {
  const { networking, external, memoryBytes, cpus } = settings;
  const { text: licence, id: licenceId } = licenceOf(settings, job) ?? {};
  const keyId = job.keyId ?? settings.keyId;
  const password = secrets.passwordUnder(keyId, { id: job.rig, generation: job.generation });
  if (password === undefined)
    throw unknown(`this host does not know the secret that the rig was to be made with (key ${keyId})`);
  const network = networkFor(networking, job.address);
  if (network === undefined)
    throw unknown(`the address ${job.address} is not among those that this host has now (WCS_RANGE)`);
  return {
    ...{ job, image, network, external: external[job.address] ?? job.address },
    ...{ password, licence, licenceId, keyId, memoryBytes, cpus },
  };
};

/** One that is there already has what it was made with, whatever this host knows now. */
export const isLicensed = ({ licences }: HostSettings, { licenceId }: LaunchJob): boolean =>
  licenceFor(licences, licenceId).kind !== 'none';

const licenceOf = ({ licences }: HostSettings, { licenceId }: LaunchJob): KnownLicence | undefined => {
  const which = licenceFor(licences, licenceId);
  switch (which.kind) {
    case 'licence':
      return which.licence;
    case 'none':
      return undefined;
    case 'unknown':
      throw unknown(
        `this host does not know the licence that the rig has claimed (${which.id}): it is not, or no longer, among its WCS_LICENSES`,
      );
    default:
      return assertNever(which);
  }
};
