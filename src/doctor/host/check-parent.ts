// The parent: the interface behind which rigs are on the LAN. What it has to be, and what it must not carry already.

import { type Check, type Finding, well } from '../finding.ts';
import type { HostFacts, QuickFacts } from './facts.ts';
import type { LinkKind } from './gather-kernel.ts';
import type { Link } from './gather-links.ts';
import type { Hypervisor } from './gather-virtual.ts';
import { linkKindOf } from './modes.ts';
import { doubtful, hurting, notSeen, wrong } from './verdicts.ts';

const ethernet = 1;
const otherOf = (kind: LinkKind): LinkKind => (kind === 'ipvlan' ? 'macvlan' : 'ipvlan');

type Facts = Pick<QuickFacts, 'config' | 'links'>;

type Ground =
  | { readonly kind: 'no-parent' | 'unseen' }
  | { readonly kind: 'missing'; readonly name: string; readonly all: readonly Link[] }
  /** `carries`: the interface with the cable, where Docker is yet to make the VLAN's interface on it. */
  | { readonly kind: 'there'; readonly name: string; readonly carries: Link; readonly all: readonly Link[] };

/** The parent as it is on this machine; of a VLAN that Docker makes by itself, the interface beneath it. */
export const groundOf = ({ config, links }: Facts): Ground => {
  const name = config.network.parent;
  if (linkKindOf(config.network.mode) === undefined || name === undefined) return { kind: 'no-parent' };
  if (links.kind === 'unseen') return { kind: 'unseen' };
  const all = links.value;
  const beneath = name.replace(/\.\d{1,4}$/, '');
  const carries = all.find((link) => link.name === name) ?? all.find((link) => link.name === beneath);
  return carries ? { kind: 'there', name, carries, all } : { kind: 'missing', name, all };
};

export const checkParent: Check<Facts> = (facts) => {
  const ground = groundOf(facts);
  const { parent = '' } = facts.config.network;
  switch (ground.kind) {
    case 'no-parent':
      return [];
    case 'unseen': {
      const why = facts.links.kind === 'unseen' ? facts.links.why : '';
      return [notSeen('parent', `the interface ${parent}`, why, `\`ip -details link show ${parent}\``)];
    }
    case 'missing':
      return [
        wrong(
          'parent',
          `the interface ${parent} (WCS_PARENT) is not there; there are ${ground.all.map(({ name }) => name).join(', ')}`,
          'set WCS_PARENT to the one that faces the LAN: `ip -brief address`',
        ),
      ];
    case 'there':
      return [judgeHardware(ground)];
  }
};

const judgeHardware = ({ name, carries }: Extract<Ground, { kind: 'there' }>): Finding => {
  if (carries.hardware !== ethernet) {
    return wrong(
      'parent',
      `${carries.name} is no Ethernet interface (kind ${carries.hardware}: loopback, a tunnel or the like), so that it has no LAN for rigs`,
      'set WCS_PARENT to the one that faces the LAN: `ip -brief address`',
    );
  }
  if (name !== carries.name)
    return well('parent', `${carries.name} is there; Docker makes the VLAN interface ${name} on it`);
  return well('parent', `the interface ${name} is there`);
};

export const checkParentUp: Check<Facts> = (facts) => {
  const ground = groundOf(facts);
  if (ground.kind !== 'there') return [];
  const { name, isUp, hasCarrier } = ground.carries;
  if (!isUp)
    return [
      wrong(
        'parent-up',
        `${name} is switched off, so that no rig reaches anybody`,
        `\`sudo ip link set ${name} up\``,
      ),
    ];
  if (hasCarrier === false) {
    return [
      wrong(
        'parent-up',
        `${name} has no carrier: no cable, or nothing at its other end`,
        `plug it in, then \`cat /sys/class/net/${name}/carrier\` says 1`,
      ),
    ];
  }
  return [well('parent-up', `${name} is up and has a carrier`)];
};

export const checkParentWifi: Check<Facts> = (facts) => {
  const ground = groundOf(facts);
  if (ground.kind !== 'there') return [];
  const { name, isWireless } = ground.carries;
  if (!isWireless) return [well('parent-wifi', `${name} is not Wi-Fi`)];
  if (facts.config.network.mode === 'ipvlan') {
    return [well('parent-wifi', `${name} is Wi-Fi, where ipvlan works: rigs have its MAC address`)];
  }
  return [
    wrong(
      'parent-wifi',
      `${name} is Wi-Fi, where macvlan does not work: an access point drops every MAC address but the one that logged in`,
      'set WCS_NETWORK=ipvlan',
    ),
  ];
};

