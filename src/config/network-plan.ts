// How this host's rigs get on the network: from the variables and what the machine says of itself.

import type { Machine, NetworkInterface } from '../machine.ts';
import { type AddressRange, firstAddressIn, readRange, readSpans } from '../rig/address-range.ts';
import {
  type AddressNumber,
  formatAddress,
  formatSubnet,
  holds,
  overlapsOf,
  parseAddress,
  type Span,
  type Subnet,
  subnetAround,
} from '../rig/ipv4.ts';
import type { Outside } from '../rig/outside.ts';
import { type HostName, type LanId, type NetworkMode, usesOwnAddresses } from '../rig/rig.ts';
import { address, interfaceName, lanName, oneOf, subnet as subnetForm } from './forms.ts';
import { clashesWith, type Inner, planInner, subnetOf } from './inner-network.ts';
import { readOutside } from './outside.ts';
import {
  howToGiveOwnAddresses,
  lanOfOwn,
  ownGround,
  refuseForeign,
  refuseSeveralNetworks,
} from './own-addresses.ts';
import type { Reading } from './read-variables.ts';

export type HostNetwork = {
  readonly mode: NetworkMode;
  readonly lan: LanId;
  /** The host's interface; none for a bridge, and where rigs have the host's own addresses. */
  readonly parent: string | undefined;
  readonly subnet: string;
  /** Not known where the host's own addresses have no router. */
  readonly gateway: string | undefined;
  readonly range: AddressRange;
  readonly outside: Outside;
  /** Of `publish` alone: the network behind the published ports. */
  readonly inner: Inner | undefined;
  /** What the DHCP server hands out, as far as the operator has said it. */
  readonly dhcp: readonly Span[];
};

const modes = ['ipvlan', 'macvlan', 'bridge', 'publish', 'host'] as const satisfies readonly NetworkMode[];

const howToGiveARange =
  'write the addresses that rigs may have, say `192.168.23.100-192.168.23.131`, and keep them out of the DHCP server';

/** `undefined` only together with a fault. */
export const planNetwork = (reading: Reading, machine: Machine, host: HostName): HostNetwork | undefined => {
  const mode = reading.withDefault('WCS_NETWORK', oneOf(modes), 'ipvlan');
  const rangeText = reading.text('WCS_RANGE');
  if (rangeText === undefined) {
    const how = usesOwnAddresses(mode) ? howToGiveOwnAddresses(mode, machine) : howToGiveARange;
    reading.fault(`WCS_RANGE is missing; ${how}`);
  }
  const dhcp = readDhcp(reading);
  const { parent, subnet, gateway, own } = groundOf(reading, machine, mode, rangeText);
  if (subnet && mode !== 'bridge' && dhcp.length > 0 && overlapsOf(dhcp, [subnet.span]).length === 0) {
    reading.fault(
      `WCS_DHCP has no address in the subnet ${formatSubnet(subnet)}, so that it would guard nothing; correct it or leave it out`,
    );
  }
  const around = usesOwnAddresses(mode)
    ? { subnet: undefined, gateway, own: [], dhcp: [] }
    : { subnet, gateway, own, dhcp };
  const range = rangeText === undefined ? undefined : checkedRange(reading, rangeText, around);
  if (range && usesOwnAddresses(mode)) {
    refuseForeign(reading, mode, machine, range.spans);
    refuseSeveralNetworks(reading, machine, range.spans);
  }
  const lan = nameLan(reading, mode, host, subnet, gateway);
  const outside = readOutside(reading, range);
  const inner = planInner(reading, machine, mode, range);
  if (!range || !subnet || (gateway === undefined && !usesOwnAddresses(mode))) return undefined;
  return {
    mode,
    lan,
    parent,
    subnet: formatSubnet(subnet),
    gateway: gateway === undefined ? undefined : formatAddress(gateway),
    range,
    dhcp,
    outside,
    inner,
  };
};

const groundOf = (
  reading: Reading,
  machine: Machine,
  mode: NetworkMode,
  rangeText: string | undefined,
): Ground => {
  if (mode === 'bridge') return bridge(reading, machine, rangeText);
  if (!usesOwnAddresses(mode)) return parentNetwork(reading, machine);
  const first = rangeText === undefined ? undefined : firstAddressIn(rangeText);
  return { parent: undefined, own: [], ...ownGround(reading, machine, first) };
};

type Ground = {
  readonly parent: string | undefined;
  readonly subnet: Subnet | undefined;
  readonly gateway: AddressNumber | undefined;
  /** The host's own addresses. */
  readonly own: readonly AddressNumber[];
};

const readDhcp = (reading: Reading): readonly Span[] => {
  const text = reading.text('WCS_DHCP');
  if (text === undefined) return [];
  const dhcp = readSpans('WCS_DHCP', text);
  if (dhcp.kind === 'range') return dhcp.range.spans;
  for (const fault of dhcp.faults) reading.fault(fault);
  return [];
};

const checkedRange = (
  reading: Reading,
  text: string,
  around: Parameters<typeof readRange>[2],
): AddressRange | undefined => {
  const range = readRange('WCS_RANGE', text, around);
  if (range.kind === 'range') return range.range;
  for (const fault of range.faults) reading.fault(fault);
  return undefined;
};

