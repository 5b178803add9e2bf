// `publish` and `host`: rigs on the host's own addresses; and what others see of a rig in any mode.

import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/machine.ts';
import { machine, worker, workerFaults } from '../../support/config-readings.ts';

const many: Machine = {
  ...machine,
  interfaces: [
    {
      name: 'enp0s3',
      addresses: [
        { address: '10.0.0.5', prefix: 24 },
        { address: '10.0.0.6', prefix: 24 },
        { address: '10.0.0.7', prefix: 24 },
      ],
    },
    { name: 'enp0s8', addresses: [{ address: '198.51.100.9', prefix: 32 }] },
    { name: 'docker0', addresses: [{ address: '172.17.0.1', prefix: 16 }] },
    { name: 'br-0123456789ab', addresses: [{ address: '10.231.0.1', prefix: 24 }] },
    { name: 'lo', addresses: [{ address: '127.0.0.1', prefix: 8 }] },
  ],
  defaultRoute: { interface: 'enp0s3', gateway: '10.0.0.1' },
};
const publish = { WCS_NETWORK: 'publish', WCS_RANGE: '10.0.0.5-10.0.0.7' };

describe('publish', () => {
  it('leases the host’s own addresses, on the LAN where the first one is at home', () => {
    expect(worker(publish, many).network).toMatchObject({
      mode: 'publish',
      lan: '10.0.0.0/24@10.0.0.1',
      parent: undefined,
      subnet: '10.0.0.0/24',
      gateway: '10.0.0.1',
    });
    expect(worker(publish, many).slots).toBe(3);
  });

  it('gives each of them one inside, and a hundred ports for media', () => {
    const { inner } = worker(publish, many).network;
    expect(inner).toMatchObject({
      subnet: '10.231.0.0/24',
      gateway: '10.231.0.1',
      media: { first: 31_001, last: 31_100 },
    });
    expect([...(inner?.inside ?? [])]).toEqual([
      ['10.0.0.5', '10.231.0.2'],
      ['10.0.0.6', '10.231.0.3'],
      ['10.0.0.7', '10.231.0.4'],
    ]);
    const other = worker(
      { ...publish, WCS_INNER_SUBNET: '10.9.0.0/29', WCS_MEDIA_PORTS: '20' },
      many,
    ).network;
    expect(other.inner).toMatchObject({ gateway: '10.9.0.1', media: { first: 31_001, last: 31_020 } });
  });

  it('takes addresses that stand alone, without a router', () => {
    const alone = worker({ WCS_NETWORK: 'publish', WCS_RANGE: '198.51.100.9' }, many).network;
    expect(alone).toMatchObject({ lan: '198.51.100.9/32', subnet: '198.51.100.9/32', gateway: undefined });
  });

  it('is on the LAN that it is said to be on', () => {
    expect(worker({ ...publish, WCS_LAN: 'Office' }, many).network.lan).toBe('office');
  });

  it.each([
    [
      { WCS_RANGE: '10.0.0.6-10.0.0.9' },
      'WCS_RANGE holds 10.0.0.8-10.0.0.9, and with `WCS_NETWORK=publish` rigs have addresses of the host itself; this host has `10.0.0.5-10.0.0.7,198.51.100.9`, and `ip address add 10.0.0.8/24 dev enp0s3` gives it one more',
    ],
    [
      { WCS_RANGE: '203.0.113.1' },
      'WCS_RANGE holds 203.0.113.1, and with `WCS_NETWORK=publish` rigs have addresses of the host itself; this host has `10.0.0.5-10.0.0.7,198.51.100.9`',
    ],
    [
      { WCS_RANGE: '' },
      "WCS_RANGE is missing; write which of this host's own addresses rigs may have, of `10.0.0.5-10.0.0.7,198.51.100.9`",
    ],
    [
      { WCS_INNER_SUBNET: '10.0.0.0/16' },
      'WCS_INNER_SUBNET 10.0.0.0/16 overlaps 10.0.0.0/24 on enp0s3; write one that this machine and its neighbours do not use, say `10.232.0.0/24`',
    ],
    [
      { WCS_INNER_SUBNET: '10.9.0.0/30' },
      'WCS_INNER_SUBNET 10.9.0.0/30 has room for 1 rig, and WCS_RANGE has 3 addresses; write a larger subnet or a smaller range',
    ],
    [{ WCS_MEDIA_PORTS: '1' }, 'WCS_MEDIA_PORTS is `1`; write a whole number from 2 to 1000'],
  ])('refuses %j', (change, fault) => {
    expect(workerFaults({ ...publish, ...change }, many)).toContain(fault);
  });

  it('is on one LAN', () => {
    const two = {
      ...many,
      interfaces: [
        ...many.interfaces,
        { name: 'enp0s9', addresses: [{ address: '192.168.23.5', prefix: 24 }] },
      ],
    };
    const range = { ...publish, WCS_RANGE: '10.0.0.5,192.168.23.5,198.51.100.9' };
    expect(workerFaults(range, two)).toEqual([
      'WCS_RANGE holds addresses of several networks (10.0.0.0/24, 192.168.23.0/24), and a worker is on one LAN; leave all but one out, or say with WCS_LAN that they are one',
    ]);
    expect(workerFaults({ ...range, WCS_LAN: 'both' }, two)).toEqual([]);
  });

  it('has nowhere to be on a machine without addresses', () => {
    const none = { ...many, interfaces: [], defaultRoute: undefined };
    expect(workerFaults(publish, none)[0]).toContain('this host has none');
    expect(workerFaults({ ...publish, WCS_RANGE: '' }, none)).toContain(
      'WCS_RANGE is missing; with `WCS_NETWORK=publish` rigs have addresses of this host, and it has none',
    );
  });
});

