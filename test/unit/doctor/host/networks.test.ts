// The rigs' network among others, the bridge's subnet among routes, and the range beside the DHCP server.

import { describe, expect, it } from 'vitest';
import { readWorkerConfig } from '../../../../src/config.ts';
import type { NetworkSeen } from '../../../../src/docker/engine-facts.ts';
import {
  checkHandedOut,
  checkNetwork,
  checkNetworkOverlap,
  checkNetworkParent,
  checkRoutes,
  checkSubnet,
} from '../../../../src/doctor/host/check-networks.ts';
import { checkConfiguration, checkDhcp, checkRange } from '../../../../src/doctor/host/check-range.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import { seen, unseen } from '../../../../src/doctor/host/looked.ts';
import type { Machine } from '../../../../src/machine.ts';
import { parseBlock } from '../../../../src/rig/ipv4.ts';
import { machine, workerEnvironment } from '../../../support/config-readings.ts';
import { anEngine, configured, docker0, hostFacts, rigsNetwork } from '../../../support/host-facts.ts';
import { itJudges } from '../../../support/judged.ts';

const withNetworks = (...networks: readonly NetworkSeen[]): HostFacts =>
  hostFacts('ipvlan', { networks: seen([docker0, ...networks]) });
const subnetIs = (subnet: string, ipRange?: string): Pick<NetworkSeen, 'subnets'> => ({
  subnets: [{ subnet, gateway: '192.168.23.1', ipRange }],
});
const foreign: NetworkSeen = { ...rigsNetwork, name: 'new-testnet', isOurs: false };
const blind = hostFacts('ipvlan', { networks: unseen('no answer') });

describe('network', () => {
  itJudges(checkNetwork, [
    ['not there yet', hostFacts(), /^✔ network: .*wcs-rigs is not there yet/],
    ['there', withNetworks(rigsNetwork), /^✔ network: .*as it should be/],
    ['another one that fits', withNetworks(foreign), /^✔ network: .*new-testnet fits/],
    [
      'of another kind',
      withNetworks({ ...rigsNetwork, driver: 'macvlan' }),
      /^✘ network: .*its driver is macvlan and should be ipvlan → `docker network rm wcs-rigs`/,
    ],
    [
      'of another subnet',
      withNetworks({ ...rigsNetwork, ...subnetIs('192.168.24.0/24') }),
      /^✘ network: .*192\.168\.24\.0\/24 and should be 192\.168\.23\.0\/24/,
    ],
    [
      'of another parent',
      withNetworks({ ...rigsNetwork, parent: undefined }),
      /^✘ network: .*parent is not set and should be enp0s3/,
    ],
    ['not to be seen', blind, /^▲ network: .* → `docker network ls`/],
    ['the host’s own', hostFacts('host')],
  ]);
});

describe('network-overlap', () => {
  itJudges(checkNetworkOverlap, [
    ['none', withNetworks(rigsNetwork), /^✔ network-overlap/],
    ['one that fits', withNetworks(foreign), /^✔ network-overlap/],
    [
      'part of it',
      withNetworks({ ...foreign, ...subnetIs('192.168.23.64/26') }),
      /^✘ network-overlap: the Docker network new-testnet \(ipvlan\) has 192\.168\.23\.64\/26.* → `docker network rm new-testnet`/,
    ],
    [
      'around it, a bridge',
      withNetworks({ ...docker0, name: 'old', ...subnetIs('192.168.0.0/16') }),
      /^✘ network-overlap: .*old \(bridge\)/,
    ],
    ['the same on another parent', withNetworks({ ...foreign, parent: 'enp0s8' }), /^✘ network-overlap/],
    ['beside it', withNetworks({ ...foreign, ...subnetIs('192.168.24.0/24') }), /^✔ network-overlap/],
    ['one without a subnet', withNetworks({ ...docker0, name: 'none', subnets: [] }), /^✔ network-overlap/],
    [
      'an IPv6 one',
      withNetworks({ ...docker0, name: 'six', ...subnetIs('fd00::/64') }),
      /^✔ network-overlap/,
    ],
    [
      'two of them',
      withNetworks({ ...foreign, parent: 'a' }, { ...foreign, name: 'b', parent: 'b' }),
      /new-testnet/,
      /network b /,
    ],
    ['the host’s own', hostFacts('host')],
    [
      'behind published ports',
      hostFacts('publish', {
        networks: seen([
          {
            ...docker0,
            name: 'a',
            subnets: [{ subnet: '10.231.0.0/16', gateway: undefined, ipRange: undefined }],
          },
        ]),
      }),
      /^✘ network-overlap: the Docker network a \(bridge\) has 10\.231\.0\.0\/16, .* → .*WCS_INNER_SUBNET/,
    ],
    ['free behind published ports', hostFacts('publish'), /^✔ network-overlap: .*10\.231\.0\.0\/24/],
  ]);
});

