// The parent: missing, down, without a cable, Wi-Fi, a part of something, with links of the other kind, on a hypervisor.

import { describe } from 'vitest';
import { checkMtu } from '../../../../src/doctor/host/check-mtu.ts';
import {
  checkParent,
  checkParentKind,
  checkParentPart,
  checkParentUp,
  checkParentWifi,
  checkVirtual,
} from '../../../../src/doctor/host/check-parent.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import type { Link } from '../../../../src/doctor/host/gather-links.ts';
import type { Hypervisor, Virtual } from '../../../../src/doctor/host/gather-virtual.ts';
import { seen, unseen } from '../../../../src/doctor/host/looked.ts';
import type { NetworkMode } from '../../../../src/rig/rig.ts';
import {
  aLink,
  configured,
  docker0,
  hostFacts,
  parentMac,
  rigsNetwork,
  theLinks,
} from '../../../support/host-facts.ts';
import { itJudges } from '../../../support/judged.ts';

const parentIs = (
  parent: Partial<Link>,
  mode: NetworkMode = 'ipvlan',
  ...others: readonly Link[]
): HostFacts => hostFacts(mode, { links: theLinks(parent, ...others) });
const named = (parent: string, facts = hostFacts()): HostFacts => configured(facts, {}, { parent });
const blind = hostFacts('ipvlan', { links: unseen('/sys is not there') });

describe('parent', () => {
  itJudges(checkParent, [
    ['there', hostFacts(), /^✔ parent: the interface enp0s3 is there/],
    ['missing', named('eth9'), /^✘ parent: .*eth9.*there are lo, enp0s3 → .*WCS_PARENT/],
    [
      'a VLAN that Docker makes',
      named('enp0s3.23'),
      /^✔ parent: .*Docker makes the VLAN interface enp0s3\.23/,
    ],
    ['a VLAN of nothing', named('eth9.23'), /^✘ parent: /],
    ['a tunnel', parentIs({ hardware: 65_534 }), /^✘ parent: .*no Ethernet.*65534/],
    ['loopback', named('lo'), /^✘ parent: .*no Ethernet/],
    [
      'not to be seen',
      blind,
      /^▲ parent: .*could not be looked at: \/sys is not there → `ip -details link show enp0s3`/,
    ],
    ['none in a bridge', hostFacts('bridge')],
    ['none for the host’s own addresses', hostFacts('publish')],
  ]);
});

describe('parent-up', () => {
  itJudges(checkParentUp, [
    ['up', hostFacts(), /^✔ parent-up/],
    [
      'down',
      parentIs({ isUp: false, hasCarrier: undefined }),
      /^✘ parent-up: .*switched off.* → `sudo ip link set enp0s3 up`/,
    ],
    ['no cable', parentIs({ hasCarrier: false }), /^✘ parent-up: .*no carrier.* → plug it in/],
    ['beneath a VLAN', named('enp0s3.23', parentIs({ isUp: false })), /^✘ parent-up: enp0s3 is switched off/],
    ['a kind that has no carrier', parentIs({ hasCarrier: undefined }), /^✔ parent-up/],
    ['not to be seen', blind],
  ]);
});

describe('parent-wifi', () => {
  itJudges(checkParentWifi, [
    ['a cable', hostFacts('macvlan'), /^✔ parent-wifi/],
    [
      'Wi-Fi with macvlan',
      parentIs({ isWireless: true }, 'macvlan'),
      /^✘ parent-wifi: .*access point drops.* → set WCS_NETWORK=ipvlan/,
    ],
    ['Wi-Fi with ipvlan', parentIs({ isWireless: true }), /^✔ parent-wifi: .*ipvlan works/],
  ]);
});

describe('parent-part', () => {
  const br0 = aLink({ name: 'br0', deviceType: 'bridge' });
  const bond0 = aLink({ name: 'bond0', deviceType: 'bond' });
  const vrf = aLink({ name: 'red', deviceType: 'vrf' });
  const dockers = configured(
    hostFacts('ipvlan', { links: theLinks({}, aLink({ name: 'docker0', deviceType: 'bridge' })) }),
    {},
    { parent: 'docker0' },
  );
  itJudges(checkParentPart, [
    ['by itself', hostFacts(), /^✔ parent-part/],
    [
      'in a bridge',
      parentIs({ master: 'br0', isBridgePort: true }, 'ipvlan', br0),
      /^✘ parent-part: .*the bridge br0.* → set WCS_PARENT=br0/,
    ],
    [
      'in a bond',
      parentIs({ master: 'bond0' }, 'ipvlan', bond0),
      /^✘ parent-part: .*bond0.* → set WCS_PARENT=bond0/,
    ],
    ['in a VRF, which leaves it its packets', parentIs({ master: 'red' }, 'ipvlan', vrf), /^✔ parent-part/],
    ['a bridge of somebody', named('br0', parentIs({}, 'ipvlan', br0)), /^✔ parent-part/],
    [
      'a bridge of Docker',
      dockers,
      /^✘ parent-part: docker0 is the bridge of the Docker network bridge.*\(hurts others\)$/,
    ],
  ]);
});

