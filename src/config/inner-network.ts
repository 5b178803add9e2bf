// Networks inside the host: that of a bridge, and the one behind the ports that `publish` publishes.

import type { Machine, NetworkInterface } from '../machine.ts';
import { type AddressRange, addressesOf } from '../rig/address-range.ts';
import {
  type AddressNumber,
  formatAddress,
  formatSubnet,
  overlapOf,
  parseAddress,
  type Subnet,
  sizeOf,
  subnetAround,
} from '../rig/ipv4.ts';
import type { NetworkMode } from '../rig/rig.ts';
import { subnet as subnetForm, wholeNumber } from './forms.ts';
import type { Reading } from './read-variables.ts';

export type Inner = {
  readonly subnet: string;
  readonly gateway: string;
  /** Each leased address has one inside, so that a rig can be told it before its container is started. */
  readonly inside: ReadonlyMap<string, string>;
  /** UDP ports that carry media, on both sides alike. */
  readonly media: { readonly first: number; readonly last: number };
};

export const subnetOf = ({
  address: text,
  prefix,
}: NetworkInterface['addresses'][number]): readonly Subnet[] => {
  const at = parseAddress(text);
  // A point-to-point address is no LAN.
  return at === undefined || prefix > 30 ? [] : [subnetAround(at, prefix)];
};

/** The interface that has the gateway's address is this network's own, made by an earlier start. */
export const clashesWith = (
  { interfaces }: Machine,
  { span }: Subnet,
  gateway: AddressNumber,
): readonly { readonly name: string; readonly clash: Subnet }[] =>
  interfaces.flatMap(({ name, addresses }) => {
    const others = addresses.filter(({ address: text }) => parseAddress(text) !== gateway).flatMap(subnetOf);
    const clash = others.find((other) => overlapOf(other.span, span));
    return clash === undefined ? [] : [{ name, clash }];
  });

/** Docker's own pools end below it (172.17.0.0 to 172.31.255.255 in /16s, then 192.168.0.0/16), so that it is rarely taken. */
const usualSubnet = subnetAround(parseAddress('10.231.0.0') ?? 0, 24);

/** The vendor's own first port for media; its range ends at 32000. */
const firstMediaPort = 31_001;

/** `undefined` but for `publish`; what is written is looked at in any case. */
export const planInner = (
  reading: Reading,
  machine: Machine,
  mode: NetworkMode,
  range: AddressRange | undefined,
): Inner | undefined => {
  const subnet = reading.withDefault('WCS_INNER_SUBNET', subnetForm, usualSubnet);
  const ports = reading.withDefault('WCS_MEDIA_PORTS', wholeNumber(2, 1000), 100);
  if (mode !== 'publish') return undefined;
  const gateway = subnet.span.first + 1;
  for (const { name, clash } of clashesWith(machine, subnet, gateway)) {
    reading.fault(
      `WCS_INNER_SUBNET ${formatSubnet(subnet)} overlaps ${formatSubnet(clash)} on ${name}; write one that this machine and its neighbours do not use, say \`10.232.0.0/24\``,
    );
  }
  if (!range) return undefined;
  const room = sizeOf([subnet.span]) - 3;
  const leased = addressesOf(range);
  if (leased.length > room) {
    reading.fault(
      `WCS_INNER_SUBNET ${formatSubnet(subnet)} has room for ${room} ${room === 1 ? 'rig' : 'rigs'}, and WCS_RANGE has ${leased.length} addresses; write a larger subnet or a smaller range`,
    );
  }
  return {
    subnet: formatSubnet(subnet),
    gateway: formatAddress(gateway),
    inside: new Map(leased.map((address, index) => [address, formatAddress(gateway + 1 + index)])),
    media: { first: firstMediaPort, last: firstMediaPort + ports - 1 },
  };
};
