// `publish` and `host`: rigs lease addresses that the host itself has, on whichever of its interfaces.

import type { Machine } from '../machine.ts';
import { formatSpans } from '../rig/address-range.ts';
import {
  type AddressNumber,
  formatAddress,
  formatSubnet,
  holds,
  merged,
  parseAddress,
  type Span,
  type Subnet,
  subnetAround,
  without,
} from '../rig/ipv4.ts';
import type { NetworkMode } from '../rig/rig.ts';
import { address, subnet as subnetForm } from './forms.ts';
import type { Reading } from './read-variables.ts';

type OwnNetworkMode = NetworkMode & ('publish' | 'host');

type Own = { readonly interface: string; readonly address: AddressNumber; readonly prefix: number };

/** Without loopback, where nobody else comes; Docker's own bridges are no place for rigs either. */
const ownOf = ({ interfaces }: Machine): readonly Own[] =>
  interfaces
    .filter(({ name }) => name !== 'lo' && !/^(docker\d+|br-[0-9a-f]{12})$/.test(name))
    .flatMap(({ name, addresses }) =>
      addresses.flatMap(({ address: text, prefix }) => {
        const at = parseAddress(text);
        return at === undefined ? [] : [{ interface: name, address: at, prefix }];
      }),
    );

const single = ({ address: at }: Own): Span => ({ first: at, last: at });

/** For "WCS_RANGE is missing; …". */
export const howToGiveOwnAddresses = (mode: OwnNetworkMode, machine: Machine): string => {
  const own = ownOf(machine);
  const named = formatSpans(merged(own.map(single)));
  return own.length === 0
    ? `with \`WCS_NETWORK=${mode}\` rigs have addresses of this host, and it has none`
    : `write which of this host's own addresses rigs may have, of \`${named}\``;
};

/** Where the first address of the range is at home; a point-to-point or a single address says nothing of a LAN. */
export const ownGround = (
  reading: Reading,
  machine: Machine,
  first: AddressNumber | undefined,
): { readonly subnet: Subnet | undefined; readonly gateway: AddressNumber | undefined } => {
  const home = ownOf(machine).find((one) => one.address === first);
  const subnet =
    reading.optional('WCS_SUBNET', subnetForm) ??
    (home === undefined ? undefined : subnetAround(home.address, home.prefix));
  const route = machine.defaultRoute && parseAddress(machine.defaultRoute.gateway);
  const routed = subnet && route !== undefined && holds(subnet.span, route) ? route : undefined;
  return { subnet, gateway: reading.optional('WCS_GATEWAY', address) ?? routed };
};

/** Every address of the range has to be on an interface, now. */
export const refuseForeign = (
  reading: Reading,
  mode: OwnNetworkMode,
  machine: Machine,
  spans: readonly Span[],
): void => {
  const own = ownOf(machine);
  const foreign = without(spans, own.map(single));
  const [first] = foreign;
  if (first === undefined) return;
  const has =
    own.length === 0 ? 'this host has none' : `this host has \`${formatSpans(merged(own.map(single)))}\``;
  const beside = own.find(
    (one) => one.prefix <= 30 && holds(subnetAround(one.address, one.prefix).span, first.first),
  );
  const add =
    beside === undefined
      ? ''
      : `, and \`ip address add ${formatAddress(first.first)}/${beside.prefix} dev ${beside.interface}\` gives it one more`;
  reading.fault(
    `WCS_RANGE holds ${formatSpans(foreign)}, and with \`WCS_NETWORK=${mode}\` rigs have addresses of the host itself; ${has}${add}`,
  );
};

/** A worker is on one LAN: of an address that is at home in another one nobody there would know. Single addresses are at home nowhere. */
export const refuseSeveralNetworks = (reading: Reading, machine: Machine, spans: readonly Span[]): void => {
  if (reading.text('WCS_LAN') !== undefined) return;
  const homes = ownOf(machine)
    .filter(({ address: at, prefix }) => prefix <= 30 && spans.some((span) => holds(span, at)))
    .map(({ address: at, prefix }) => formatSubnet(subnetAround(at, prefix)));
  const [, ...others] = new Set(homes);
  if (others.length === 0) return;
  reading.fault(
    `WCS_RANGE holds addresses of several networks (${[...new Set(homes)].join(', ')}), and a worker is on one LAN; leave all but one out, or say with WCS_LAN that they are one`,
  );
};

/** `10.0.0.0/24@10.0.0.1`; without a router the subnet alone. */
export const lanOfOwn = (subnet: Subnet, gateway: AddressNumber | undefined): string =>
  gateway === undefined ? formatSubnet(subnet) : `${formatSubnet(subnet)}@${formatAddress(gateway)}`;
