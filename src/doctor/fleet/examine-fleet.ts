// Looks who else there is, by the registry, and compares with what this machine's environment says.

import type { Examiner } from '../../redis/examine.ts';
import type { Registry } from '../../redis/registry.ts';
import type { Finding } from '../finding.ts';
import { checkFleet } from './checks.ts';
import type { FleetHost, Own } from './facts.ts';

export type FleetPlaces = {
  readonly registry: Pick<Registry, 'hosts' | 'addresses' | 'bots' | 'clock'>;
  readonly examiner: Pick<Examiner, 'servedBy'>;
};

export const examineFleet = async (
  { registry, examiner }: FleetPlaces,
  own: Own,
): Promise<readonly Finding[]> => {
  const hosts = await listHosts(registry);
  const bots = await registry.bots.list();
  const servedBy = own.worker && (await examiner.servedBy(own.worker.host));
  return checkFleet({ own, hosts, bots, servedBy, now: registry.clock.now() });
};

/** Each host with its range, which is kept with its LAN's. */
export const listHosts = async ({
  hosts,
  addresses,
}: Pick<Registry, 'hosts' | 'addresses'>): Promise<readonly FleetHost[]> => {
  const [all, maps] = await Promise.all([hosts.list(), addresses.map()]);
  const ranges = maps.flatMap((map) => map.hosts);
  return all.flatMap((host) => {
    const its = ranges.find(({ name }) => name === host.name);
    return its === undefined ? [] : [{ ...host, range: its.range, shared: its.shared, notes: its.notes }];
  });
};