describe('network-parent', () => {
  const other = { ...foreign, ...subnetIs('192.168.24.0/24') };
  const macvlan = (api: string): HostFacts =>
    hostFacts('macvlan', {
      networks: seen([docker0, { ...other, driver: 'macvlan' }]),
      engine: anEngine({ api }),
    });
  itJudges(checkNetworkParent, [
    ['none', hostFacts()],
    [
      'another network of the kind',
      withNetworks(other),
      /^✘ network-parent: Docker takes one ipvlan network for each interface, and new-testnet \(192\.168\.24\.0\/24\) has enp0s3 already → `docker network rm new-testnet`/,
    ],
    ['on another interface', withNetworks({ ...other, parent: 'enp0s8' })],
    ['ours is there', withNetworks(other, rigsNetwork)],
    ['one that fits is there', withNetworks(foreign)],
    ['macvlan before Docker 28', macvlan('1.47'), /^✘ network-parent: Docker takes one macvlan/],
    ['macvlan since', macvlan('1.48')],
  ]);
});

describe('network-handed-out', () => {
  itJudges(checkHandedOut, [
    ['our own network', withNetworks(rigsNetwork)],
    [
      'one by hand',
      withNetworks(foreign),
      /^▲ network-handed-out: .*new-testnet was made by hand.*out of 192\.168\.23\.0\/24/,
    ],
    [
      'the usual recipe',
      withNetworks({ ...foreign, ...subnetIs('192.168.23.0/24', '192.168.23.96/27') }),
      /^▲ network-handed-out: .*192\.168\.23\.96\/27/,
    ],
    ['one by hand elsewhere', withNetworks({ ...foreign, ...subnetIs('192.168.24.0/24') })],
  ]);
});

