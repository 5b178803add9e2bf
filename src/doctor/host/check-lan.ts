// Who is on the LAN already: the gateway that should be, and strangers on addresses of the range that should not.

import type { Machine } from '../../machine.ts';
import { proxyAddresses } from '../../rig/quarantine.ts';
import { usesOwnAddresses } from '../../rig/rig.ts';
import { type Check, type Finding, well } from '../finding.ts';
import { addressCount, named } from './count.ts';
import type { HostFacts, QuickFacts } from './facts.ts';
import type { Answer, LanFacts, Question } from './gather-lan.ts';
import { linkKindOf } from './modes.ts';
import { doubtful, notSeen, wrong } from './verdicts.ts';

type Facts = Pick<HostFacts, 'config' | 'machine' | 'lan' | 'heldElsewhere'>;
type Asked = Extract<LanFacts, { kind: 'asked' }>;
type Stranger = { readonly address: string; readonly mac: string };

/** A finding names so many; the rest is counted. */
const mostNamed = 5;

export const checkArping: Check<Facts> = ({ lan }) => {
  if (lan.kind === 'nobody-to-ask') return [];
  if (lan.kind === 'asked') return [well('arping', 'arping is there to ask who is on an address')];
  return [
    doubtful(
      'arping',
      'arping of iputils is not installed, so that nobody looks whether an address is free before a rig gets it',
      'Debian: `sudo apt-get install iputils-arping`',
    ),
  ];
};

const isOwn = (address: string, { interfaces }: Machine): boolean =>
  interfaces.some(({ addresses }) => addresses.some((one) => one.address === address));

/** A host and its own ipvlan or macvlan rigs do not reach each other. */
export const checkOwnGateway: Check<Pick<QuickFacts, 'config' | 'machine'>> = ({ config, machine }) => {
  const { mode, gateway } = config.network;
  if (linkKindOf(mode) === undefined || gateway === undefined || !isOwn(gateway, machine)) return [];
  return [
    wrong(
      'gateway',
      `the gateway ${gateway} is this host's own address, which its own ${mode} rigs cannot reach: they have no way out of the LAN`,
      'set WCS_GATEWAY to the router of the LAN; a host that is the router itself cannot have such rigs',
    ),
  ];
};

export const checkGateway: Check<Facts> = ({ machine, lan }) => {
  if (lan.kind !== 'asked' || lan.gateway === undefined) return [];
  const { address, probe } = lan.gateway;
  if (isOwn(address, machine)) return [];
  switch (probe.kind) {
    case 'answered':
      return [well('gateway', `the gateway ${address} answers (${probe.mac})`)];
    case 'silent':
      return [
        doubtful(
          'gateway',
          `nobody answers as the gateway ${address}: rigs reach their LAN and nothing beyond it, no licence server and no VPN`,
          'set WCS_GATEWAY to the router: `ip route show default`; if the LAN has none, all is as it should be',
        ),
      ];
    case 'failed':
      return [notSeen('gateway', `the gateway ${address}`, probe.why, manually(lan.gateway))];
  }
};

/** `-D`: it asks without an address of its own. */
const manually = ({ address, through }: Question): string =>
  `\`sudo arping -D -c 2 -I ${through} ${address}\``;

export const checkStrangers: Check<Facts> = (facts) => {
  const { lan, heldElsewhere } = facts;
  if (lan.kind !== 'asked' || lan.range.length === 0) return [];
  const unable = lan.range.flatMap(({ probe, ...question }) =>
    probe.kind === 'failed' ? [{ ...question, why: probe.why }] : [],
  );
  const [first] = unable;
  const trouble =
    first === undefined
      ? []
      : [
          notSeen(
            'range-answers',
            `${unable.length} of the ${addressCount(lan.range.length)} of the range`,
            first.why,
            manually(first),
          ),
        ];
  const plain = lan.range.flatMap(strangerOf).filter(({ address }) => !heldElsewhere.has(address));
  const forOthers = lan.asNeighbour.flatMap(strangerOf);
  const proxies = new Set([...proxiesAmong(plain), ...forOthers.map(({ mac }) => mac)]);
  const answers = [...plain, ...forOthers];
  const strangers = plain.filter(({ mac }) => !proxies.has(mac));
  const found = [
    ...trouble,
    ...[...proxies].map((mac) => proxyFinding(mac, answers, lan)),
    ...(strangers.length > 0 ? [strangersFinding(strangers, facts, lan)] : []),
  ];
  return found.length > 0 ? found : [well('range-answers', silentSentence(lan))];
};

const silentSentence = ({ range, left }: Asked): string =>
  left > 0
    ? `nobody answers on the first ${addressCount(range.length)} of the range; ${left} more were not asked`
    : `nobody answers on the ${addressCount(range.length)} of the range`;

const strangerOf = ({ address, probe }: Answer): readonly Stranger[] =>
  probe.kind === 'answered' ? [{ address, mac: probe.mac }] : [];

/** Whoever answers for several addresses answers for others. */
const proxiesAmong = (answers: readonly Stranger[]): readonly string[] =>
  [...Map.groupBy(answers, ({ mac }) => mac)]
    .filter(([, all]) => all.length >= proxyAddresses)
    .map(([mac]) => mac);

const isGateway = (mac: string, { gateway }: Asked): boolean =>
  gateway?.probe.kind === 'answered' && gateway.probe.mac === mac;

const proxyFinding = (mac: string, answers: readonly Stranger[], lan: Asked): Finding => {
  const its = answers.filter((one) => one.mac === mac).map(({ address }) => address);
  const who = isGateway(mac, lan) ? `the gateway (${mac})` : `one machine (${mac})`;
  return wrong(
    'proxy-arp',
    `${who} answers for ${named(its, mostNamed)} of the range: that is proxy ARP, and neighbours may send a rig's packets there`,
    'switch proxy ARP off there (Linux: `sudo sysctl net.ipv4.conf.all.proxy_arp=0`, and so for its interface), or take these addresses off it or out of WCS_RANGE',
  );
};

const strangersFinding = (strangers: readonly Stranger[], { config }: Facts, lan: Asked): Finding => {
  const who = named(
    strangers.map(({ address, mac }) => `${address} (${mac}${isGateway(mac, lan) ? ', the gateway' : ''})`),
    mostNamed,
  );
  if (usesOwnAddresses(config.network.mode)) {
    return wrong(
      'range-answers',
      `another machine answers on this host's own ${who}: both have it, and callers reach either`,
      'take the address from one of the two: `ip neigh` and the switch say where that MAC address is',
    );
  }
  const mend =
    'take that machine off the address, or the address out of WCS_RANGE (and WCS_DHCP, if the DHCP server gave it)';
  if (config.rangeShared) {
    return doubtful(
      'range-answers',
      `somebody answers on ${who} of the range: rigs of hosts that share it (WCS_RANGE_SHARED), or strangers`,
      `\`/wcs addresses\` in Slack shows which of them are rigs; for others ${mend}`,
    );
  }
  return wrong('range-answers', `somebody answers on ${who} of the range, where a rig would be`, mend);
};
