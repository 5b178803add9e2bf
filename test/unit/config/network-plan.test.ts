// The worker's network plan and its slots, from the variables and the machine.

import { describe, expect, it } from 'vitest';
import { gibibyte, machine, worker, workerFaults } from '../../support/config-readings.ts';

describe('the network plan', () => {
  it('takes the subnet of several in which the router is', () => {
    const both = {
      ...machine,
      interfaces: [
        {
          name: 'enp0s3',
          addresses: [
            { address: '10.9.9.9', prefix: 24 },
            { address: '192.168.23.5', prefix: 24 },
          ],
        },
      ],
    };
    expect(worker({}, both).network.subnet).toBe('192.168.23.0/24');
  });

  it('lets Docker make a VLAN interface on one that is there', () => {
    const vlan = {
      WCS_PARENT: 'enp0s8.23',
      WCS_SUBNET: '10.0.0.0/24',
      WCS_GATEWAY: '10.0.0.1',
      WCS_RANGE: '10.0.0.10',
    };
    expect(worker(vlan).network).toMatchObject({ parent: 'enp0s8.23', lan: '10.0.0.0/24@10.0.0.1' });
  });

  const bridge = { WCS_NETWORK: 'bridge', WCS_RANGE: '172.31.7.10-172.31.7.19' };

  it('puts a bridge around its range, on the host’s own LAN, without a parent or a route', () => {
    const lonely = { ...machine, defaultRoute: undefined, interfaces: [] };
    expect(worker(bridge, lonely).network).toMatchObject({
      mode: 'bridge',
      lan: 'bridge:h1',
      parent: undefined,
      subnet: '172.31.7.0/24',
      gateway: '172.31.7.1',
    });
  });

  it('names a LAN alike, however its host or it is capitalised: else its addresses would be given out twice', () => {
    expect(worker({ ...bridge, WCS_HOST: 'H1' }).network.lan).toBe('bridge:h1');
    expect(worker({ WCS_LAN: 'Office' }).network.lan).toBe('office');
  });

  it('knows its own bridge from an earlier start, and refuses a foreign network in its place', () => {
    const own = { name: 'br-0123456789ab', addresses: [{ address: '172.31.7.1', prefix: 24 }] };
    expect(worker(bridge, { ...machine, interfaces: [own] }).network.mode).toBe('bridge');
    const foreign = { name: 'docker0', addresses: [{ address: '172.31.0.1', prefix: 16 }] };
    expect(workerFaults(bridge, { ...machine, interfaces: [foreign] })).toEqual([
      'WCS_SUBNET 172.31.7.0/24 overlaps 172.31.0.0/16 on docker0; a bridge needs a subnet of its own, say `172.31.7.0/24` with `WCS_RANGE=172.31.7.10-172.31.7.19`',
    ]);
  });

  it('refuses a name for a bridge’s LAN, and a range that holds its gateway', () => {
    expect(workerFaults({ ...bridge, WCS_LAN: 'office' })).toEqual([
      "WCS_LAN does not go with `WCS_NETWORK=bridge`: a bridge is its host's own LAN; leave it out",
    ]);
    expect(workerFaults({ ...bridge, WCS_RANGE: '172.31.7.1-172.31.7.9' })).toEqual([
      'WCS_RANGE holds the gateway 172.31.7.1; write `172.31.7.2-172.31.7.9`',
    ]);
  });

  it('does not mind a DHCP server that is elsewhere than the bridge', () => {
    expect(workerFaults({ ...bridge, WCS_DHCP: '192.168.23.10-192.168.23.99' })).toEqual([]);
  });
});

describe('slots', () => {
  it.each([
    ['memory beside 1 GiB for the host', 16, 64, {}, 7],
    ['at most four a core', 256, 2, {}, 8],
    ['at least one', 2, 8, {}, 1],
    ['never more than the range', 256, 64, { WCS_RANGE: '192.168.23.100-192.168.23.102' }, 3],
  ])('%s', (_, memory, cores, environment, slots) => {
    expect(worker(environment, { ...machine, memoryBytes: memory * gibibyte, cores }).slots).toBe(slots);
  });
});