describe('route-overlap', () => {
  const own: NetworkSeen = {
    ...docker0,
    name: 'wcs-rigs',
    subnets: [{ subnet: '172.31.7.0/24', gateway: '172.31.7.1', ipRange: undefined }],
    bridge: 'br-0123456789ab',
    isOurs: true,
  };
  const routed = (link: string, text: string, ...networks: readonly NetworkSeen[]): HostFacts => {
    const block = parseBlock(text);
    if (!block) throw new Error(text);
    const routes = seen([{ interface: link, subnet: block.subnet }]);
    return hostFacts('bridge', { routes, networks: seen([docker0, ...networks]) });
  };
  const gatewayOn: Machine = {
    ...machine,
    interfaces: [
      ...machine.interfaces,
      { name: 'br-rigs', addresses: [{ address: '172.31.7.1', prefix: 24 }] },
    ],
  };
  itJudges(checkRoutes, [
    ['nothing there', hostFacts('bridge'), /^✔ route-overlap/],
    [
      'a VPN around it',
      routed('wg0', '172.31.0.0/16'),
      /^▲ route-overlap: this machine reaches 172\.31\.0\.0\/16 through wg0.* → .*WCS_SUBNET=172\.31\.7\.0\/24`/,
    ],
    [
      'the same elsewhere',
      routed('wg0', '172.31.7.0/24'),
      /^✘ route-overlap: this machine reaches 172\.31\.7\.0\/24 through wg0.* → .*WCS_SUBNET.*\(hurts others\)$/,
    ],
    [
      'one host inside it',
      routed('eth1', '172.31.7.77/32'),
      /^▲ route-overlap: .*172\.31\.7\.77\/32 through eth1, a part of/,
    ],
    ['beside it', routed('wg0', '172.30.0.0/16'), /^✔ route-overlap/],
    ['its own bridge', routed('br-0123456789ab', '172.31.7.0/24', own), /^✔ route-overlap/],
    [
      'its own bridge, known by the gateway',
      { ...routed('br-rigs', '172.31.7.0/24'), machine: gatewayOn },
      /^✔ route-overlap/,
    ],
    ['another’s bridge', routed('br-other', '172.31.7.0/24', own), /^✘ route-overlap/],
    [
      'not to be seen',
      hostFacts('bridge', { routes: unseen('no right') }),
      /^▲ route-overlap: .* → `ip route`/,
    ],
    ['a LAN’s own route', hostFacts()],
  ]);
});

describe('subnet', () => {
  const addressed = (...addresses: Machine['interfaces'][number]['addresses']): HostFacts =>
    hostFacts('ipvlan', { machine: { ...machine, interfaces: [{ name: 'enp0s3', addresses }] } });
  itJudges(checkSubnet, [
    ['the parent’s', hostFacts(), /^✔ subnet/],
    [
      'another mask',
      addressed({ address: '192.168.23.5', prefix: 23 }),
      /^▲ subnet: .*192\.168\.22\.0\/23.* → set WCS_SUBNET=192\.168\.22\.0\/23/,
    ],
    [
      'one of two',
      addressed({ address: '10.0.0.5', prefix: 8 }, { address: '192.168.23.5', prefix: 24 }),
      /^✔ subnet/,
    ],
    ['a parent without an address', addressed(), /^✔ subnet: .*no address/],
    ['a bridge', hostFacts('bridge')],
  ]);
});

describe('the range', () => {
  itJudges(checkRange, [
    [
      'its size',
      hostFacts(),
      /^✔ range: the range has 32 addresses, inside 192\.168\.23\.0\/24 and clear of the gateway/,
    ],
    ['of one', hostFacts('publish'), /^✔ range: the range has 1 address$/],
  ]);
  itJudges(checkDhcp, [
    ['DHCP is told', hostFacts(), /^✔ range-dhcp: .*clear of 192\.168\.23\.10-192\.168\.23\.99/],
    [
      'DHCP is not told',
      configured(hostFacts(), {}, { dhcp: [] }),
      /^▲ range-dhcp: WCS_DHCP is not set.* → .*WCS_DHCP=FIRST-LAST/,
    ],
    ['DHCP in a bridge', hostFacts('bridge')],
  ]);
});

describe('the configuration', () => {
  const findings = (environment: Readonly<Record<string, string>>) =>
    checkConfiguration(readWorkerConfig({ ...workerEnvironment, ...environment }, machine));
  const wrongs = (environment: Readonly<Record<string, string>>) =>
    findings(environment).filter(({ verdict }) => verdict === 'wrong');

  it('is complete', () => {
    expect(findings({})).toEqual([
      {
        check: 'configuration',
        verdict: 'well',
        says: 'the configuration is complete: ipvlan on enp0s3, 192.168.23.0/24, up to 7 rigs at once',
      },
    ]);
  });
  it.each([
    [
      'the DHCP server’s addresses',
      { WCS_DHCP: '192.168.23.2-192.168.23.110' },
      /holds .*DHCP server hands out/,
      /^write `192\.168\.23\.111-192\.168\.23\.131`/,
    ],
    [
      'the gateway',
      { WCS_RANGE: '192.168.23.1-192.168.23.4' },
      /holds the gateway 192\.168\.23\.1/,
      /^write `/,
    ],
    [
      'the host’s own address',
      { WCS_RANGE: '192.168.23.4-192.168.23.6' },
      /own address 192\.168\.23\.5/,
      /^write `/,
    ],
    [
      'another subnet',
      { WCS_RANGE: '192.168.24.4-192.168.24.6' },
      /outside the subnet 192\.168\.23\.0\/24/,
      /^choose other/,
    ],
    [
      'the usual mistake',
      { WCS_RANGE: '192.168.23.100/27' },
      /starts before \.100/,
      /^for 32 addresses from \.100 write/,
    ],
  ])('with a range that holds %s, what is and what mends it', (_, environment, says, mend) => {
    const [found, ...more] = wrongs(environment);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ says: expect.stringMatching(says), mend: expect.stringMatching(mend) });
  });
  it('says every fault, and what nobody reads', () => {
    const found = findings({ WCS_SECRET: '', WCS_RANGE: 'x', WCS_SLOT: '3' });
    expect(found.map(({ verdict }) => verdict)).toEqual(['wrong', 'wrong', 'doubtful']);
    expect(found[2]).toMatchObject({
      says: 'WCS_SLOT is not a variable that is known',
      mend: 'did you mean WCS_SLOTS?',
    });
  });
});
