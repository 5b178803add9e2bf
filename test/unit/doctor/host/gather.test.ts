// What the gatherers read, from texts as the kernel and the engine write them.

import { describe, expect, it, test } from 'vitest';
import { readEngineFacts, readNetworks } from '../../../../src/docker/engine-facts.ts';
import { judgeTrial } from '../../../../src/doctor/host/gather-kernel.ts';
import { gatherLan, mostAsked } from '../../../../src/doctor/host/gather-lan.ts';
import { parseHardLimit } from '../../../../src/doctor/host/gather-room.ts';
import { parseRoutes } from '../../../../src/doctor/host/gather-routes.ts';
import { judgeVirtual } from '../../../../src/doctor/host/gather-virtual.ts';
import type { ProgramRun } from '../../../../src/machine/run-program.ts';
import type { Prober } from '../../../../src/ports/prober.ts';
import { formatSubnet } from '../../../../src/rig/ipv4.ts';

const routeHead = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const routeTable = [
  'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
  'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  'wg0\t0000080A\t0100010A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0',
  'eth1\t05000A0A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0',
  'eth2\t0000630A\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0',
  '',
].join('\n');

test('routes, without the default one and those that are not up', () => {
  const found = parseRoutes(routeHead + routeTable, true).map(
    (one) => `${one.interface} ${formatSubnet(one.subnet)}`,
  );
  expect(found).toEqual(['eth0 192.0.2.0/24', 'wg0 10.8.0.0/16', 'eth1 10.10.0.5/32']);
  expect(parseRoutes('')).toEqual([]);
});

test.each([
  ['Max open files            1024                 1048576              files     \n', 1_048_576],
  [
    'Max processes  5 5 x\nMax open files            unlimited            unlimited            files\n',
    Number.POSITIVE_INFINITY,
  ],
  ['', undefined],
])('the hard limit of open files', (text, expected) => {
  expect(parseHardLimit(text)).toBe(expected);
});

describe('the kernel, by a trial', () => {
  const ended = (code: number, stderr: string): ProgramRun => ({ kind: 'ended', code, stdout: '', stderr });
  it.each([
    ['made', ended(0, ''), { kind: 'made' }],
    [
      'unknown',
      ended(2, 'Error: Unknown device type.\n'),
      { kind: 'unknown-to-it', detail: 'Error: Unknown device type.' },
    ],
    [
      'unknown to an older ip',
      ended(2, 'RTNETLINK answers: Operation not supported\n'),
      { kind: 'unknown-to-it' },
    ],
    ['nothing to lay it on', ended(97, 'Error: Unknown device type.\n'), { kind: 'not-tried' }],
    [
      'no right',
      ended(1, 'unshare: unshare failed: Operation not permitted\n'),
      { kind: 'not-tried', why: 'unshare: unshare failed: Operation not permitted' },
    ],
    ['no ip', ended(127, 'sh: 1: ip: not found\n'), { kind: 'not-tried', why: 'sh: 1: ip: not found' }],
    ['no unshare', { kind: 'absent' }, { kind: 'not-tried' }],
    ['a machine that hangs', { kind: 'late' }, { kind: 'not-tried' }],
  ] as const)('%s', (_, ran, expected) => {
    expect(judgeTrial(ran)).toMatchObject(expected);
  });
});

test.each([
  ['VMware, Inc. VMware Virtual Platform', true, 'vmware'],
  ['innotek GmbH VirtualBox', true, 'virtualbox'],
  ['Microsoft Corporation Virtual Machine', true, 'hyper-v'],
  ['QEMU Standard PC (Q35 + ICH9, 2009)', true, 'kvm'],
  ['Amazon EC2 t3.large', true, 'cloud'],
  ['Google Google Compute Engine', true, 'cloud'],
  ['', true, 'unknown'],
  ['Dell Inc. PowerEdge R640', false, undefined],
  ['Microsoft Corporation Surface Pro', false, undefined],
])('the board %s (%s)', (board, isGuest, hypervisor) => {
  expect(judgeVirtual(board, isGuest)?.hypervisor).toBe(hypervisor);
});