it('host: the same addresses, and no network of its own', () => {
  const { network } = worker({ WCS_NETWORK: 'host', WCS_RANGE: '10.0.0.6,10.0.0.5' }, many);
  expect(network).toMatchObject({ mode: 'host', lan: '10.0.0.0/24@10.0.0.1', inner: undefined });
});

describe('what others see', () => {
  it('of a rig behind a router that translates one to one', () => {
    const written = ' 10.0.0.5 = 203.0.113.7, 10.0.0.6=203.0.113.8';
    expect(worker({ ...publish, WCS_EXTERNAL: written }, many).network.outside).toEqual({
      external: { '10.0.0.5': '203.0.113.7', '10.0.0.6': '203.0.113.8' },
    });
  });

  it('in its links', () => {
    const name = 'Rig-{ip-dashed}.lab.example.com';
    expect(worker({ WCS_LINK_HOST: name }).network.outside).toEqual({
      linkHost: 'rig-{ip-dashed}.lab.example.com',
    });
  });

  it.each([
    [
      { WCS_EXTERNAL: '10.0.0.5' },
      'WCS_EXTERNAL holds `10.0.0.5`; write `LEASED=OUTSIDE`, several by comma, say `10.0.0.5=203.0.113.7`',
    ],
    [
      { WCS_EXTERNAL: '10.0.0.5=host' },
      'WCS_EXTERNAL holds `10.0.0.5=host`; write `LEASED=OUTSIDE`, several by comma, say `10.0.0.5=203.0.113.7`',
    ],
    [
      { WCS_EXTERNAL: '10.0.0.9=203.0.113.7' },
      'WCS_EXTERNAL maps 10.0.0.9, which is not in WCS_RANGE; correct it or leave it out',
    ],
    [
      { WCS_EXTERNAL: '10.0.0.5=203.0.113.7,10.0.0.6=203.0.113.7' },
      'WCS_EXTERNAL names 203.0.113.7 twice; each address has one of its own outside',
    ],
    [
      { WCS_LINK_HOST: 'lab.example.com' },
      'WCS_LINK_HOST is `lab.example.com`; write a host name with `{ip-dashed}` where the address goes, say `rig-{ip-dashed}.lab.example.com`',
    ],
    [
      { WCS_LINK_HOST: 'a b{ip-dashed}.example.com' },
      'WCS_LINK_HOST is `a b{ip-dashed}.example.com`; write a host name with `{ip-dashed}` where the address goes, say `rig-{ip-dashed}.lab.example.com`',
    ],
  ])('refuses %j', (change, fault) => {
    expect(workerFaults({ ...publish, ...change }, many)).toEqual([fault]);
  });
});