/** In small letters: a host whose name changes in case keeps its LAN, and with it what is held there. */
const nameLan = (
  reading: Reading,
  mode: NetworkMode,
  host: HostName,
  subnet: Subnet | undefined,
  gateway: AddressNumber | undefined,
): LanId => {
  const given = reading.optional('WCS_LAN', lanName);
  if (mode === 'bridge') {
    if (given !== undefined) {
      reading.fault(
        "WCS_LAN does not go with `WCS_NETWORK=bridge`: a bridge is its host's own LAN; leave it out",
      );
    }
    return `bridge:${host.toLowerCase()}`;
  }
  if (given !== undefined) return given.toLowerCase();
  return subnet && (gateway !== undefined || usesOwnAddresses(mode)) ? lanOfOwn(subnet, gateway) : '';
};

// ── ipvlan and macvlan: the parent's LAN ────────────────────────────────────────────────────────────────────────────

const parentNetwork = (reading: Reading, machine: Machine): Ground => {
  const parent = chooseParent(reading, machine);
  const given = reading.optional('WCS_SUBNET', subnetForm);
  const route = machine.defaultRoute;
  const routed = route && route.interface === parent?.name ? parseAddress(route.gateway) : undefined;
  const ofParent = parent?.addresses.flatMap(subnetOf) ?? [];
  const subnet =
    given ?? ofParent.find(({ span }) => routed !== undefined && holds(span, routed)) ?? ofParent[0];
  if (parent && !subnet && reading.text('WCS_SUBNET') === undefined) {
    reading.fault(
      `WCS_SUBNET is missing, and ${parent.name} has no IPv4 address to read it from; write it, say \`192.168.23.0/24\``,
    );
  }
  const gateway = chooseGateway(reading, subnet, routed, parent?.name);
  const own = machine.interfaces.flatMap(({ addresses }) =>
    addresses.flatMap(({ address: text }) => parseAddress(text) ?? []),
  );
  return { parent: parent?.name, subnet, gateway, own };
};

const chooseParent = (reading: Reading, machine: Machine): NetworkInterface | undefined => {
  const given = reading.optional('WCS_PARENT', interfaceName);
  const real = machine.interfaces.filter(({ name }) => name !== 'lo').map(({ name }) => name);
  const here =
    real.length > 0 ? `this machine has ${real.join(', ')}` : 'this machine has no network interface';
  if (given !== undefined) {
    const found = machine.interfaces.find(({ name }) => name === given);
    if (found) return found;
    // Docker makes the VLAN interface `eth0.23` itself where `eth0` is there.
    if (/\.\d{1,4}$/.test(given) && real.includes(given.replace(/\.\d+$/, '')))
      return { name: given, addresses: [] };
    reading.fault(`WCS_PARENT is \`${given}\`, which is not there; ${here}`);
    return undefined;
  }
  if (reading.text('WCS_PARENT') !== undefined) return undefined;
  const routed = machine.interfaces.find(({ name }) => name === machine.defaultRoute?.interface);
  if (!routed) reading.fault(`WCS_PARENT is missing, and there is no default route to read it from; ${here}`);
  return routed;
};

const chooseGateway = (
  reading: Reading,
  subnet: Subnet | undefined,
  routed: AddressNumber | undefined,
  parent: string | undefined,
): AddressNumber | undefined => {
  const given = reading.optional('WCS_GATEWAY', address);
  if (given !== undefined) return insideSubnet(reading, given, subnet);
  if (reading.text('WCS_GATEWAY') !== undefined || !subnet) return undefined;
  if (routed !== undefined && holds(subnet.span, routed)) return routed;
  if (parent !== undefined) {
    const where = `${formatSubnet(subnet)} has no default route through ${parent} to read it from`;
    reading.fault(
      `WCS_GATEWAY is missing, and ${where}; write the router's address, or an unused one if there is none`,
    );
  }
  return undefined;
};

const insideSubnet = (
  reading: Reading,
  gateway: AddressNumber,
  subnet: Subnet | undefined,
): AddressNumber | undefined => {
  if (!subnet) return gateway;
  const { first, last } = subnet.span;
  if (gateway > first && gateway < last) return gateway;
  const ends = `from ${formatAddress(first + 1)} to ${formatAddress(last - 1)}`;
  reading.fault(
    `WCS_GATEWAY is \`${formatAddress(gateway)}\`; the subnet ${formatSubnet(subnet)} has addresses ${ends}`,
  );
  return undefined;
};

// ── bridge: a network of the host's own ─────────────────────────────────────────────────────────────────────────────

const bridge = (reading: Reading, machine: Machine, rangeText: string | undefined): Ground => {
  const start = rangeText === undefined ? undefined : firstAddressIn(rangeText);
  const given = reading.optional('WCS_SUBNET', subnetForm);
  const subnet = given ?? (start === undefined ? undefined : subnetAround(start, 24));
  const written = reading.optional('WCS_GATEWAY', address);
  const gateway =
    written === undefined ? subnet && subnet.span.first + 1 : insideSubnet(reading, written, subnet);
  if (subnet && gateway !== undefined) {
    for (const { name, clash } of clashesWith(machine, subnet, gateway)) {
      reading.fault(
        `WCS_SUBNET ${formatSubnet(subnet)} overlaps ${formatSubnet(clash)} on ${name}; a bridge needs a subnet of its own, say \`172.31.7.0/24\` with \`WCS_RANGE=172.31.7.10-172.31.7.19\``,
      );
    }
  }
  return { parent: undefined, subnet, gateway, own: [] };
};
