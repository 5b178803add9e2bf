// The worker's two ears and mouth on the LAN: who is on a free address, and the word that a rig is on one now. Both do without
// what is not installed, with one line about it.

import type { WorkerConfig } from '../config.ts';
import { type Repeating, repeat } from '../control/repeat.ts';
import type { ConnectedEngine } from '../docker/connect.ts';
import { type Announcements, createAnnouncements } from '../host/announce.ts';
import { createAddressProbe } from '../host/probe-addresses.ts';
import { createArping, hasArping } from '../machine/arping.ts';
import type { Log } from '../ports/log.ts';
import type { Prober } from '../ports/prober.ts';
import type { Registry } from '../redis/registry.ts';
import { usesOwnAddresses } from '../rig/rig.ts';
import { ownAddressProber } from './networking.ts';

/** Rigs start without probes as well: what they see is said by Docker, or by nobody. */
export const proberOf = async (
  config: WorkerConfig,
  log: Log,
): Promise<{ readonly prober: Prober | undefined; readonly notes: readonly string[] }> => {
  const { network, probe } = config;
  if (probe.every === undefined) return { prober: undefined, notes: [] };
  if (usesOwnAddresses(network.mode)) return { prober: ownAddressProber(config), notes: [] };
  if (network.parent === undefined) return { prober: undefined, notes: [] };
  if (await hasArping()) return { prober: createArping(network.parent), notes: [] };
  const note = 'arping is not installed, so that nobody looks who is on free addresses';
  log.warn({}, `${note}: on Debian \`apt-get install iputils-arping\``);
  return { prober: undefined, notes: [note] };
};

export const startProbing = (
  { addresses, clock }: Registry,
  { host, network, probe }: WorkerConfig,
  prober: Prober | undefined,
  log: Log,
): Repeating | undefined => {
  if (prober === undefined || probe.every === undefined) return undefined;
  const settings = { host, lan: network.lan, fresh: probe.fresh, again: probe.again };
  const { look } = createAddressProbe({ prober, addresses, clock, log }, settings);
  return repeat('probe', probe.every, look, log);
};

/** A bridge is a LAN of one machine, which knows its own containers. A rig that is not announced is still a rig. */
export const announcementsOf = async (
  engine: Pick<ConnectedEngine, 'announcer'>,
  { network }: WorkerConfig,
  log: Log,
): Promise<Announcements> => {
  if (network.parent === undefined) return createAnnouncements(undefined, log);
  try {
    const announcer = await engine.announcer();
    if (announcer === undefined)
      log.warn(
        {},
        'there is no static busybox, so that rigs are not announced: on Debian `apt-get install busybox-static`',
      );
    return createAnnouncements(announcer, log);
  } catch (err) {
    log.warn({ err }, 'rigs are not announced until this worker is started again');
    return createAnnouncements(undefined, log);
  }
};
