// The worker's first word: what its host is, and the lock on the host's name, or the sentence with which it does not start.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerConfig } from '../config.ts';
import { holdPresence, type NotTaken, type PresenceHeld } from '../host/hold-presence.ts';
import type { Presence } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import { addressesOf } from '../rig/address-range.ts';
import type { Registration } from '../rig/host.ts';
import { overlapSentence } from '../rig/overlap.ts';

export const takePresence = async (
  presence: Presence,
  config: WorkerConfig,
  registration: Registration,
  { log, onLost }: { readonly log: Log; readonly onLost: (why: NotTaken) => void },
): Promise<PresenceHeld> => {
  const session = `${hostname()} pid ${process.pid} ${randomBytes(4).toString('hex')}`;
  const outcome = await holdPresence({ presence, log }, registration, {
    session,
    length: config.presence,
    onLost,
  });
  if (outcome.kind === 'held') return outcome;
  throw new Error(refusedSentence(config, outcome.why, session));
};

const refusedSentence = ({ host, network }: WorkerConfig, why: NotTaken, session: string): string =>
  why.kind === 'overlap'
    ? overlapSentence(host, network.lan, why.host, why.addresses)
    : `host ${host} is already served by the worker "${why.session}"; this one, "${session}", does not start. ` +
      'Stop the other one, or give this one a WCS_HOST of its own';

/** The registry had lost what it knew of this host, and somebody was quicker than its worker. */
export const lostSentence = ({ host, network }: WorkerConfig, why: NotTaken): string =>
  why.kind === 'overlap'
    ? overlapSentence(host, network.lan, why.host, why.addresses)
    : `another worker serves host ${host} now; this one stops`;

export const registrationOf = (
  config: WorkerConfig,
  seen: Pick<Registration, 'engine' | 'version' | 'tags' | 'keyId' | 'licences' | 'notes'>,
): Registration => ({
  ...seen,
  ...config.network.outside,
  v: 1,
  name: config.host,
  lan: config.network.lan,
  mode: config.network.mode,
  subnet: config.network.subnet,
  gateway: config.network.gateway,
  range: config.network.range.text,
  addresses: addressesOf(config.network.range),
  shared: config.rangeShared,
  slots: config.slots,
  image: `${config.image.repository}:${config.image.tag}`,
  licensed: config.licence !== undefined || config.licences.length > 0,
  registered: Date.now(),
});
