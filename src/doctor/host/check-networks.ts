// The Docker network of the rigs among all others, and its subnet among what this machine reaches otherwise.

import { isOlderApi, type NetworkSeen } from '../../docker/engine-facts.ts';
import {
  formatSubnet,
  overlapOf,
  parseAddress,
  parseBlock,
  type Subnet,
  subnetAround,
} from '../../rig/ipv4.ts';
import { type Check, type Finding, well } from '../finding.ts';
import type { QuickFacts } from './facts.ts';
import type { Route } from './gather-routes.ts';
import { type DockerPlan, dockerPlanOf, linkKindOf } from './modes.ts';
import { doubtful, hurting, notSeen, wrong } from './verdicts.ts';

type Facts = Pick<QuickFacts, 'config' | 'networks'>;
type Plan = DockerPlan;

const subnetOf = (text: string): Subnet | undefined => parseBlock(text)?.subnet;

const overlaps = (one: string, other: string): boolean => {
  const [a, b] = [subnetOf(one), subnetOf(other)];
  return a !== undefined && b !== undefined && overlapOf(a.span, b.span) !== undefined;
};

/** `driver is macvlan and should be ipvlan`, and so on; nothing if rigs can be on it. */
const differencesOf = ({ driver, parent, subnets }: NetworkSeen, plan: Plan): readonly string[] => {
  const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['driver', driver, plan.driver],
    ['parent', parent, plan.parent],
    ['subnet', subnets.map(({ subnet }) => subnet).join(' + '), plan.subnet],
    ['gateway', subnets[0]?.gateway, plan.gateway],
  ];
  return rows
    .filter(([, is, should]) => is !== should)
    .map(([what, is = 'not set', should = 'not set']) => `its ${what} is ${is} and should be ${should}`);
};

const fits = (network: NetworkSeen, plan: Plan): boolean => differencesOf(network, plan).length === 0;

export const checkNetwork: Check<Facts> = ({ config, networks }) => {
  const plan = dockerPlanOf(config);
  if (plan === undefined) return [];
  if (networks.kind === 'unseen')
    return [notSeen('network', "Docker's networks", networks.why, '`docker network ls`')];
  const own = networks.value.find(({ name }) => name === plan.name);
  if (!own) {
    const other = networks.value.find((network) => fits(network, plan));
    return [
      well(
        'network',
        other
          ? `the Docker network ${other.name} fits: ${plan.driver} with ${plan.subnet}`
          : `the Docker network ${plan.name} is not there yet; the worker makes it`,
      ),
    ];
  }
  const differences = differencesOf(own, plan);
  if (differences.length === 0)
    return [well('network', `the Docker network ${plan.name} is as it should be`)];
  return [
    wrong(
      'network',
      `the Docker network ${plan.name} is not what the configuration says: ${differences.join('; ')}`,
      `\`docker network rm ${plan.name}\` when no rig uses it, and the worker makes it anew; or change the configuration`,
    ),
  ];
};

export const checkNetworkOverlap: Check<Facts> = ({ config, networks }) => {
  const plan = dockerPlanOf(config);
  if (plan === undefined || networks.kind === 'unseen') return [];
  const others = networks.value.filter((network) => network.name !== plan.name && !fits(network, plan));
  const found = others.flatMap((network) =>
    network.subnets
      .filter(({ subnet }) => overlaps(subnet, plan.subnet))
      .map(({ subnet }) => overlapFinding(network, subnet, plan)),
  );
  if (found.length > 0) return found;
  return [well('network-overlap', `no other Docker network overlaps ${plan.subnet}`)];
};

const overlapFinding = ({ name, driver }: NetworkSeen, subnet: string, plan: Plan): Finding =>
  wrong(
    'network-overlap',
    `the Docker network ${name} (${driver}) has ${subnet}, which overlaps ${plan.subnet}: Docker makes no second network there`,
    `\`docker network rm ${name}\` when nothing uses it; or give rigs another subnet (${plan.parent === undefined ? 'WCS_SUBNET and WCS_RANGE; with publish WCS_INNER_SUBNET' : 'WCS_SUBNET, WCS_RANGE'})`,
  );

/** From this API on (Docker 28) several macvlan networks may share an interface. */
const sharingApi = '1.48';

/** Docker takes one network of a kind for each interface. */
export const checkNetworkParent: Check<Facts & Pick<QuickFacts, 'engine'>> = ({
  config,
  networks,
  engine,
}) => {
  const plan = dockerPlanOf(config);
  const { mode, parent } = config.network;
  if (
    plan === undefined ||
    linkKindOf(mode) === undefined ||
    networks.kind === 'unseen' ||
    engine.kind === 'away'
  )
    return [];
  if (mode === 'macvlan' && !isOlderApi(engine.facts.api, sharingApi)) return [];
  if (networks.value.some((network) => network.name === plan.name || fits(network, plan))) return [];
  const others = networks.value.filter((network) => network.driver === mode && network.parent === parent);
  return others.map(({ name, subnets }) =>
    wrong(
      'network-parent',
      `Docker takes one ${mode} network for each interface, and ${name} (${subnets.map(({ subnet }) => subnet).join(', ')}) has ${parent} already`,
      `\`docker network rm ${name}\` when nothing uses it, or set WCS_PARENT to another interface`,
    ),
  );
};