describe('the engine', () => {
  const version = { Version: '20.10.24', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' };
  it('says what it is, with what older ones leave out', () => {
    expect(readEngineFacts(version, {})).toMatchObject({
      platform: 'linux/amd64',
      networkDrivers: [],
      isRootless: false,
      limits: { memory: true, cpus: true, processes: true },
    });
  });
  it('runs without root', () => {
    const info = { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'], MemoryLimit: false };
    expect(readEngineFacts(version, info)).toMatchObject({ isRootless: true, limits: { memory: false } });
  });
  it('lists networks with their bridges', () => {
    const labels = { 'wcs-rigs.installation': 'wcs' };
    const config = [{ Subnet: '10.0.0.0/24', Gateway: '10.0.0.1', IPRange: '' }];
    const listed = [
      {
        Id: '0123456789abcdef',
        Name: 'a',
        Driver: 'bridge',
        Labels: labels,
        Options: { 'com.docker.network.driver.mtu': '1400' },
        IPAM: { Config: config },
      },
      {
        Id: 'x',
        Name: 'b',
        Driver: 'macvlan',
        Labels: null,
        Options: { parent: 'eth0' },
        IPAM: { Config: null },
      },
    ];
    const subnets = [{ subnet: '10.0.0.0/24', gateway: '10.0.0.1', ipRange: undefined }];
    expect(readNetworks(listed, 'wcs')).toEqual([
      {
        name: 'a',
        driver: 'bridge',
        parent: undefined,
        subnets,
        mtu: 1400,
        bridge: 'br-0123456789ab',
        isOurs: true,
      },
      {
        name: 'b',
        driver: 'macvlan',
        parent: 'eth0',
        subnets: [],
        mtu: undefined,
        bridge: undefined,
        isOurs: false,
      },
    ]);
  });
});

describe('asking the LAN', () => {
  const through = 'eth0';
  const questions = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ address: `10.0.0.${index}`, through }));
  const asking = (answering: readonly string[]) => {
    const asked: string[] = [];
    const prober = (): Prober => ({
      ask: async (address) => {
        asked.push(address);
        return answering.includes(address) ? { kind: 'answered', mac: 'm' } : { kind: 'silent' };
      },
    });
    return { asked, prober };
  };
  const gateway = { address: '10.0.0.254', through };

  it('a large range in part, each answer at its address', async () => {
    const [plain, neighbour] = [asking(['10.0.0.7']), asking([])];
    const lan = await gatherLan(gateway, questions(300), {
      plainly: plain.prober,
      asNeighbour: neighbour.prober,
    });
    if (lan.kind !== 'asked') throw new Error(lan.kind);
    expect(lan.left).toBe(300 - mostAsked);
    expect(plain.asked).toHaveLength(mostAsked + 1);
    expect(lan.range.filter(({ probe }) => probe.kind === 'answered').map(({ address }) => address)).toEqual([
      '10.0.0.7',
    ]);
    expect(lan.gateway).toEqual({ address: '10.0.0.254', through, probe: { kind: 'silent' } });
  });
  it('as a neighbour too, a few, and what those say who answer in any case is left out', async () => {
    const [plain, neighbour] = [asking(['10.0.0.1']), asking(['10.0.0.1', '10.0.0.2'])];
    const lan = await gatherLan(gateway, questions(9), {
      plainly: plain.prober,
      asNeighbour: neighbour.prober,
    });
    expect(neighbour.asked).toEqual(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
    expect(lan).toMatchObject({
      asNeighbour: [
        { address: '10.0.0.0', probe: { kind: 'silent' } },
        { address: '10.0.0.2', probe: { kind: 'answered' } },
      ],
    });
  });
  it('not as a neighbour of the host’s own addresses', async () => {
    const [plain, neighbour] = [asking([]), asking([])];
    await gatherLan(undefined, questions(2), { plainly: plain.prober, asNeighbour: neighbour.prober });
    expect([plain.asked.length, neighbour.asked.length]).toEqual([2, 0]);
  });
  it('nobody, where there is nobody', async () => {
    expect(await gatherLan(undefined, [])).toEqual({ kind: 'nobody-to-ask' });
  });
});
