// The fleet that the benchmark measures could be one: its addresses are distinct on each LAN, and lie in their subnet.

import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { plannedRig, registrationOf, rigsEach, slotsEach } from '../../bench/fleet/ground.ts';

test('a thousand hosts have disjoint ranges, each within its subnet', () => {
  const taken = new Set<string>();
  for (let host = 0; host < 1000; host += 1) {
    const { lan, subnet, addresses } = registrationOf(host);
    const net = ipaddr.IPv4.parseCIDR(subnet);
    expect(addresses).toHaveLength(slotsEach);
    for (const address of addresses) {
      taken.add(`${lan} ${address}`);
      if (!ipaddr.IPv4.parse(address).match(net)) throw new Error(`${address} is not in ${subnet}`);
    }
  }
  expect(taken.size).toBe(1000 * slotsEach);
});

test('a rig is planned on a host that has a slot for it, on its network', () => {
  const rig = plannedRig(20_000 - 1, 5);
  const host = registrationOf(999);
  expect(rig).toMatchObject({ host: host.name, network: { lan: host.lan, subnet: host.subnet } });
  expect(rigsEach).toBeLessThan(slotsEach);
});