/** A bridge, a bond or an Open vSwitch takes its parts' packets before a rig could; only a VRF leaves them. */
export const checkParentPart: Check<Facts & Pick<QuickFacts, 'networks'>> = (facts) => {
  const ground = groundOf(facts);
  if (ground.kind !== 'there') return [];
  const { name, master, isBridgePort } = ground.carries;
  const over = ground.all.find((link) => link.name === master);
  if (master !== undefined && over?.deviceType !== 'vrf') {
    return [
      wrong(
        'parent-part',
        `${name} is a part of ${isBridgePort ? 'the bridge' : 'the bond or switch'} ${master}, which takes all of its packets: rigs would hear nothing`,
        `set WCS_PARENT=${master}`,
      ),
    ];
  }
  const networks = facts.networks.kind === 'seen' ? facts.networks.value : [];
  const dockers = networks.find(({ bridge }) => bridge === name);
  if (dockers) {
    return [
      hurting(
        'parent-part',
        `${name} is the bridge of the Docker network ${dockers.name}, whose addresses Docker gives to other containers`,
        'set WCS_PARENT to the interface that faces the LAN: `ip -brief address`',
      ),
    ];
  }
  return [well('parent-part', `${name} stands for itself: it is no part of a bridge or a bond`)];
};

/** One interface carries links of one kind. The first that is made keeps those of the other kind from being made. */
export const checkParentKind: Check<Facts & Pick<QuickFacts, 'networks'>> = (facts) => {
  const kind = linkKindOf(facts.config.network.mode);
  const { parent } = facts.config.network;
  if (kind === undefined || parent === undefined) return [];
  const other = otherOf(kind);
  if (facts.networks.kind === 'unseen') {
    const mend = `\`docker network ls --filter driver=${other}\`; none of them may have the parent ${parent}`;
    return [notSeen('parent-kind', "Docker's networks", facts.networks.why, mend)];
  }
  const clash = `and one interface cannot carry ${other} and ${kind}: whichever starts first, the other's containers do not start`;
  const choice = `set WCS_NETWORK=${other}, or WCS_PARENT to another interface`;
  const networks = facts.networks.value.filter((one) => one.driver === other && one.parent === parent);
  // Docker makes a link only when a container joins. Where ours is there, this host serves already: then it is said, no more.
  const isThere = facts.networks.value.some(({ name }) => name === facts.config.network.name);
  const found = networks.map(({ name }) =>
    (isThere ? wrong : hurting)(
      'parent-kind',
      `the Docker network ${name} is ${other} on ${parent}, ${clash}`,
      `\`docker network rm ${name}\` when nothing uses it; otherwise ${choice}`,
    ),
  );
  const ground = groundOf(facts);
  const links = ground.kind === 'there' ? linksOn(ground).filter((one) => one.kind === other) : [];
  const byHand = links.map(({ name }) =>
    hurting(
      'parent-kind',
      `the interface ${name} is ${other} on ${parent}, ${clash}`,
      `\`sudo ip link delete ${name}\` when nothing uses it; otherwise ${choice}`,
    ),
  );
  const all = [...found, ...byHand];
  if (all.length > 0) return all;
  return [well('parent-kind', `no Docker network and no interface here is ${other} on ${parent}`)];
};

/** Neither kind says its name in /sys. An ipvlan has its parent's MAC address; a macvlan has one of its own. */
const linksOn = ({ name, all }: Extract<Ground, { kind: 'there' }>) => {
  const parent = all.find((link) => link.name === name);
  return all
    .filter((link) => parent?.uppers.includes(link.name) && link.deviceType === undefined)
    .map((link) => ({
      name: link.name,
      kind: link.mac === parent?.mac ? ('ipvlan' as const) : ('macvlan' as const),
    }));
};

// ── whether the switch beyond it takes what rigs send ───────────────────────────────────────────────────────────────

const switchOf: Readonly<Record<Hypervisor, string | undefined>> = {
  vmware:
    'in vSphere set *Promiscuous mode*, *MAC address changes* and *Forged transmits* of its port group to *Accept*',
  virtualbox: 'in VirtualBox set *Promiscuous Mode* of its adapter to *Allow All*',
  'hyper-v':
    '`Set-VMNetworkAdapter -VMName NAME -MacAddressSpoofing On` on its Hyper-V host (Azure has no such switch)',
  kvm: 'let its bridge or its firewall take other MAC addresses (Proxmox: switch the *MAC filter* of its firewall off)',
  xen: 'let its virtual switch take other MAC addresses',
  cloud: undefined,
  unknown: 'let the switch of its hypervisor take other MAC addresses',
};

export const checkVirtual: Check<Pick<HostFacts, 'config' | 'virtual'>> = ({ config, virtual }) => {
  const kind = linkKindOf(config.network.mode);
  if (kind === undefined) return [];
  if (virtual === undefined) return [well('parent-macs', 'nothing says that this is a virtual machine')];
  const name = virtual.name || 'its hypervisor does not say its name';
  if (virtual.hypervisor === 'cloud') {
    return [
      doubtful(
        'parent-macs',
        `this is a virtual machine in a cloud (${name}), whose network mostly drops every address that it has not given out itself`,
        "set WCS_NETWORK=publish with WCS_RANGE the machine's own addresses",
      ),
    ];
  }
  if (kind === 'ipvlan') {
    return [
      well(
        'parent-macs',
        `this is a virtual machine (${name}), where ipvlan works: rigs have its MAC address`,
      ),
    ];
  }
  return [
    doubtful(
      'parent-macs',
      `this is a virtual machine (${name}), and a hypervisor's switch mostly drops MAC addresses that it does not know: each macvlan rig has one`,
      `${switchOf[virtual.hypervisor] ?? 'let its switch take other MAC addresses'}; or set WCS_NETWORK=ipvlan`,
    ),
  ];
};