/** A network that others use too, and that gives addresses to whoever names none: the first free one of its range. */
export const checkHandedOut: Check<Facts> = ({ config, networks }) => {
  const plan = dockerPlanOf(config);
  if (plan === undefined || networks.kind === 'unseen') return [];
  const own = networks.value.filter((network) => network.isOurs || fits(network, plan));
  return own.flatMap(({ name, isOurs, subnets }) => {
    if (isOurs) return [];
    const handed = subnets[0]?.ipRange ?? plan.subnet;
    return [
      doubtful(
        'network-handed-out',
        `the Docker network ${name} was made by hand, and gives an address out of ${handed} to any container that names none: one of the DHCP server's or of a rig's, too`,
        `\`docker network inspect ${name}\` names its containers; start them elsewhere, or with \`--ip\` and an address outside WCS_RANGE`,
      ),
    ];
  });
};

// ── what this machine reaches without it ────────────────────────────────────────────────────────────────────────────

/** A bridge takes the traffic of its subnet away from wherever it went before. */
export const checkRoutes: Check<Facts & Pick<QuickFacts, 'routes' | 'machine'>> = (facts) => {
  const { config, networks, routes, machine } = facts;
  const plan = dockerPlanOf(config);
  if (plan?.driver !== 'bridge') return [];
  const { name, subnet, gateway } = plan;
  if (routes.kind === 'unseen')
    return [notSeen('route-overlap', "this machine's routes", routes.why, '`ip route`')];
  const listed = networks.kind === 'seen' ? networks.value : [];
  const bridges = listed.filter((one) => one.name === name || fits(one, plan)).map(({ bridge }) => bridge);
  const withGateway = machine.interfaces.filter(({ addresses }) =>
    addresses.some(({ address }) => address === gateway),
  );
  const isOwn = (link: string): boolean =>
    bridges.includes(link) || withGateway.some((one) => one.name === link);
  const clashes = routes.value.filter(
    (route) => !isOwn(route.interface) && overlaps(formatSubnet(route.subnet), subnet),
  );
  if (clashes.length === 0) return [well('route-overlap', `this machine reaches nothing else at ${subnet}`)];
  return clashes.map((route) => routeFinding(route, subnet));
};

/** A part of what lies behind a wide route, a VPN's mostly, may be used by nobody; a network of that size or less is used. */
const routeFinding = (route: Route, subnet: string): Finding => {
  const isWider = route.subnet.prefix < (subnetOf(subnet)?.prefix ?? 0);
  const other = `${formatSubnet(route.subnet)} through ${route.interface}`;
  const mend =
    'give the bridge a subnet that is used nowhere, say `WCS_RANGE=172.31.7.10-172.31.7.19` with `WCS_SUBNET=172.31.7.0/24`; with publish `WCS_INNER_SUBNET=10.232.0.0/24`';
  if (isWider) {
    const says = `this machine reaches ${other}; who has an address of ${subnet} there is out of its reach, since the bridge has it`;
    return doubtful('route-overlap', says, mend);
  }
  if (route.subnet.prefix > (subnetOf(subnet)?.prefix ?? 0)) {
    const says = `this machine reaches ${other}, a part of ${subnet}: a rig on an address of it would not be reached`;
    return doubtful('route-overlap', says, mend);
  }
  return hurting(
    'route-overlap',
    `this machine reaches ${other}; a bridge with ${subnet} would take that traffic away`,
    mend,
  );
};

/** Rigs with another mask than their LAN reach a part of it through the gateway, or not at all. */
export const checkSubnet: Check<Pick<QuickFacts, 'config' | 'machine'>> = ({ config, machine }) => {
  const { mode, parent, subnet } = config.network;
  if (linkKindOf(mode) === undefined) return [];
  const own = machine.interfaces.find(({ name }) => name === parent)?.addresses ?? [];
  const subnets = own.flatMap(({ address, prefix }) => {
    const at = parseAddress(address);
    return at === undefined ? [] : [formatSubnet(subnetAround(at, prefix))];
  });
  if (subnets.length === 0 || subnets.includes(subnet)) {
    return [
      well(
        'subnet',
        subnets.length === 0
          ? `${parent} has no address to compare ${subnet} with`
          : `${subnet} is the subnet of ${parent}`,
      ),
    ];
  }
  return [
    doubtful(
      'subnet',
      `WCS_SUBNET is ${subnet}, but ${parent} is in ${subnets.join(', ')}: rigs and their neighbours may not find each other`,
      `set WCS_SUBNET=${subnets[0]}, unless the LAN has both`,
    ),
  ];
};