describe('parent-kind', () => {
  const macvlan = { ...rigsNetwork, name: 'lab', driver: 'macvlan', isOurs: false };
  const withNetworks = (...networks: readonly (typeof rigsNetwork)[]): HostFacts =>
    hostFacts('ipvlan', { networks: seen([docker0, ...networks]) });
  const upper = (facts: Partial<Link>, mode: NetworkMode): HostFacts =>
    parentIs({ uppers: ['up0'] }, mode, aLink({ name: 'up0', ...facts }));
  itJudges(checkParentKind, [
    ['nothing of the other kind', hostFacts(), /^✔ parent-kind/],
    ['our own network', withNetworks(rigsNetwork), /^✔ parent-kind/],
    [
      'left over beside our own network: this host serves already',
      withNetworks(rigsNetwork, { ...rigsNetwork, name: 'lab', driver: 'macvlan', isOurs: false }),
      /^✘ parent-kind: the Docker network lab is macvlan(?!.*hurts others)/,
    ],
    [
      'a Docker network of the other kind',
      withNetworks(macvlan),
      /^✘ parent-kind: the Docker network lab is macvlan on enp0s3.* → `docker network rm lab`.*WCS_NETWORK=macvlan.*\(hurts others\)$/,
    ],
    [
      'one of the other kind on another interface',
      withNetworks({ ...macvlan, parent: 'enp0s8' }),
      /^✔ parent-kind/,
    ],
    [
      'one of the other kind on a VLAN of it',
      withNetworks({ ...macvlan, parent: 'enp0s3.5' }),
      /^✔ parent-kind/,
    ],
    [
      'a macvlan by hand',
      upper({ mac: '02:00:00:00:00:09' }, 'ipvlan'),
      /^✘ parent-kind: the interface up0 is macvlan.* → `sudo ip link delete up0`.*\(hurts others\)$/,
    ],
    ['a macvlan by hand, with macvlan', upper({ mac: '02:00:00:00:00:09' }, 'macvlan'), /^✔ parent-kind/],
    [
      'an ipvlan by hand, with macvlan',
      upper({ mac: parentMac }, 'macvlan'),
      /^✘ parent-kind: the interface up0 is ipvlan/,
    ],
    ['a VLAN by hand', upper({ mac: parentMac, deviceType: 'vlan' }, 'macvlan'), /^✔ parent-kind/],
    [
      'both',
      {
        ...withNetworks(macvlan),
        links: theLinks({ uppers: ['up0'] }, aLink({ name: 'up0', mac: '02:00:00:00:00:09' })),
      },
      /lab/,
      /up0/,
    ],
    [
      'networks that are not to be seen',
      hostFacts('ipvlan', { networks: unseen('no answer') }),
      /^▲ parent-kind: .* → `docker network ls --filter driver=macvlan`/,
    ],
    ['no parent at all', hostFacts('bridge')],
  ]);
});

describe('parent-macs', () => {
  const on = (hypervisor: Hypervisor, mode: NetworkMode): HostFacts => {
    const virtual: Virtual = { hypervisor, name: 'ACME' };
    return hostFacts(mode, { virtual });
  };
  itJudges(checkVirtual, [
    ['a real machine', hostFacts('macvlan'), /^✔ parent-macs/],
    [
      'VMware with macvlan',
      on('vmware', 'macvlan'),
      /^▲ parent-macs: .*\(ACME\).*drops MAC addresses.* → .*Forged transmits.*WCS_NETWORK=ipvlan/,
    ],
    ['VirtualBox with macvlan', on('virtualbox', 'macvlan'), /^▲ parent-macs: .* → .*Allow All/],
    ['Hyper-V with macvlan', on('hyper-v', 'macvlan'), /^▲ parent-macs: .* → .*MacAddressSpoofing On/],
    ['KVM with macvlan', on('kvm', 'macvlan'), /^▲ parent-macs: .* → .*Proxmox/],
    ['nobody knows which', on('unknown', 'macvlan'), /^▲ parent-macs/],
    ['VMware with ipvlan', on('vmware', 'ipvlan'), /^✔ parent-macs: .*ipvlan works/],
    ['a cloud with ipvlan', on('cloud', 'ipvlan'), /^▲ parent-macs: .*cloud.* → set WCS_NETWORK=publish/],
    ['a cloud with macvlan', on('cloud', 'macvlan'), /^▲ parent-macs: .*cloud/],
    ['a bridge', on('vmware', 'bridge')],
  ]);
});

describe('mtu', () => {
  const optioned = (mtu: number): HostFacts =>
    hostFacts('ipvlan', { networks: seen([{ ...rigsNetwork, mtu }]) });
  const bridged = (mode: NetworkMode, out: number, network?: number): HostFacts =>
    hostFacts(mode, {
      links: theLinks({ mtu: out }),
      networks: seen(network === undefined ? [docker0] : [{ ...docker0, name: 'wcs-rigs', mtu: network }]),
    });
  itJudges(checkMtu, [
    ['as usual', hostFacts(), /^✔ mtu: enp0s3 has an MTU of 1500/],
    ['a VPN or a cloud', parentIs({ mtu: 1450 }), /^✔ mtu: .*1450, less than is usual/],
    ['jumbo frames', parentIs({ mtu: 9000 }), /^▲ mtu: .*9000.* → .*mtu 1500/],
    [
      'an option that has no effect',
      optioned(1400),
      /^▲ mtu: .*1400, which ipvlan does not heed.*1500 → `sudo ip link set enp0s3 mtu 1400`/,
    ],
    ['an option that says what is', optioned(1500), /^✔ mtu/],
    [
      'a bridge before a narrow way out',
      bridged('bridge', 1420),
      /^▲ mtu: .*1500 bytes, and enp0s3.*1420.* → .*"com\.docker\.network\.driver\.mtu": "1420".*docker network rm wcs-rigs/,
    ],
    ['published before a narrow way out', bridged('publish', 1420), /^▲ mtu/],
    ['a bridge that was made narrow, too', bridged('bridge', 1420, 1420), /^✔ mtu/],
    ['a bridge', bridged('bridge', 1500), /^✔ mtu/],
    ['the host’s own network has the host’s own', bridged('host', 1420)],
    [
      'no way out',
      { ...bridged('bridge', 1420), machine: { ...hostFacts().machine, defaultRoute: undefined } },
    ],
  ]);
});
