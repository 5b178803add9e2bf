// The facts of a machine: the route table's form, and that this machine's own can be read.

import { describe, expect, it } from 'vitest';
import { parseRouteTable, readMachine } from '../../src/machine.ts';

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const route = (fields: string): string => `${fields.split(' ').join('\t')}\t0\t0\t0   `;

describe('the route table', () => {
  it('gives the default route, whose address is written backwards on a little-endian machine', () => {
    const table = [
      header,
      route('eth0 00000000 0117A8C0 0003 0 0 0 00000000'),
      route('eth0 0017A8C0 00000000 0001 0 0 0 00FFFFFF'),
    ].join('\n');
    expect(parseRouteTable(table, true)).toEqual({ interface: 'eth0', gateway: '192.168.23.1' });
    expect(parseRouteTable(table, false)).toEqual({ interface: 'eth0', gateway: '1.23.168.192' });
  });

  it('takes the one with the lowest metric', () => {
    const table = [
      header,
      route('wlan0 00000000 0100000A 0003 0 0 600 00000000'),
      route('eth0 00000000 0117A8C0 0003 0 0 100 00000000'),
    ].join('\n');
    expect(parseRouteTable(table, true)?.interface).toBe('eth0');
  });

  it.each([
    ['nothing', ''],
    ['no default', [header, route('eth0 0017A8C0 00000000 0001 0 0 0 00FFFFFF')].join('\n')],
    [
      'one half of everything, as a VPN has it',
      [header, route('tun0 00000000 0117A8C0 0003 0 0 0 00000080')].join('\n'),
    ],
    ['one that is down', [header, route('eth0 00000000 0117A8C0 0002 0 0 0 00000000')].join('\n')],
    ['one without a gateway', [header, route('ppp0 00000000 00000000 0001 0 0 0 00000000')].join('\n')],
  ])('has no default route: %s', (_, table) => {
    expect(parseRouteTable(table, true)).toBeUndefined();
  });
});

describe('this machine', () => {
  it('has a name, memory, cores and the loopback interface', async () => {
    const machine = await readMachine();
    expect(machine.hostName).not.toBe('');
    expect(machine.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    const loopback = machine.interfaces.find(({ name }) => name === 'lo');
    expect(loopback?.addresses).toContainEqual({ address: '127.0.0.1', prefix: 8 });
  });
});
