// What the configuration says of this host, as its use cases take it.

import type { WorkerConfig } from '../config.ts';
import type { HostNetworking } from '../host/container-network.ts';
import type { HostLicences, KnownLicence } from '../host/licences.ts';
import type { HostSettings } from '../host/parts.ts';
import { licenceIdOf } from '../licence-id.ts';
import type { FleetSecrets } from '../secrets.ts';
import { confOf } from './networking.ts';

export const licencesOf = ({ installation, licence, licences }: WorkerConfig): HostLicences => {
  const known = (text: string): KnownLicence => ({ id: licenceIdOf(text, installation), text });
  return { ofAll: licence === undefined ? undefined : known(licence), toClaim: licences.map(known) };
};

export const settingsOf = (
  config: WorkerConfig,
  networking: HostNetworking,
  secrets: FleetSecrets,
  licences: HostLicences,
): HostSettings => ({
  host: config.host,
  networking,
  external: config.network.outside.external ?? {},
  repository: config.image.repository,
  licences,
  keyId: secrets.keyId,
  memoryBytes: config.memoryBytes,
  cpus: config.cpus,
  conf: confOf(config),
  ready: config.ready,
  lookAgain: (config.watchEvery * 2) / 5,
  stopGrace: config.stopGrace,
  progressEvery: config.progressEvery,
  tailLines: config.tailLines,
});
