// Who reaches the probe rig, one finding each. Pure.

import { assertNever } from '../../rig/assert-never.ts';
import { type Duration, second } from '../../rig/duration.ts';
import { isOpen, type PortOutcome, type PortReach } from '../../rig/reach.ts';
import type { HostName, NetworkMode } from '../../rig/rig.ts';
import { count, listText, shortTime } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import type { HostReach, Probed } from './facts.ts';

const check = 'probe-reach';

/** `8444 in 2 ms, 8443 in 1 ms` */
const openText = (ports: readonly PortReach[]): string =>
  ports
    .flatMap(({ port, outcome }) => (outcome.kind === 'open' ? [`${port} in ${outcome.took} ms`] : []))
    .join(', ');

const outcomeText = (outcome: PortOutcome): string => {
  switch (outcome.kind) {
    case 'open':
      return 'is open';
    case 'closed':
      return 'is refused';
    case 'silent':
      return 'is silent';
    case 'no-way':
      return `has no way there (${outcome.code})`;
    default:
      return assertNever(outcome);
  }
};

/** `8444 is silent, 8443 is refused`; the same word for all is said once. */
const closedText = (ports: readonly PortReach[]): string => {
  const groups = Map.groupBy(ports, ({ outcome }) => outcomeText(outcome));
  return [...groups]
    .map(
      ([said, all]) =>
        `${listText(all.map(({ port }) => String(port)))} ${all.length === 1 ? said : said.replace(/^is /, 'are ').replace(/^has /, 'have ')}`,
    )
    .join(', ');
};

/** What mostly keeps a neighbour from a rig, by how rigs are on the network. */
const ways: Readonly<Record<NetworkMode, string>> = {
  macvlan:
    'the switch port or the hypervisor of this host has to take several MACs (promiscuous mode, forged transmits); if it will not, WCS_NETWORK=ipvlan',
  ipvlan:
    'a firewall or a VLAN between the two: look at both ends with `tcpdump -ni PARENT arp or port 8444`',
  bridge: 'WCS_NETWORK=ipvlan or macvlan, if others are to reach rigs',
  publish: 'a firewall on this host (`nft list ruleset`): open the ports of rigs',
  host: 'a firewall on this host (`nft list ruleset`): open the ports of rigs',
};

export const checkOthers = (probed: Probed, host: HostName, mode: NetworkMode): readonly Finding[] => {
  const { others, unasked, address } = probed;
  if (mode === 'bridge')
    return [
      well(check, `nobody but ${host} reaches its rigs: they are on a bridge inside of it, for trying out`),
    ];
  if (others.length === 0) return [alone(probed)];
  const rest =
    unasked === 0
      ? []
      : [
          well(
            check,
            `${count(unasked, 'other host')} of this LAN ${unasked === 1 ? 'was' : 'were'} not asked`,
          ),
        ];
  return [...others.flatMap((one) => [reached(one, address, host, mode), ...clockOf(one)]), ...rest];
};

const reached = (
  { host: other, version, says }: HostReach,
  address: string,
  host: HostName,
  mode: NetworkMode,
): Finding => {
  const rig = `a rig of ${host} at ${address}`;
  if (says.kind === 'no-answer')
    return doubtful(
      check,
      `${other} did not answer within ${shortTime(says.waited)} whether it reaches ${rig}: its worker is of an older version (${version}), or hangs`,
      `\`docker compose logs worker\` on ${other}`,
    );
  const { saw } = says.answer;
  if (saw.kind === 'refused')
    return doubtful(
      check,
      `${other} did not try to reach ${rig}: ${saw.why}`,
      `the same LAN and WCS_READY_PORTS on ${other} and ${host}`,
    );
  const { ports } = saw;
  if (ports.every(isOpen)) return well(check, `${other} reaches ${rig} (${openText(ports)})`);
  const partly = ports.some(isOpen) ? ` (${openText(ports)})` : '';
  const closed = closedText(ports.filter((one) => !isOpen(one)));
  return partly === ''
    ? wrong(check, `${other} does not reach ${rig}: ${closed}`, ways[mode])
    : wrong(
        check,
        `${other} reaches ${rig} in part only${partly}: ${closed}`,
        'a firewall lets some ports through: open those of WCS_READY_PORTS, and those of media',
      );
};

const apart: Duration = 2 * second;

/** What the answer says on the side. */
const clockOf = ({ host, says }: HostReach): readonly Finding[] => {
  if (says.kind !== 'answered' || Math.abs(says.answer.skew) <= apart) return [];
  const { skew } = says.answer;
  return [
    doubtful(
      'fleet-clock',
      `the clock of ${host} is ${shortTime(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Redis': leases go by Redis' clock, its logs have the wrong time`,
      `\`timedatectl set-ntp true\` on ${host}`,
    ),
  ];
};

const alone = ({ address, colleagues }: Probed): Finding => {
  if (colleagues !== undefined && colleagues.seen.length > 0)
    return well(check, `${listText(colleagues.seen)} reached it while it was up`);
  const none = 'no other worker is on this LAN that could try to reach it';
  return colleagues === undefined
    ? doubtful(
        check,
        none,
        '`doctor host --wait 60s`, and meanwhile open the address that it says from where users sit',
      )
    : doubtful(
        check,
        `${none}, and nobody came within ${shortTime(colleagues.waited)}`,
        `open https://${address}:8444 from where users sit, while \`doctor host --wait 5m\` runs`,
      );
};

const reachesItself: ReadonlySet<NetworkMode> = new Set(['bridge', 'publish', 'host']);

export const checkSelf = ({ own, address }: Probed, host: HostName, mode: NetworkMode): Finding => {
  const self = 'probe-self';
  const isReached = own.every(isOpen);
  const itself = `${host} itself`;
  if (reachesItself.has(mode))
    return isReached
      ? well(self, `${itself} reaches it (${openText(own)})`)
      : wrong(
          self,
          `${itself} does not reach it at ${address}: ${closedText(own.filter((one) => !isOpen(one)))}`,
          ways.host,
        );
  return isReached
    ? well(self, `${itself} reaches it as well (${openText(own)})`)
    : well(self, `${itself} does not reach it, as is usual with ${mode}`);
};
